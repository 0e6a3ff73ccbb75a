// When a broker is ready: asked of its sockets, since each rabbitmqctl call costs a second.
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './run.mjs';

const EVERY_MS = 50;

/**
 * Waits until a condition holds.
 * @param {() => Promise<boolean> | boolean} condition
 * @param {{ timeoutMs: number, describe: string, giveUp?: () => string | undefined }} options `giveUp` names a reason to
 *   stop waiting at once
 * @throws {PlainError}
 */
export async function until(condition, { timeoutMs, describe, giveUp }) {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    const reason = giveUp?.() ?? (Date.now() > deadline ? `not after ${timeoutMs / 1000} s` : undefined);
    if (reason !== undefined) throw new PlainError(`${describe}: ${reason}`);
    await delay(EVERY_MS);
  }
}

/**
 * Whether an AMQP server answers the protocol header with a method frame (Connection.Start).
 * @param {number} port on 127.0.0.1
 * @returns {Promise<boolean>}
 */
export function answersAmqp(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const settle = (/** @type {boolean} */ answer) => {
      resolve(answer);
      socket.destroy();
    };
    socket.on('connect', () => socket.write(Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1')));
    socket.on('data', (data) => settle(data[0] === 1));
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => settle(false));
  });
}

/**
 * Whether something accepts connections.
 * @param {number} port on 127.0.0.1
 * @returns {Promise<boolean>}
 */
export function answersTcp(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const settle = (/** @type {boolean} */ answer) => {
      resolve(answer);
      socket.destroy();
    };
    socket.on('connect', () => settle(true));
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => settle(false));
  });
}

/**
 * Whether an HTTP server answers 200.
 * @param {string} url
 * @param {Record<string, string>} [headers]
 * @returns {Promise<boolean>}
 */
export async function answersHttp(url, headers = {}) {
  try {
    return (await fetch(url, { headers, signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

/**
 * The Authorization header of a user.
 * @param {string} user
 * @param {string} password
 */
export function basicAuthorization(user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
