// The files and the environment that make a RabbitMQ node private: nothing of the machine's own RabbitMQ is read or used.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every fresh broker has this user; it may come from the loopback interface only. */
export const USER = 'guest';
export const PASSWORD = 'guest';

/**
 * @typedef {object} NodeLayout
 * @property {string} dir everything the node writes is below it
 * @property {string} nodename
 * @property {string} cookie
 * @property {number} epmdPort
 * @property {number} distPort
 * @property {number} amqpPort
 * @property {number} [managementPort] without one the management plugin is off
 * @property {readonly string[]} plugins
 * @property {readonly string[]} config further lines of rabbitmq.conf
 * @property {import('./broker.mjs').BrokerTls & { port: number, managementPort: number }} [tls]
 */

/** @param {NodeLayout} layout */
export async function writeNodeFiles(layout) {
  const { dir, managementPort, plugins } = layout;
  await mkdir(join(dir, 'home'), { recursive: true });
  await writeFile(join(dir, 'home', '.erlang.cookie'), layout.cookie, { mode: 0o400 });
  const enabled = [...(managementPort === undefined ? [] : ['rabbitmq_management']), ...plugins];
  await writeFile(join(dir, 'enabled_plugins'), `[${[...new Set(enabled)].join(',')}].\n`);
  await writeFile(join(dir, 'rabbitmq.conf'), `${configLines(layout).join('\n')}\n`);
}

/**
 * @param {NodeLayout} layout
 * @returns {NodeJS.ProcessEnv}
 */
export function nodeEnvironment({ dir, nodename, epmdPort, distPort }) {
  return {
    ...process.env,
    HOME: join(dir, 'home'),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: nodename,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
}

/** @param {NodeLayout} layout */
function configLines({ amqpPort, managementPort, tls, config }) {
  return [
    `listeners.tcp.1 = 127.0.0.1:${amqpPort}`,
    'disk_free_limit.absolute = 50MB',
    ...(managementPort === undefined
      ? []
      : ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${managementPort}`]),
    ...(tls === undefined
      ? []
      : [
          `listeners.ssl.1 = 127.0.0.1:${tls.port}`,
          `ssl_options.cacertfile = ${tls.cacertfile}`,
          `ssl_options.certfile = ${tls.certfile}`,
          `ssl_options.keyfile = ${tls.keyfile}`,
          'ssl_options.verify = verify_peer',
          `ssl_options.fail_if_no_peer_cert = ${tls.clientsMustIdentify === true}`,
        ]),
    ...(tls === undefined || managementPort === undefined
      ? []
      : [
          'management.ssl.ip = 127.0.0.1',
          `management.ssl.port = ${tls.managementPort}`,
          `management.ssl.cacertfile = ${tls.cacertfile}`,
          `management.ssl.certfile = ${tls.certfile}`,
          `management.ssl.keyfile = ${tls.keyfile}`,
        ]),
    ...config,
  ];
}
