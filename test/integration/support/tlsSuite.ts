import assert from 'node:assert/strict';
import { BrokerConnection } from '../../../src/broker/connection/connection.ts';
import type { ConnectionSecrets, ConnectionTarget, TlsOptions } from '../../../src/broker/profile.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { toAppError, type ErrorCode } from '../../../src/common/errors.ts';
import { errorText } from '../../../src/ui/errorText.ts';
import { ownBroker, type OwnBroker } from '../../support/broker.ts';
import { Authority, loopback, type CertificateFiles } from '../../support/certificates.ts';
import { Management } from '../../support/management.ts';

/** What differs from a connection as guest over TLS to the broker of the suite. */
export interface Attempt extends Partial<ConnectionTarget> {
  readonly to?: OwnBroker;
  readonly secrets?: ConnectionSecrets;
}

/** A broker with TLS that asks for a client certificate and can do without, and what it takes to connect to it. */
export class TlsSuite {
  readonly broker: OwnBroker;
  readonly ca: Authority;
  /** Of user ann, who has a password too. */
  readonly client: CertificateFiles;
  readonly #connections: BrokerConnection[] = [];

  private constructor(broker: OwnBroker, ca: Authority, client: CertificateFiles) {
    this.broker = broker;
    this.ca = ca;
    this.client = client;
  }

  static readonly annsPassword = 'the certificate is enough';

  static async start(): Promise<TlsSuite> {
    const ca = await Authority.create();
    const [server, client] = await Promise.all([
      ca.issue({ name: 'server', hosts: loopback }),
      ca.issue({ name: 'ann' }),
    ]);
    const mechanisms = ['PLAIN', 'AMQPLAIN', 'EXTERNAL'].map((name, at) => `auth_mechanisms.${at + 1} = ${name}`);
    const broker = await ownBroker({
      tls: { ...server, cacertfile: ca.cacertfile },
      config: [...mechanisms, 'ssl_cert_login_from = common_name'],
      plugins: ['rabbitmq_auth_mechanism_ssl'],
    });
    const management = new Management(broker.managementUrl, broker.user, broker.password);
    await management.createUser('ann', TlsSuite.annsPassword, 'management');
    await management.grant('/', 'ann', { configure: '.*', write: '.*', read: '.*' });
    return new TlsSuite(broker, ca, client);
  }

  /** Trusts the suite's authority. */
  trusting(options: TlsOptions = {}): { tlsOptions: TlsOptions } {
    return { tlsOptions: { caFiles: [this.ca.cacertfile], ...options } };
  }

  /** Logs in by ann's certificate. */
  external(): Attempt {
    const { certfile: certFile, keyfile: keyFile } = this.client;
    return { ...this.trusting({ certFile, keyFile }), authentication: 'external', username: '', secrets: {} };
  }

  connection({ to = this.broker, secrets = { password: 'guest' }, ...overrides }: Attempt): BrokerConnection {
    const usual = { host: 'localhost', port: to.tlsPort ?? 0, tls: true, vhost: '/', username: 'guest' };
    const connection = new BrokerConnection({ ...usual, ...overrides }, async () => secrets, 'test', systemClock);
    this.#connections.push(connection);
    return connection;
  }

  async opens(attempt: Attempt): Promise<void> {
    const connection = this.connection(attempt);
    await connection.connect();
    assert.equal(connection.state.kind, 'open');
  }

  /**
   * Fails for good, unless another state is given.
   * @param text what the person reads: a whole sentence with what TLS or the broker said
   */
  async fails(attempt: Attempt, code: ErrorCode, text: RegExp, state = 'failed'): Promise<void> {
    const connection = this.connection(attempt);
    const thrown = await connection.connect().then(() => undefined, toAppError);
    assert.equal(thrown?.code, code, `${thrown?.message}`);
    assert.match(errorText(thrown), text);
    assert.match(errorText(thrown), /^\S.*\.$/s);
    assert.equal(connection.state.kind, state);
  }

  async closeConnections(): Promise<void> {
    await Promise.all(this.#connections.splice(0).map((connection) => connection.close()));
  }

  async dispose(): Promise<void> {
    await this.broker.dispose();
    this.ca.dispose();
  }
}
