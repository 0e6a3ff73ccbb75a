import { AppError, type ErrorCode } from '../../../src/common/errors.ts';

interface Sample<C extends ErrorCode> {
  /** Where it comes from, in the words of the broker, amqplib, Node or the management API; or what happened. */
  readonly from: readonly string[];
  readonly params: AppError<C>['params'];
}

const host = 'HOST';
const port = 5672;
const queue = 'QUEUE';
const exchange = 'EXCHANGE';
const username = 'USER';
const vhost = 'VHOST';
const reason = 'REASON';
const url = 'https://HOST/api';

/** One of every error, as the table in the documentation shows it. */
export const errorSamples: { readonly [C in ErrorCode]: Sample<C> } = {
  hostNotFound: { from: ['`ENOTFOUND`', '`EAI_AGAIN`'], params: { host } },
  connectionRefused: { from: ['`ECONNREFUSED`'], params: { host, port } },
  connectionLost: {
    from: ['`ECONNRESET`', '`EPIPE`', '`Unexpected close`', '`Heartbeat timeout`', '`Invalid frame`'],
    params: { reason: 'the other side reset the connection' },
  },
  timeout: {
    from: ['`ETIMEDOUT`', 'no answer to a call, no confirm'],
    params: { operation: 'purge queue', ms: 10_000 },
  },
  noHostReachable: {
    from: ['each host of a cluster failed'],
    params: {
      failures: ['HOST', 'OTHER'].map((each) => ({
        host: each,
        port,
        error: new AppError('connectionRefused', { host: each, port }),
      })),
    },
  },
  notConnected: { from: ['`Channel closed`', '`Channel ended, no reply will be forthcoming`'], params: {} },
  notAmqp: { from: ['`Invalid frame`, `Expected ConnectionStart` in the handshake'], params: { host, port } },
  closedInHandshake: {
    from: ['`Socket closed abruptly during opening handshake`'],
    params: { host, port, tls: false },
  },
  tlsNotSpoken: { from: ['`ERR_SSL_WRONG_VERSION_NUMBER`'], params: { host, port: 5671 } },
  tlsUntrusted: {
    from: ['`SELF_SIGNED_CERT_IN_CHAIN`', '`UNABLE_TO_VERIFY_LEAF_SIGNATURE`', '`CERT_HAS_EXPIRED`'],
    params: { host, reason },
  },
  tlsHostMismatch: { from: ['`ERR_TLS_CERT_ALTNAME_INVALID`'], params: { host, reason: `${reason}.` } },
  tlsHandshake: { from: ['another TLS alert: no common version or cipher, say'], params: { host, reason } },
  tlsClientCertificateRequired: { from: ['TLS alert `certificate required`'], params: { host, reason } },
  tlsClientCertificateRefused: { from: ['TLS alert `bad certificate`, `unknown ca`'], params: { host, reason } },
  tlsPassphraseMissing: { from: ['an encrypted key, and no passphrase'], params: { file: 'FILE' } },
  tlsPassphraseWrong: { from: ['`bad decrypt`', '`mac verify failure`'], params: { file: 'FILE' } },
  tlsKeyMismatch: { from: ['`key values mismatch`'], params: { certFile: 'CERTIFICATE', keyFile: 'KEY' } },
  tlsFileInvalid: { from: ['a file without what it was chosen for'], params: { file: 'FILE', reason } },
  clientCertificateMissing: { from: ['EXTERNAL without a client certificate'], params: {} },
  certificateLoginRefused: { from: ['403 `ACCESS_REFUSED`, with EXTERNAL'], params: { reason } },
  mechanismNotOffered: {
    from: ['403 `ACCESS_REFUSED`, mechanism not among those of connection.start'],
    params: { mechanism: 'EXTERNAL' },
  },
  passwordMissing: { from: ['no password in the secret storage'], params: { username } },
  notAllowed: { from: ['a connection from the settings that was not allowed yet'], params: { host } },
  badCredentials: {
    from: ['403 `ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN`'],
    params: { username },
  },
  vhostUnavailable: {
    from: ['`Expected ConnectionOpenOk; got <ConnectionClose>`, and the management API does not tell why'],
    params: { vhost, username },
  },
  vhostNotFound: { from: ['the same, and the API lists all vhosts without it'], params: { vhost } },
  vhostForbidden: { from: ['the same, and the API has no permissions of the user there'], params: { vhost, username } },
  vhostRefused: { from: ['the same, and the API says that the user may use it'], params: { vhost, username } },
  undecodableHeader: { from: ['`Unexpected type tag "F"`, or a table nested too deep'], params: { tag: 'F' } },
  brokerClosed: { from: ['320 `CONNECTION_FORCED - REASON`', 'another connection error'], params: { reason } },
  abandoned: { from: ['a person cancelled a call that was sent'], params: { operation: 'purge queue' } },
  cancelled: { from: ['a person cancelled'], params: {} },

  queueNotFound: { from: ["404 `NOT_FOUND - no queue 'QUEUE' in vhost 'VHOST'`"], params: { queue } },
  homeNodeDown: {
    from: [
      "404 `NOT_FOUND - home node 'a@b' of durable queue 'QUEUE' in vhost 'VHOST' is down or inaccessible`",
      "404 `NOT_FOUND - queue 'QUEUE' in vhost 'VHOST' process is stopped by supervisor`",
    ],
    params: { queue },
  },
  exchangeNotFound: {
    from: ["404 `NOT_FOUND - no exchange 'EXCHANGE' in vhost 'VHOST'`"],
    params: { exchange: 'EXCHANGE' },
  },
  noPermission: {
    from: ["403 `ACCESS_REFUSED - access to queue 'QUEUE' in vhost 'VHOST' refused for user 'USER'`"],
    params: { reason: "access to queue 'QUEUE' in vhost 'VHOST' refused for user 'USER'" },
  },
  queueLocked: { from: ['405 `RESOURCE_LOCKED`'], params: { queue } },
  singleActiveConsumer: {
    from: ['405 `basic.get operations are not supported by quorum queues with single active consumer`'],
    params: { queue },
  },
  queueIsStream: { from: ['540 `basic.get not supported by stream queues`'], params: { queue } },
  exclusiveConsumer: {
    from: ["403 `ACCESS_REFUSED - queue 'QUEUE' in vhost 'VHOST' in exclusive use`"],
    params: { queue },
  },
  inequivalentArg: {
    from: ["406 `PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'QUEUE'`"],
    params: { name: queue, property: 'durable', received: 'false', current: 'true' },
  },
  queueNotEmpty: { from: ["406 `PRECONDITION_FAILED - queue 'QUEUE' in vhost 'VHOST' not empty`"], params: { queue } },
  notAStream: {
    from: [
      "406 `PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'QUEUE' in vhost 'VHOST' of queue type TYPE`",
    ],
    params: { queue },
  },
  queueInUse: { from: ["406 `PRECONDITION_FAILED - queue 'QUEUE' in vhost 'VHOST' in use`"], params: { queue } },
  messageTooLarge: {
    from: ['406 `PRECONDITION_FAILED - message size N is larger than configured max size M`'],
    params: { reason: 'message size N is larger than configured max size M' },
  },
  consumerTimeout: {
    from: ['406 `PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out`'],
    params: { queue },
  },
  preconditionFailed: {
    from: ['406 `PRECONDITION_FAILED - REASON`: a foreign user-id, an unknown delivery tag'],
    params: { reason },
  },
  publishNacked: {
    from: ['`basic.nack`: a full queue with reject-publish, or one whose node is down'],
    params: { exchange: '', routingKey: queue },
  },
  replyLost: { from: ['the channel ended on which a reply was awaited'], params: {} },
  tapQueueForbidden: {
    from: ["403 `ACCESS_REFUSED - access to queue 'amq.gen-…'`"],
    params: { username, reason: "access to queue 'amq.gen-X' in vhost 'VHOST' refused for user 'USER'" },
  },
  tapForbidden: {
    from: ["403 `ACCESS_REFUSED - access to exchange 'EXCHANGE'` when a tap is bound to it"],
    params: { exchange, username, reason: "access to exchange 'EXCHANGE' in vhost 'VHOST' refused for user 'USER'" },
  },
  tapRefused: { from: ['an exchange that a tap would do harm to'], params: { exchange, why: 'splits' } },
  consumerCancelled: { from: ['`basic.cancel`, and the queue is there'], params: { queue } },
  tooManyChannels: { from: ['`No channels left to allocate`'], params: {} },
  notSupported: { from: ['540 `NOT_IMPLEMENTED - REASON`'], params: { reason } },
  channelClosed: { from: ['another channel error'], params: { reason } },

  managementUnreachable: { from: ['`ECONNREFUSED`, `ENOTFOUND`, a TLS error over HTTP'], params: { url, reason } },
  managementForbidden: { from: ['HTTP 401, 403'], params: { url, username, reason } },
  managementNotFound: { from: ['HTTP 404'], params: { url } },
  managementRejected: { from: ['another HTTP status'], params: { url, status: 400, reason } },
  managementBadReply: { from: ['HTML, broken JSON, a reply without what it must have'], params: { url, reason } },

  invalidUri: { from: ['what was entered'], params: { reason: 'it names no host' } },
  invalidInput: {
    from: ['what was entered, or what AMQP cannot carry'],
    params: { field: 'port', reason: 'is not a number' },
  },
  noEditor: { from: ['nothing to publish'], params: {} },
  nothingPublished: { from: ['nothing to publish again'], params: {} },
  messageFileProblem: {
    params: { reason: 'Line 3: The property priority must be a whole number from 0 to 255.' },
    from: ['A message of a message file that cannot be published'],
  },
  fileUnreadable: { from: ['`ENOENT`, `EACCES`'], params: { name: 'FILE', reason: `${reason}.` } },
  batchRunning: { from: ['a batch that a window publishes is resumed by another'], params: {} },
  fileInUse: {
    from: ['a file that a tail, or a save, of another window writes to'],
    params: { name: 'FILE', isOurs: false, lock: 'FILE.lock', process: 1234, host },
  },
  notSavable: {
    from: ['messages that a tail to a file cannot keep exactly'],
    params: { count: 500, reason: `#12: ${reason}` },
  },
  savedLineInvalid: {
    from: ['a line of a file of saved messages'],
    params: { name: 'FILE', line: 3, reason: 'it is not JSON' },
  },
  fileUnwritable: { from: ['`ENOSPC`, `EACCES`, `EROFS`'], params: { name: 'FILE', reason: `${reason}.` } },
  unexpected: { from: ['whatever nobody expected'], params: { reason } },
};
