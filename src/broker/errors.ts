import { AppError, toError } from '../common/errors.ts';
import { connectTimeoutMs, type ConnectionTarget } from './profile.ts';
import { tlsFailure } from './tls/failure.ts';

/** What an operation was about, so that its failure can name it. */
export interface OperationContext {
  readonly queue?: string;
  readonly exchange?: string;
}

/**
 * A failed attempt to connect, as an AppError. The texts are amqplib's and Node's, which carry no usable codes here.
 * @see https://www.rabbitmq.com/docs/access-control and amqplib `lib/connection.js`
 */
export function connectFailure(thrown: unknown, target: ConnectionTarget): AppError {
  if (thrown instanceof AppError) return thrown;
  const cause = firstCause(thrown);
  const { host, port, username, vhost } = target;
  const text = cause.message;
  const code = codeOf(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new AppError('hostNotFound', { host }, { cause });
  if (code === 'ECONNREFUSED') return new AppError('connectionRefused', { host, port }, { cause });
  const mechanism = /^SASL mechanism (\S+) is not provided/.exec(text)?.[1];
  if (mechanism !== undefined) return new AppError('mechanismNotOffered', { mechanism }, { cause });
  if (text.includes('ACCESS-REFUSED') && target.authentication === 'external') {
    return new AppError('certificateLoginRefused', { reason: brokerReason(text) }, { cause });
  }
  if (text.includes('ACCESS-REFUSED')) return new AppError('badCredentials', { username }, { cause });
  if (text.includes('Expected ConnectionOpenOk'))
    return new AppError('vhostUnavailable', { vhost, username }, { cause });
  if (text.includes('ETIMEDOUT'))
    return new AppError('timeout', { operation: 'connect', ms: connectTimeoutMs(target) }, { cause });
  const tls = tlsFailure(cause, target);
  if (tls) return tls;
  // Which of them depends on how much of what was sent had been read.
  if (/closed abruptly during opening handshake/.test(text) || code === 'ECONNRESET' || code === 'EPIPE') {
    return new AppError('closedInHandshake', { host, port, tls: target.tls }, { cause });
  }
  if (/Invalid frame|Frame size|Expected ConnectionStart|Socket ended|header/i.test(text)) {
    return new AppError('notAmqp', { host, port }, { cause });
  }
  return connectionFailure(cause);
}

/** How an open connection ended, as an AppError. A missing error means that the broker closed it in order (320). */
export function connectionFailure(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown === undefined) return new AppError('connectionLost', { reason: 'the connection was closed' });
  const cause = firstCause(thrown);
  const poison = /Unexpected type tag "(.)"/s.exec(cause.message);
  // A table that is nested deeper than the stack, or shorter than it says it is: brokers pass both on as they came.
  if (cause instanceof RangeError) return new AppError('undecodableHeader', { tag: 'F' }, { cause });
  if (poison) return new AppError('undecodableHeader', { tag: poison[1] ?? '?' }, { cause });
  const closed = /Connection closed: (\d+) \([A-Z-]+\)(?: with message "(.*)")?/s.exec(cause.message);
  const reason = brokerReason(closed?.[2] ?? '');
  if (closed?.[1] === '540') return new AppError('notSupported', { reason }, { cause });
  if (closed) return new AppError('brokerClosed', { reason }, { cause });
  return new AppError('connectionLost', { reason: plainReason(cause) }, { cause });
}

/** Whether trying again could only fail in the same way, so that reconnecting must stop. */
export function isFatal(error: AppError): boolean {
  switch (error.code) {
    case 'passwordMissing':
    case 'notAllowed':
    case 'badCredentials':
    case 'vhostUnavailable':
    case 'vhostNotFound':
    case 'vhostForbidden':
    case 'undecodableHeader':
    case 'tlsUntrusted':
    case 'tlsHostMismatch':
    case 'tlsNotSpoken':
    case 'tlsHandshake':
    case 'tlsClientCertificateRequired':
    case 'tlsClientCertificateRefused':
    case 'tlsPassphraseMissing':
    case 'tlsPassphraseWrong':
    case 'tlsKeyMismatch':
    case 'tlsFileInvalid':
    case 'fileUnreadable':
    case 'clientCertificateMissing':
    case 'certificateLoginRefused':
    case 'mechanismNotOffered':
    case 'notAmqp':
      return true;
    default:
      return false;
  }
}

/**
 * A refused operation or a channel closed by the broker, as an AppError.
 * @see https://www.rabbitmq.com/docs/channels#error-handling and AMQP 0-9-1 section 1.2, reply codes
 */
