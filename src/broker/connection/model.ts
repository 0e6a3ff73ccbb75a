import type { ChannelModel } from 'amqplib';
import { AppError } from '../../common/errors.ts';
import { connectionFailure } from '../errors.ts';

/** How long an orderly close may take before the socket is simply dropped, in milliseconds. */
const closeTimeoutMs = 3_000;

/** amqplib's close never settles towards a peer that went silent; the socket is dropped then. */
export async function closeModel(model: ChannelModel): Promise<void> {
  // A socket that fails meanwhile: without a listener that is thrown where nobody catches it.
  model.on('error', () => undefined);
  try {
    await settleWithin(model.close(), 'close connection', model, closeTimeoutMs);
  } catch {
    dropSocket(model);
  }
}

/** With an error, so that amqplib takes note: it ends the channels, and with them what waits on them, and its timers. */
export function dropSocket(model: ChannelModel): void {
  const { connection } = model;
  if ('stream' in connection && hasDestroy(connection.stream))
    connection.stream.destroy(new Error('the broker did not answer'));
}

function hasDestroy(value: unknown): value is { destroy(error: Error): void } {
  return typeof value === 'object' && value !== null && 'destroy' in value && typeof value.destroy === 'function';
}

/** The promise's outcome, unless the connection ends or `ms` pass first. @throws AppError */
export async function settleWithin<T>(
  promise: Promise<T>,
  operation: string,
  model: ChannelModel,
  ms: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onClose: ((error?: Error) => void) | undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('timeout', { operation, ms })), ms);
    onClose = (error) => setImmediate(() => reject(connectionFailure(error)));
    model.once('close', onClose);
  });
  try {
    return await Promise.race([promise, interrupted]);
  } catch (error) {
    throw connectionFailure(error);
  } finally {
    clearTimeout(timer);
    if (onClose) model.removeListener('close', onClose);
  }
}
