import type { ChannelModel, credentials } from 'amqplib';
import { AppError } from '../../common/errors.ts';
import { connectFailure, isFatal } from '../errors.ts';
import { lookupLocalhost } from '../localhost.ts';
import {
  connectTimeoutMs,
  hasClientCertificate,
  heartbeatLimit,
  hostsOf,
  type ConnectionSecrets,
  type ConnectionTarget,
  type HostPort,
} from '../profile.ts';
import { readTlsMaterial, type TlsMaterial } from '../tls/material.ts';
import { clientProperties } from './clientProperties.ts';
import type { HostFailure } from './state.ts';

interface DialOptions {
  /** What the connection is for, as the broker lists it. */
  readonly purpose: string;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/** An open connection, and how it came about. */
export interface Dialled {
  readonly model: ChannelModel;
  readonly at: HostPort;
  /** Those that were tried before. */
  readonly passedOver: readonly HostFailure[];
}

interface Login {
  readonly target: ConnectionTarget;
  readonly secrets: ConnectionSecrets;
  readonly tls: TlsMaterial | undefined;
}

/**
 * Opens a connection to the first host that takes it. What another host would answer alike, such as bad credentials,
 * ends the search.
 * @throws AppError why the only host failed, or the first where none can ever do; what would fail everywhere;
 * `noHostReachable`; `cancelled`
 */
export async function dial(
  target: ConnectionTarget,
  secrets: ConnectionSecrets,
  options: DialOptions,
): Promise<Dialled> {
  checkLogin(target, secrets);
  const tls = target.tls ? await readTlsMaterial(target.tlsOptions, secrets.tlsPassphrase) : undefined;
  const login = { target, secrets, tls };
  const passedOver: HostFailure[] = [];
  for (const at of hostsOf(target)) {
    try {
      // The next one only where this one fails.
      // oxlint-disable-next-line no-await-in-loop
      return { model: await dialHost(at, login, options), at, passedOver };
    } catch (thrown) {
      const error = connectFailure(thrown, { ...target, ...at });
      if (endsSearch(error)) throw error;
      passedOver.push({ host: at.host, port: at.port, error });
    }
  }
  throw failureOfAll(passedOver);
}

/**
 * What is about one host: a node that starts up, or that lost its peers, refuses a vhost which another one serves; a
 * certificate or what listens there says nothing of the others.
 */
const ofOneHost: readonly string[] = ['vhostUnavailable', 'notAmqp', 'tlsUntrusted', 'tlsHostMismatch', 'tlsNotSpoken'];

function endsSearch(error: AppError): boolean {
  return error.is('cancelled') || (isFatal(error) && !ofOneHost.includes(error.code));
}

function failureOfAll(failures: readonly HostFailure[]): AppError {
  const [first, ...others] = failures;
  const isHopeless = failures.every(({ error }) => isFatal(error));
  const refusal = failures.find(({ error }) => error.is('vhostUnavailable'));
  const telling = refusal ?? (others.length === 0 || isHopeless ? first : undefined);
  return telling?.error ?? new AppError('noHostReachable', { failures });
}

/** @throws AppError `passwordMissing`, `clientCertificateMissing` */
function checkLogin(target: ConnectionTarget, { password }: ConnectionSecrets): void {
  const { authentication, username, tls } = target;
  if (authentication !== 'external') {
    if (password === undefined) throw new AppError('passwordMissing', { username });
    return;
  }
  if (!tls || !hasClientCertificate(target)) throw new AppError('clientCertificateMissing', {});
}

/**
 * With amqplib, which is loaded on the first call: it costs 30 ms that activation must not pay. Without `noDelay` each
 * small exchange takes 44 ms. `autoSelectFamily` tries all addresses of a host, by default a quarter of a second each,
 * which is less than a round trip through many a VPN.
 */
async function dialHost({ host, port }: HostPort, login: Login, options: DialOptions): Promise<ChannelModel> {
  const { target, secrets } = login;
  const { amqplib } = await import('./amqplib/amqplib.ts');
  // Node connects a socket all the same whose signal has been aborted before: nobody would close that connection.
  if (isAborted(options)) throw new AppError('cancelled', {});
  const ms = connectTimeoutMs(target);
  const end = new AbortController();
  const cancel = (): void => end.abort();
  options.signal?.addEventListener('abort', cancel);
  const timer = setTimeout(cancel, ms);
  try {
    const broker = {
      protocol: target.tls ? 'amqps' : 'amqp',
      hostname: host,
      port,
      // amqplib decodes it once more, even in this form.
      vhost: encodeURIComponent(target.vhost),
      heartbeat: target.heartbeatSeconds ?? heartbeatLimit.usual,
    };
    // Its type leaves out most of what it hands on to `net` and `tls`.
    const socketOptions = {
      ...login.tls,
      noDelay: true,
      keepAlive: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.ceil(ms / 5),
      lookup: lookupLocalhost,
      signal: end.signal,
      credentials: credentialsOf(target, secrets, amqplib.credentials),
      clientProperties: clientProperties(options.purpose),
    };
    return await amqplib.connect(broker, socketOptions);
  } catch (error) {
    if (isAborted(options)) throw new AppError('cancelled', {}, { cause: error });
    if (end.signal.aborted) throw new AppError('timeout', { operation: 'connect', ms }, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', cancel);
  }
}

function isAborted({ signal }: DialOptions): boolean {
  return signal?.aborted === true;
}

function credentialsOf(
  { authentication, username }: ConnectionTarget,
  { password = '' }: ConnectionSecrets,
  make: typeof credentials,
): ReturnType<typeof credentials.external> {
  switch (authentication) {
    case 'external':
      return make.external();
    case 'amqplain':
      return make.amqplain(username, password);
    default:
      return make.plain(username, password);
  }
}
