import { formatHostPort } from '../broker/amqpUri.ts';
import type { AppError, TapRefusal } from '../common/errors.ts';

/** What happened and why, in one or two plain sentences. The broker's own words are kept where it gave any. */
export function errorText(error: AppError): string {
  const text = sentencesOf(error).trim();
  // What a broker or a library says of itself may end with a full stop or without.
  return /[.!?…]$/.test(text) ? text.replace(/\.\.$/, '.') : `${text}.`;
}

function sentencesOf(error: AppError): string {
  const { detail } = error;
  switch (detail.code) {
    case 'invalidUri':
      return `That is not an AMQP URI: ${detail.params.reason}.`;
    case 'invalidInput':
      return `The ${detail.params.field} ${detail.params.reason}.`;
    case 'noEditor':
      return 'Open a file or select some text first: that is what is published.';
    case 'nothingPublished':
      return 'Nothing was published yet in this window.';
    case 'messageFileProblem':
      return detail.params.reason;
    case 'fileUnreadable':
      return `${detail.params.name} cannot be read: ${detail.params.reason}`;
    case 'batchRunning':
      return 'This batch is being published already, perhaps by another window.';
    case 'fileUnwritable':
      return `${detail.params.name} cannot be written: ${detail.params.reason}`;
    case 'fileInUse':
      return inUse(detail.params);
    case 'notSavable':
      return `Warren cannot write ${detail.params.count} messages as they came, and left them in the queue. The first is ${detail.params.reason}.`;
    case 'savedLineInvalid':
      return `Line ${detail.params.line} of ${detail.params.name} is no saved message: ${detail.params.reason}.`;
    case 'notConnected':
      return 'There is no connection to the broker.';
    case 'cancelled':
      return 'Cancelled.';
    case 'timeout':
      return noAnswer(detail.params);
    case 'hostNotFound':
      return `The host ${detail.params.host} was not found.`;
    case 'connectionRefused':
      return `Nothing listens on ${detail.params.host}, port ${detail.params.port}.`;
    case 'connectionLost':
      return `The connection was lost: ${detail.params.reason}.`;
    case 'notAmqp':
      return `What listens on ${detail.params.host}, port ${detail.params.port}, does not speak AMQP 0-9-1.`;
    case 'closedInHandshake':
      return `${detail.params.host} closed the connection during the handshake. Port ${detail.params.port} may ${detail.params.tls ? 'not be one for AMQP' : 'want TLS'}.`;
    case 'tlsNotSpoken':
      return `${detail.params.host} does not speak TLS on port ${detail.params.port}.`;
    case 'tlsUntrusted':
      return `The certificate of ${detail.params.host} is not trusted: ${detail.params.reason}.`;
    case 'tlsHostMismatch':
      return `The certificate is for another host than ${detail.params.host}: ${detail.params.reason}.`;
    case 'tlsHandshake':
      return `TLS with ${detail.params.host} failed: ${detail.params.reason}.`;
    case 'tlsClientCertificateRequired':
      return `${detail.params.host} wants a client certificate: ${detail.params.reason}.`;
    case 'tlsClientCertificateRefused':
      return `${detail.params.host} refused the client certificate: ${detail.params.reason}.`;
    case 'tlsPassphraseMissing':
      return `${detail.params.file} is encrypted, and there is no passphrase for it.`;
    case 'tlsPassphraseWrong':
      return `The passphrase does not open ${detail.params.file}.`;
    case 'tlsKeyMismatch':
      return `The key in ${detail.params.keyFile} does not belong to the certificate in ${detail.params.certFile}.`;
    case 'tlsFileInvalid':
      return `${detail.params.file} cannot be used: ${detail.params.reason}.`;
    case 'clientCertificateMissing':
      return 'Logging in by certificate (EXTERNAL) needs TLS and a client certificate.';
    case 'certificateLoginRefused':
      return `The broker refused the login by client certificate: ${detail.params.reason}`;
    case 'mechanismNotOffered':
      return `The broker does not offer ${detail.params.mechanism} as a way to log in.`;
    case 'noHostReachable':
      return `None of the ${detail.params.failures.length} hosts could be connected to. ${reasonsOf(detail.params.failures)}`;
    case 'passwordMissing':
      return `There is no password stored for user ${detail.params.username}.`;
    case 'notAllowed':
      return `This connection comes from the settings and may not send a login to ${detail.params.host} yet. Connect it to be asked.`;
    case 'badCredentials':
      return `The broker refused user ${detail.params.username} with this password.`;
    case 'vhostUnavailable':
      return `The broker refused virtual host ${detail.params.vhost}: it does not exist, or user ${detail.params.username} has no access, or a connection limit is reached.`;
    case 'vhostNotFound':
      return `Virtual host ${detail.params.vhost} does not exist on this broker.`;
    case 'vhostForbidden':
      return `User ${detail.params.username} has no permissions in virtual host ${detail.params.vhost}.`;
    case 'vhostRefused':
      return `The broker refused virtual host ${detail.params.vhost}, which exists and which user ${detail.params.username} may use: a connection limit is reached, or it is not running.`;
    case 'undecodableHeader':
      return `A message has a header of type "${detail.params.tag}" that Warren cannot read. It stays disconnected: each new delivery would only end the connection again.`;
    case 'brokerClosed':
      return `The broker closed the connection: ${detail.params.reason}`;
    case 'abandoned':
      return `Warren stopped waiting for an answer (${detail.params.operation}): the broker may still do it.`;
    case 'queueNotFound':
      return `Queue ${detail.params.queue} does not exist.`;
    case 'exchangeNotFound':
      return `Exchange ${detail.params.exchange} does not exist.`;
    case 'noPermission':
      return `The broker refused it: ${detail.params.reason}`;
    case 'queueLocked':
      return `Queue ${detail.params.queue} is exclusive to another connection.`;
    case 'singleActiveConsumer':
      return `Queue ${detail.params.queue} lets a single active consumer read, and nobody look without consuming. Nothing was taken.`;
    case 'queueIsStream':
      return `Queue ${detail.params.queue} is a stream, which is read by offset. A stream keeps its messages.`;
    case 'exclusiveConsumer':
      return `Queue ${detail.params.queue} has an exclusive consumer, or consumers that do not allow one.`;
    case 'inequivalentArg':
      return `${detail.params.name} exists already with ${detail.params.property} ${detail.params.current}, not ${detail.params.received}.`;
    case 'preconditionFailed':
      return `The broker refused it: ${detail.params.reason}`;
    case 'queueNotEmpty':
      return `Queue ${detail.params.queue} is not empty.`;
    case 'queueInUse':
      return `Queue ${detail.params.queue} has consumers.`;
    case 'notAStream':
      return `Queue ${detail.params.queue} is no stream, so it cannot be read by offset. Nothing was taken.`;
    case 'publishNacked':
      return detail.params.exchange === ''
        ? `The broker refused the message for queue ${detail.params.routingKey}: the queue may be full, or its node is down.`
        : `The broker refused the message for exchange ${detail.params.exchange}: a queue behind it may be full, or its node is down.`;
    case 'replyLost':
      return 'The connection was lost before the reply came: it cannot reach this editor any more.';
    case 'messageTooLarge':
      return `The message is too large: ${detail.params.reason}`;
    case 'consumerTimeout':
      return `RabbitMQ took the messages of ${detail.params.queue} back: one was held longer than its consumer time-out (30 minutes by default).`;
    case 'homeNodeDown':
      return `The node that hosts queue ${detail.params.queue} is down.`;
    case 'tapQueueForbidden':
      return `User ${detail.params.username} may not tap: that needs permission to configure, write and read queues that begin with amq.gen. The broker said: ${detail.params.reason}`;
    case 'tapForbidden':
      return `User ${detail.params.username} may not tap exchange ${detail.params.exchange}: that needs read permission on it. The broker said: ${detail.params.reason}`;
    case 'tapRefused':
      return `Exchange ${detail.params.exchange} is not tapped: ${tapRefusals[detail.params.why]}.`;
    case 'consumerCancelled':
      return `The broker ended delivery from queue ${detail.params.queue}, which is still there.`;
    case 'tooManyChannels':
      return 'This connection has no channels left. Stop a tail, or reconnect.';
    case 'channelClosed':
      return `The broker closed the channel: ${detail.params.reason}`;
    case 'notSupported':
      return `The broker does not support this: ${detail.params.reason}`;
    case 'managementUnreachable':
      return `The management API at ${detail.params.url} cannot be reached: ${detail.params.reason}.`;
    case 'managementForbidden':
      return `The management API at ${detail.params.url} refused user ${detail.params.username}.`;
    case 'managementNotFound':
      return `The management API has nothing at ${detail.params.url}.`;
    case 'managementRejected':
      return `The management API at ${detail.params.url} answered ${detail.params.status}: ${detail.params.reason}`;
    case 'managementBadReply':
      return `The answer from ${detail.params.url} is not from a management API: ${detail.params.reason}.`;
    case 'unexpected':
      return `Something went wrong in Warren: ${detail.params.reason}`;
  }
}

