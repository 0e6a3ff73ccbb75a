// A RabbitMQ to run: found on the machine, installed, or by Docker.
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { aptInstall, canInstall } from './apt.mjs';
import { ensureDebianRoot } from './debianRoot.mjs';
import { capture, isExecutable, onPath, PlainError } from './run.mjs';

/**
 * @typedef {{ kind: 'local', sbin: string, epmd: string, root?: string }} LocalRabbitmq
 * `sbin` is the folder with rabbitmq-server and rabbitmqctl, inside of `root` where that is given.
 */
/** @typedef {LocalRabbitmq | { kind: 'docker', image: string }} Rabbitmq */

/** Debian's package keeps its own scripts here; the ones on PATH there refuse all users but root and rabbitmq. */
const DEBIAN_LIB = '/usr/lib/rabbitmq/lib';
const HOMEBREW = ['/opt/homebrew/opt/rabbitmq/sbin', '/usr/local/opt/rabbitmq/sbin'];
const DOCKER_IMAGE = 'rabbitmq:4-management';

/**
 * RabbitMQ as installed on this machine.
 * @returns {Promise<Rabbitmq | undefined>}
 */
async function findRabbitmq() {
  const debian = await readdir(DEBIAN_LIB).catch(() => []);
  const server = await onPath('rabbitmq-server');
  const candidates = [
    ...debian.filter((name) => name.startsWith('rabbitmq_server-')).map((name) => join(DEBIAN_LIB, name, 'sbin')),
    ...HOMEBREW,
    ...(server === undefined ? [] : [dirname(server)]),
  ];
  for (const sbin of candidates) {
    if (!(await isExecutable(join(sbin, 'rabbitmq-server')))) continue;
    const epmd = await findEpmd();
    if (epmd !== undefined) return { kind: 'local', sbin, epmd };
  }
  return undefined;
}

/**
 * @typedef {object} Machine what can be had of RabbitMQ on a machine, and how
 * @property {() => Promise<Rabbitmq | undefined>} find
 * @property {() => Promise<boolean>} canInstall without asking anyone
 * @property {() => Promise<void>} install
 * @property {() => Promise<boolean>} hasDocker
 */

/** @type {Machine} */
const thisMachine = {
  find: findRabbitmq,
  canInstall,
  install: () => aptInstall(['rabbitmq-server']),
  hasDocker: async () => (await capture('docker', ['info'], { timeoutMs: 10_000 })).code === 0,
};

/**
 * RabbitMQ from this machine; installed by apt where we are root on Debian; else by Docker where an engine answers.
 * @param {(message: string) => void} [say]
 * @param {Machine} [machine] another one, for tests
 * @returns {Promise<Rabbitmq>}
 * @throws {PlainError} with the ways to get one
 */
export async function ensureRabbitmq(say = () => undefined, machine = thisMachine) {
  const found = await machine.find();
  if (found !== undefined) return found;
  if (await machine.canInstall()) {
    say('Installing RabbitMQ (apt) …');
    await machine.install();
    const installed = await machine.find();
    if (installed !== undefined) return installed;
  }
  if (await machine.hasDocker()) return { kind: 'docker', image: DOCKER_IMAGE };
  throw new PlainError(
    'There is no RabbitMQ here. Two ways to get one:\n' +
      '  - install it (apt install rabbitmq-server, brew install rabbitmq) or start Docker: a private broker is then\n' +
      '    run for you on free ports, and removed afterwards;\n' +
      '  - use one that is running: WARREN_AMQP_URL=amqp://user:password@host npm start',
  );
}

/**
 * RabbitMQ 4.0, of the Debian release that has it, beside the one of this machine.
 * @param {(message: string) => void} [say]
 * @returns {Promise<LocalRabbitmq>}
 * @throws {PlainError} why it cannot be had here
 */
export async function ensureRabbitmq4(say) {
  const epmd = await findEpmd();
  if (epmd === undefined) throw new PlainError('there is no epmd');
  const root = await ensureDebianRoot('trixie', 'rabbitmq-server', say);
  const [server] = await readdir(join(root, DEBIAN_LIB));
  if (server === undefined) throw new PlainError('Debian trixie has no RabbitMQ');
  return { kind: 'local', root, epmd, sbin: join(DEBIAN_LIB, server, 'sbin') };
}

/** Erlang's port mapper, which we run ourselves: a node would leave it behind as a daemon. */
async function findEpmd() {
  const onTheWay = await onPath('epmd');
  if (onTheWay !== undefined) return onTheWay;
  for (const lib of ['/usr/lib/erlang', '/opt/homebrew/opt/erlang/lib/erlang', '/usr/local/opt/erlang/lib/erlang']) {
    const versions = (await readdir(lib).catch(() => [])).filter((name) => name.startsWith('erts-'));
    for (const version of versions) {
      const epmd = join(lib, version, 'bin', 'epmd');
      if (await isExecutable(epmd)) return epmd;
    }
  }
  return undefined;
}
