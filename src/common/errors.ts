/**
 * Why an exchange is not tapped: it splits its messages among its bindings; it may, for its type is not known; the tap would
 * silence its alternate exchange; or, what it had not been agreed to, publishers that want what is unroutable returned.
 */
export type TapRefusal = 'splits' | 'typeUnknown' | 'alternateExchange' | 'uncovered';

/**
 * Every failure that a person may be told of. The code says what happened, `params` fills the sentence;
 * only the UI words them (`src/ui/presentError.ts`).
 */
interface ErrorParams {
  /** The URI cannot be used; `reason` is a short clause. */
  invalidUri: { reason: string };
  /** A field of a form, setting or message is out of its range; `reason` is a short clause. */
  invalidInput: { field: string; reason: string };
  /** There is no active editor to take text from. */
  noEditor: object;
  /** There is no publish to repeat. */
  nothingPublished: object;
  /** A message of a message file cannot be published as it stands; `reason` is a sentence. */
  messageFileProblem: { reason: string };
  fileUnreadable: { name: string; reason: string };
  /** Another window publishes this batch. */
  batchRunning: object;
  fileUnwritable: { name: string; reason: string };
  /** Something writes to it now: this window or, by its lock file, another process. */
  fileInUse: { name: string; isOurs: boolean; lock?: string; process?: number; host?: string };
  /** Messages that a file cannot keep as they came; `reason` says which is the first, and why. */
  notSavable: { count: number; reason: string };
  /** A line of a file of saved messages is none of them. */
  savedLineInvalid: { name: string; line: number; reason: string };
  notConnected: object;
  cancelled: object;
  timeout: { operation: string; ms: number };

  hostNotFound: { host: string };
  connectionRefused: { host: string; port: number };
  connectionLost: { reason: string };
  /** The other side accepts TCP but does not speak AMQP 0-9-1 (for one an HTTP port). */
  notAmqp: { host: string; port: number };
  /** A plain connection to a TLS port, or a broker that closes during the handshake. */
  closedInHandshake: { host: string; port: number; tls: boolean };
  /** TLS was asked of a plain port. */
  tlsNotSpoken: { host: string; port: number };
  tlsUntrusted: { host: string; reason: string };
  tlsHostMismatch: { host: string; reason: string };
  /** TLS ended for another reason than a certificate: no common version or cipher, say. */
  tlsHandshake: { host: string; reason: string };
  tlsClientCertificateRequired: { host: string; reason: string };
  tlsClientCertificateRefused: { host: string; reason: string };
  tlsPassphraseMissing: { file: string };
  tlsPassphraseWrong: { file: string };
  tlsKeyMismatch: { certFile: string; keyFile: string };
  /** Its content is not what it was chosen for; `reason` is a short clause. */
  tlsFileInvalid: { file: string; reason: string };
  /** EXTERNAL was chosen without a client certificate to show. */
  clientCertificateMissing: object;
  /** The broker knows no user by the client certificate. */
  certificateLoginRefused: { reason: string };
  /** The broker does not offer this way to log in. */
  mechanismNotOffered: { mechanism: string };
  /** Several hosts were tried, and each failed in a way that may pass. */
  noHostReachable: { failures: readonly { host: string; port: number; error: AppError }[] };
  /** No password is stored for this connection (any more). */
  passwordMissing: { username: string };
  /** A connection from the settings that nobody has allowed to send credentials. */
  notAllowed: { host: string };
  badCredentials: { username: string };
  /** RabbitMQ closes alike for a missing vhost, missing permission and a connection limit. */
  vhostUnavailable: { vhost: string; username: string };
  /** The three, told apart by the management API. */
  vhostNotFound: { vhost: string };
  vhostForbidden: { vhost: string; username: string };
  vhostRefused: { vhost: string; username: string };
  /** A header that amqplib cannot decode: reconnecting would only meet the message again. */
  undecodableHeader: { tag: string };
  brokerClosed: { reason: string };
  /** A person stopped waiting for the broker's answer: it may still do what it was asked for. */
  abandoned: { operation: string };

  queueNotFound: { queue: string };
  exchangeNotFound: { exchange: string };
  noPermission: { reason: string };
  queueLocked: { queue: string };
  exclusiveConsumer: { queue: string };
  /** A quorum queue of which only one consumer may read refuses basic.get. */
  singleActiveConsumer: { queue: string };
  /** A stream, which refuses basic.get: it is read by offset. */
  queueIsStream: { queue: string };
  /** Redeclared otherwise than it is. */
  inequivalentArg: { name: string; property: string; received: string; current: string };
  preconditionFailed: { reason: string };
  queueNotEmpty: { queue: string };
  queueInUse: { queue: string };
  /** It is not read by offset. */
  notAStream: { queue: string };
  /** basic.nack from the broker: a full queue with reject-publish, or an internal error. */
  publishNacked: { exchange: string; routingKey: string };
  /** The channel ended on which a reply was awaited: it can reach nobody any more. */
  replyLost: object;
  messageTooLarge: { reason: string };
  consumerTimeout: { queue: string };
  homeNodeDown: { queue: string };
  /** The user may not have a queue of its own, which a tap needs; `reason` is the broker's. */
  tapQueueForbidden: { username: string; reason: string };
  /** The user may not bind a queue to this exchange; `reason` is the broker's. */
  tapForbidden: { exchange: string; username: string; reason: string };
  /** A tap would take messages from others, or keep them from where they go without it. */
  tapRefused: { exchange: string; why: TapRefusal };
  /** basic.cancel from the broker, though the queue is there: it moved to another node, say. */
  consumerCancelled: { queue: string };
  tooManyChannels: object;
  channelClosed: { reason: string };
  notSupported: { reason: string };

  managementUnreachable: { url: string; reason: string };
  managementForbidden: { url: string; username: string; reason: string };
  managementNotFound: { url: string };
  managementRejected: { url: string; status: number; reason: string };
  managementBadReply: { url: string; reason: string };

  unexpected: { reason: string };
}

export type ErrorCode = keyof ErrorParams;

/** A code with the parameters that belong to it. */
type ErrorDetail = { [C in ErrorCode]: { readonly code: C; readonly params: ErrorParams[C] } }[ErrorCode];

/** By `Symbol.for`: the tests load a module twice that is imported dynamically as well. */
const brand = Symbol.for('warren.AppError');

/** The one error type that crosses module borders. `message` is for the log, never for a person. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';
  readonly [brand] = true;
  readonly code: C;
  readonly params: ErrorParams[C];

  constructor(code: C, params: ErrorParams[C], options?: { cause?: unknown }) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.code = code;
    this.params = params;
  }

  /** Whether it is an error of any copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  is<K extends ErrorCode>(code: K): this is AppError<K> {
    const own: ErrorCode = this.code;
    return own === code;
  }

  /** The same facts as a union that `switch` can narrow. */
  get detail(): ErrorDetail {
    return { code: this.code, params: this.params } as unknown as ErrorDetail;
  }
}

/** Any thrown value as an Error. */
export function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}

/** Any thrown value as an AppError: itself, or *unexpected* with it as the cause. */
export function toAppError(value: unknown): AppError {
  if (value instanceof AppError) return value;
  const cause = toError(value);
  return new AppError('unexpected', { reason: cause.message }, { cause });
}
