// Free TCP ports on the loopback interface.
import { createServer } from 'node:net';

// Below the range that systems hand to outgoing connections (32768 on Linux, 49152 elsewhere): a broker that is down for
// a restart must find its port free again.
const FIRST = 20_000;
const COUNT = 12_000;

/**
 * Different ports that were all free at the time of asking.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  /** @type {{ port: number, close: () => Promise<void> }[]} */
  const held = [];
  while (held.length < count) {
    const holder = await hold(FIRST + Math.floor(Math.random() * COUNT));
    if (holder !== undefined) held.push(holder);
  }
  await Promise.all(held.map((holder) => holder.close()));
  return held.map((holder) => holder.port);
}

/** @returns {Promise<number>} */
export async function freePort() {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}

/**
 * @param {number} port
 * @returns {Promise<{ port: number, close: () => Promise<void> } | undefined>}
 */
function hold(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      resolve({ port, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
