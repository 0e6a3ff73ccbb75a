// Private RabbitMQ brokers on free ports of the loopback interface.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeEnvironment, PASSWORD, USER, writeNodeFiles } from './brokerFiles.mjs';
import { CHROOT_USER, inDebianRoot } from './debianRoot.mjs';
import { startDockerBroker } from './dockerBroker.mjs';
import { own, spawnOwned, temporaryFolder } from './owned.mjs';
import { freePort, freePorts } from './ports.mjs';
import { killGroup, readPid, signal } from './processes.mjs';
import { ensureRabbitmq } from './rabbitmq.mjs';
import { answersAmqp, answersHttp, answersTcp, basicAuthorization, until } from './ready.mjs';
import { run, tail } from './run.mjs';

/**
 * @typedef {object} BrokerTls
 * @property {string} cacertfile of the authority that client certificates must come from
 * @property {string} certfile
 * @property {string} keyfile
 * @property {boolean} [clientsMustIdentify] whether a client without a certificate is refused; of AMQP only
 */

/**
 * @typedef {object} BrokerOptions
 * @property {number} [amqpPort] a free one unless given
 * @property {number | false} [managementPort] a free one unless given; false: without the management plugin
 * @property {readonly string[]} [plugins] besides rabbitmq_management
 * @property {readonly string[]} [config] further lines of rabbitmq.conf
 * @property {BrokerTls} [tls] adds a TLS listener for AMQP, and one for the management API where that is on
 * @property {string} [nodename] such as `a@localhost`
 * @property {string} [dir] the data folder, kept on dispose; a temporary one unless given
 * @property {import('./rabbitmq.mjs').Rabbitmq} [rabbitmq] which one to run; this machine's own unless given
 */

/**
 * @typedef {object} Broker
 * @property {number} amqpPort
 * @property {number | undefined} tlsPort
 * @property {number | undefined} managementPort
 * @property {string} amqpUrl with the password
 * @property {string | undefined} amqpsUrl
 * @property {string | undefined} managementUrl without credentials or a slash at its end
 * @property {string | undefined} managementTlsUrl the same over TLS
 * @property {string} user
 * @property {string} password
 * @property {string} nodename
 * @property {string} dir
 * @property {number | undefined} pid of the Erlang machine while it runs
 * @property {() => Promise<void>} stop as an administrator would: closes connections, writes everything down
 * @property {() => Promise<void>} kill -9, and gone when this settles
 * @property {() => Promise<void>} start again on the same data and ports; ready when this settles
 * @property {() => Promise<void>} restart stop and start
 * @property {(...args: string[]) => Promise<string>} ctl rabbitmqctl, about a second a call
 * @property {() => Promise<void>} dispose removes processes and data
 */

/** A line of configuration for whoever waits for counts of the management API: they are so many milliseconds late, not 5,000. */
export const PROMPT_COUNTS = 'collect_statistics_interval = 500';

const START_MS = 60_000;
const STOP_MS = 30_000;

/** One for all nodes of this process, so that they can join each other in a cluster. */
const cookie = randomBytes(15).toString('hex').toUpperCase();

/** @type {Promise<number> | undefined} */
let epmdPort;

/**
 * Starts a broker, ready when this settles. It ends with this process at the latest.
 * @param {BrokerOptions} [options]
 * @returns {Promise<Broker>}
 */
export async function startBroker(options = {}) {
  const rabbitmq = options.rabbitmq ?? (await ensureRabbitmq());
  if (rabbitmq.kind === 'docker') return startDockerBroker(rabbitmq.image, options);
  const [amqp, management, tlsPort, managementTlsPort, distPort] = await freePorts(5);
  const temporary = options.dir === undefined ? temporaryFolder('broker') : undefined;
  const dir = options.dir ?? temporary?.path ?? '';
  await mkdir(dir, { recursive: true });
  const managementPort = options.managementPort ?? management;
  const layout = {
    dir,
    nodename: options.nodename ?? `warren-${randomBytes(4).toString('hex')}@localhost`,
    cookie,
    epmdPort: await (epmdPort ??= startEpmd(rabbitmq.epmd)),
    distPort: distPort ?? 0,
    amqpPort: options.amqpPort ?? amqp ?? 0,
    plugins: options.plugins ?? [],
    config: options.config ?? [],
    ...(managementPort === false || managementPort === undefined ? {} : { managementPort }),
    ...(options.tls === undefined || tlsPort === undefined || managementTlsPort === undefined
      ? {}
      : { tls: { ...options.tls, port: tlsPort, managementPort: managementTlsPort } }),
  };
  await rm(join(dir, 'home', '.erlang.cookie'), { force: true });
  await writeNodeFiles(layout);
  if (rabbitmq.root !== undefined) await run('chown', ['-R', `${CHROOT_USER}:${CHROOT_USER}`, dir]);

  const broker = new LocalBroker(layout, rabbitmq, temporary);
  try {
    await broker.start();
  } catch (error) {
    await broker.dispose();
    throw error;
  }
  return broker;
}

