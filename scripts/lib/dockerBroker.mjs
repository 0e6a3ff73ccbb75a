// A private broker in a container, for machines with a Docker engine and no RabbitMQ.
import { randomBytes } from 'node:crypto';
import { PASSWORD, USER } from './brokerFiles.mjs';
import { own } from './owned.mjs';
import { freePorts } from './ports.mjs';
import { removeAll } from './processes.mjs';
import { answersAmqp, answersHttp, basicAuthorization, until } from './ready.mjs';
import { capture, PlainError, run } from './run.mjs';

/** The first start may have to pull the image. */
const START_MS = 120_000;

/**
 * @param {string} image
 * @param {import('./broker.mjs').BrokerOptions} options
 * @returns {Promise<import('./broker.mjs').Broker>}
 */
export async function startDockerBroker(image, options) {
  const { plugins = [], config = [], tls, dir } = options;
  if (tls !== undefined || config.length > 0 || dir !== undefined) {
    throw new PlainError('This needs a RabbitMQ installed on this machine: Docker serves the standard broker only.');
  }
  const [amqp = 0, management = 0] = await freePorts(2);
  const amqpPort = options.amqpPort ?? amqp;
  const managementPort = options.managementPort === false ? undefined : (options.managementPort ?? management);
  const managementUrl = managementPort === undefined ? undefined : `http://127.0.0.1:${managementPort}`;
  const authorization = basicAuthorization(USER, PASSWORD);
  const name = `warren-${randomBytes(4).toString('hex')}`;
  const release = own({ container: name });
  const publish = [`127.0.0.1:${amqpPort}:5672`, ...(managementPort ? [`127.0.0.1:${managementPort}:15672`] : [])];

  const ready = () =>
    until(
      async () =>
        (await answersAmqp(amqpPort)) &&
        (managementUrl === undefined || answersHttp(`${managementUrl}/api/whoami`, { authorization })),
      { timeoutMs: START_MS, describe: `RabbitMQ in the container ${name} did not start` },
    );
  /** @type {import('./broker.mjs').Broker} */
  const broker = {
    amqpPort,
    tlsPort: undefined,
    managementPort,
    amqpUrl: `amqp://${USER}:${PASSWORD}@127.0.0.1:${amqpPort}`,
    amqpsUrl: undefined,
    managementUrl,
    managementTlsUrl: undefined,
    user: USER,
    password: PASSWORD,
    nodename: 'rabbit@warren',
    dir: '/var/lib/rabbitmq',
    pid: undefined,
    stop: async () => void (await docker('stop', name)),
    kill: async () => void (await docker('kill', name)),
    start: async () => {
      await docker('start', name);
      await ready();
    },
    restart: async () => {
      await broker.stop();
      await broker.start();
    },
    ctl: (...args) => docker('exec', name, 'rabbitmqctl', ...args),
    dispose: async () => {
      removeAll([{ container: name }]);
      release();
    },
  };
  try {
    // The node's name has the host name in it: a fixed one finds its data again after a restart.
    await docker(
      'run',
      '--detach',
      '--name',
      name,
      '--hostname',
      'warren',
      ...publish.flatMap((p) => ['-p', p]),
      image,
    );
    await ready();
    if (plugins.length > 0) await broker.ctl('eval', `rabbit_plugins:ensure([${plugins.join(',')}]).`);
  } catch (error) {
    const { output } = await capture('docker', ['logs', '--tail', '20', name]);
    await broker.dispose();
    if (error instanceof Error) error.message += `\n${output}`;
    throw error;
  }
  return broker;
}

/** @param {string[]} args */
function docker(...args) {
  return run('docker', args);
}