export function channelFailure(thrown: unknown, context: OperationContext = {}): AppError {
  if (thrown instanceof AppError) return thrown;
  const cause = toError(thrown);
  const reason = brokerReason(cause.message);
  const queue = context.queue ?? quoted(reason, 'queue') ?? '';
  switch (replyCode(cause)) {
    case 403:
      return reason.startsWith("queue '")
        ? new AppError('exclusiveConsumer', { queue }, { cause })
        : new AppError('noPermission', { reason }, { cause });
    case 404:
      // The second is what a node says that is going down in order.
      if (/^home node |process is stopped by supervisor$/.test(reason))
        return new AppError('homeNodeDown', { queue }, { cause });
      return reason.startsWith('no exchange ')
        ? new AppError(
            'exchangeNotFound',
            { exchange: context.exchange ?? quoted(reason, 'exchange') ?? '' },
            { cause },
          )
        : new AppError('queueNotFound', { queue }, { cause });
    case 405:
      return new AppError(
        /single active consumer/.test(reason) ? 'singleActiveConsumer' : 'queueLocked',
        { queue },
        { cause },
      );
    case 406:
      return preconditionFailure(reason, queue, cause);
    case 540:
      return new AppError('notSupported', { reason }, { cause });
    default:
      break;
  }
  if (/No channels left/.test(cause.message)) return new AppError('tooManyChannels', {}, { cause });
  return new AppError('channelClosed', { reason }, { cause });
}

function preconditionFailure(reason: string, queue: string, cause: Error): AppError {
  const inequivalent = /^inequivalent arg '(.+?)' for /.exec(reason);
  if (inequivalent) {
    const values = /: received (.+?) but current is (.+)$/s.exec(reason);
    return new AppError(
      'inequivalentArg',
      {
        name: queue,
        property: inequivalent[1] ?? '',
        received: plainValue(values?.[1] ?? 'something else'),
        current: plainValue(values?.[2] ?? 'different'),
      },
      { cause },
    );
  }
  if (/^queue '.*' not empty$/s.test(reason)) return new AppError('queueNotEmpty', { queue }, { cause });
  if (/^queue '.*' in use$/s.test(reason)) return new AppError('queueInUse', { queue }, { cause });
  // That an offset itself is wrong is seen before the broker sees it.
  if (/^invalid arg 'x-stream-offset' for queue (?!.*invalid_stream_offset_arg)/s.test(reason))
    return new AppError('notAStream', { queue }, { cause });
  if (/^message size \d+ is larger than/.test(reason)) return new AppError('messageTooLarge', { reason }, { cause });
  if (/^delivery acknowledgement on channel \d+ timed out/.test(reason))
    return new AppError('consumerTimeout', { queue }, { cause });
  return new AppError('preconditionFailed', { reason }, { cause });
}

/** `'true'` -> `true`; "the value 'quorum' of type 'longstr'" -> `quorum`; none -> `not set`. */
function plainValue(text: string): string {
  const value = /^(?:the value )?'(.*?)'(?: of type '.*')?$/s.exec(text)?.[1] ?? text;
  return value === 'none' ? 'not set' : value;
}

function replyCode(error: Error): number {
  const code = codeOf(error);
  return typeof code === 'number' ? code : Number(/(?:^|[ ;])(\d{3}) \(/.exec(error.message)?.[1]);
}

/** The broker's own sentence out of `Operation failed: QueueDeclare; 404 (NOT-FOUND) with message "NOT_FOUND - …"`. */
function brokerReason(message: string): string {
  return (/with message "(.*)"$/s.exec(message)?.[1] ?? message).replace(/^[A-Z_]+ - /, '');
}

function quoted(reason: string, kind: 'queue' | 'exchange'): string | undefined {
  return new RegExp(`${kind} '(.*?)' in vhost`, 's').exec(reason)?.[1];
}

/** Node reports a host with several addresses as an AggregateError; the first address's failure says enough. */
function firstCause(thrown: unknown): Error {
  return thrown instanceof AggregateError ? toError(thrown.errors[0]) : toError(thrown);
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

function plainReason(error: Error): string {
  switch (codeOf(error)) {
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the other side reset the connection';
    case 'ETIMEDOUT':
      return 'the network timed out';
    default:
      break;
  }
  if (error.message === 'Unexpected close') return 'the other side closed the connection';
  // What amqplib says of a call that was under way.
  return /^Channel (ended|closed)/.test(error.message) ? 'the connection was closed' : error.message;
}