/** @implements {Broker} */
class LocalBroker {
  user = USER;
  password = PASSWORD;
  #layout;
  #rabbitmq;
  #environment;
  #temporary;
  #pidFile;
  #release;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /**
   * @param {import('./brokerFiles.mjs').NodeLayout} layout
   * @param {import('./rabbitmq.mjs').LocalRabbitmq} rabbitmq
   * @param {{ remove: () => void } | undefined} temporary
   */
  constructor(layout, rabbitmq, temporary) {
    this.#layout = layout;
    this.#rabbitmq = rabbitmq;
    this.#temporary = temporary;
    this.#environment = nodeEnvironment(rabbitmq.root === undefined ? layout : { ...layout, dir: '/mnt' });
    this.#pidFile = join(layout.dir, 'pid');
    this.#release = own({ pidFile: this.#pidFile });
  }

  get amqpPort() {
    return this.#layout.amqpPort;
  }
  get tlsPort() {
    return this.#layout.tls?.port;
  }
  get managementPort() {
    return this.#layout.managementPort;
  }
  get amqpUrl() {
    return `amqp://${USER}:${PASSWORD}@127.0.0.1:${this.amqpPort}`;
  }
  get amqpsUrl() {
    return this.tlsPort === undefined ? undefined : `amqps://${USER}:${PASSWORD}@localhost:${this.tlsPort}`;
  }
  get managementUrl() {
    return this.managementPort === undefined ? undefined : `http://127.0.0.1:${this.managementPort}`;
  }
  get managementTlsUrl() {
    const { tls } = this.#layout;
    return tls === undefined || this.managementPort === undefined
      ? undefined
      : `https://localhost:${tls.managementPort}`;
  }
  get nodename() {
    return this.#layout.nodename;
  }
  get dir() {
    return this.#layout.dir;
  }
  get pid() {
    const pid = readPid(this.#pidFile);
    return pid !== undefined && signal(pid, 0) ? pid : undefined;
  }

  async start() {
    await rm(this.#pidFile, { force: true });
    let output = '';
    const child = spawnOwned(...this.#command('rabbitmq-server', []), {
      env: this.#environment,
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
    let ended = false;
    child.once('exit', () => (ended = true));
    child.once('error', () => (ended = true));
    this.#child = child;
    const authorization = basicAuthorization(USER, PASSWORD);
    const { managementUrl } = this;
    try {
      await until(
        async () =>
          (await answersAmqp(this.amqpPort)) &&
          (managementUrl === undefined || answersHttp(`${managementUrl}/api/whoami`, { authorization })),
        {
          timeoutMs: START_MS,
          describe: 'RabbitMQ did not start',
          giveUp: () => (ended ? 'it ended' : undefined),
        },
      );
    } catch (error) {
      if (error instanceof Error) error.message += `\n${firstErrors(output + (await this.#log())) || tail(output)}`;
      throw error;
    }
  }

  async stop() {
    const { pid } = this;
    if (pid === undefined) return;
    signal(pid, 'SIGTERM');
    await this.#gone();
  }

  async kill() {
    const { pid } = this;
    // The start script reaps it and ends; killed together, a slow init process would be left to do that.
    if (pid !== undefined) signal(pid, 'SIGKILL');
    await this.#gone();
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** @param {string[]} args */
  ctl(...args) {
    return run(...this.#command('rabbitmqctl', ['-n', this.nodename, ...args]), { env: this.#environment });
  }

  /**
   * @param {string} program of RabbitMQ
   * @param {string[]} args
   * @returns {[string, string[]]}
   */
  #command(program, args) {
    const { sbin, root } = this.#rabbitmq;
    const path = join(sbin, program);
    return root === undefined ? [path, args] : inDebianRoot(root, this.dir, [path, ...args]);
  }

  async dispose() {
    if (this.pid === undefined && this.#child?.pid !== undefined) killGroup(this.#child.pid);
    await this.kill();
    this.#release();
    this.#temporary?.remove();
  }

  /** Gone is the whole process group: the start script, the Erlang machine and its helpers. */
  #gone() {
    const leader = this.#child?.pid;
    return until(() => this.pid === undefined && (leader === undefined || !signal(-leader, 0)), {
      timeoutMs: STOP_MS,
      describe: 'RabbitMQ did not stop',
    });
  }

  async #log() {
    const folder = join(this.dir, 'log');
    const names = await readdir(folder).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
    return texts.join('\n');
  }
}

/**
 * What a broker's log complains of first: the crash reports after it say nothing new.
 * @param {string} log
 */
function firstErrors(log) {
  const errors = log.split('\n').flatMap((line) => /\[error\] <\S+> (\S.*)/.exec(line)?.[1] ?? []);
  return errors.slice(0, 5).join('\n');
}

/**
 * The port mapper of all our nodes, in the foreground and ours: a node would start one as a daemon that stays.
 * @param {string} program
 * @returns {Promise<number>}
 */
async function startEpmd(program) {
  const port = await freePort();
  const child = spawnOwned(program, ['-port', String(port), '-address', '127.0.0.1'], { stdio: 'ignore' });
  child.once('exit', () => (epmdPort = undefined));
  // It must not keep a script alive that has disposed of its brokers; it ends with it.
  child.unref();
  await until(() => answersTcp(port), { timeoutMs: 10_000, describe: 'epmd did not start' });
  return port;
}
