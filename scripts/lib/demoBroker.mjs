// The broker that npm start shows: the one given, or a private one.
import { PlainError } from './run.mjs';

/**
 * @param {(message: string) => void} say
 * @param {NodeJS.ProcessEnv} [env] `WARREN_AMQP_URL` names a broker that is not ours: it is used, and left as it is
 * @returns {Promise<Record<string, string>>} the environment that tells Warren to connect, and the demo's programs where to
 * @throws {PlainError}
 */
export async function provideBroker(say, { WARREN_AMQP_URL: given } = process.env) {
  if (given !== undefined && given !== '') {
    say(`Using the RabbitMQ of WARREN_AMQP_URL (${hostOf(given)})`);
    return { WARREN_CONNECT: given, AMQP_URL: given };
  }
  const { startBroker } = await import('./broker.mjs');
  const { ensureRabbitmq } = await import('./rabbitmq.mjs');
  await ensureRabbitmq(say);
  say('Starting RabbitMQ …');
  const { amqpUrl, amqpPort, managementUrl } = await startBroker();
  say(`RabbitMQ ready on port ${amqpPort} (guest/guest), management at ${managementUrl}`);
  return {
    WARREN_CONNECT: amqpUrl,
    AMQP_URL: amqpUrl,
    ...(managementUrl === undefined ? {} : { WARREN_CONNECT_MANAGEMENT: managementUrl }),
  };
}

/**
 * @param {string} text
 * @throws {PlainError}
 */
function hostOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'amqp:' || url?.protocol === 'amqps:') return url.host;
  throw new PlainError('WARREN_AMQP_URL should be like amqp://user:password@host:5672/vhost');
}
