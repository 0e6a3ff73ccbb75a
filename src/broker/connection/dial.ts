import type { ChannelModel } from 'amqplib';
import { AppError } from '../../common/errors.ts';
import { connectTimeoutMs } from '../errors.ts';
import { lookupLocalhost } from '../localhost.ts';
import type { ConnectionSecrets, ConnectionTarget } from '../profile.ts';

/** Seconds; RabbitMQ advises 5 to 20. A silent peer is noticed after two of them. @see https://www.rabbitmq.com/docs/heartbeats */
const heartbeat = 20;

/**
 * Opens a connection with amqplib, which is loaded on the first call: it costs 30 ms that activation must not pay.
 * Without `noDelay` each small exchange takes 44 ms. `autoSelectFamily` tries all addresses of a host.
 */
export async function dial(
  target: ConnectionTarget,
  { password }: ConnectionSecrets,
  purpose: string,
): Promise<ChannelModel> {
  if (password === undefined) throw new AppError('passwordMissing', { username: target.username });
  const { default: amqplib } = await import('amqplib');
  const socketOptions = {
    noDelay: true,
    timeout: connectTimeoutMs,
    keepAlive: true,
    autoSelectFamily: true,
    lookup: lookupLocalhost,
    clientProperties: { product: 'Warren', connection_name: `Warren (${purpose})` },
  };
  return amqplib.connect(
    {
      protocol: target.tls ? 'amqps' : 'amqp',
      hostname: target.host,
      port: target.port,
      username: target.username,
      password,
      // amqplib decodes it once more, even in this form.
      vhost: encodeURIComponent(target.vhost),
      heartbeat,
    },
    socketOptions,
  );
}