const tapRefusals: Readonly<Record<TapRefusal, string>> = {
  splits: 'it splits its messages among the queues that are bound to it, and a tap would take a share',
  typeUnknown: 'its type is not known to Warren, and it may split its messages among the queues that are bound to it',
  alternateExchange:
    'it has an alternate exchange, or a policy that cannot be read may set one, which gets what no queue takes; a tap would take that too',
  uncovered:
    'no other queue takes these messages any more, so that the tap would keep them from being returned to their publishers',
};

function inUse({ name, isOurs, lock, process, host }: AppError<'fileInUse'>['params']): string {
  if (isOurs) return `${name} is being written by a tail, or a save, of this window.`;
  const who = process === undefined ? '' : ` (process ${process} on ${host})`;
  return `${name} is being written by another window${who}. If that window is gone, delete ${lock} beside it and try again.`;
}

function reasonsOf(failures: readonly { host: string; port: number; error: AppError }[]): string {
  return failures.map(({ host, port, error }) => `${formatHostPort({ host, port })}: ${errorText(error)}`).join(' ');
}

/** Calls that change something: without an answer they may have been done, or will be. */
const changing = /^(declare|purge|delete) queue$/;

function noAnswer({ operation, ms }: { readonly operation: string; readonly ms: number }): string {
  const text = `No answer within ${Math.round(ms / 1000)} s (${operation})`;
  return changing.test(operation) ? `${text}: the broker may still do it.` : `${text}.`;
}
