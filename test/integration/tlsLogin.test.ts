import assert from 'node:assert/strict';
import type { ConnectionSecrets, ConnectionTarget } from '../../src/broker/profile.ts';
import { Session } from '../../src/broker/session.ts';
import { systemClock } from '../../src/common/clock.ts';
import { Management } from '../support/management.ts';
import { waitFor } from '../support/waitFor.ts';
import { TlsSuite } from './support/tlsSuite.ts';

describe('over TLS', function () {
  this.timeout(60_000);
  let suite: TlsSuite;
  before(async () => {
    suite = await TlsSuite.start();
  });
  afterEach(() => suite.closeConnections());
  after(() => suite?.dispose());

  describe('the login', () => {
    it('is by the certificate alone with EXTERNAL, as the user it names', async () => {
      await suite.opens(suite.external());
      const { broker } = suite;
      const management = new Management(broker.managementUrl, broker.user, broker.password);
      await waitFor(
        async () => {
          const all = (await management.request('GET', 'connections')) as { user: string; auth_mechanism: string }[];
          return all.some(({ user, auth_mechanism: mechanism }) => user === 'ann' && mechanism === 'EXTERNAL');
        },
        { timeoutMs: 20_000, describe: 'a connection of ann by EXTERNAL' },
      );
    });

    it('with EXTERNAL is refused where the broker has no such user', async () => {
      const { certfile: certFile, keyfile: keyFile } = await suite.ca.issue({ name: 'nobody' });
      await suite.fails(
        { ...suite.external(), ...suite.trusting({ certFile, keyFile }) },
        'certificateLoginRefused',
        /^The broker refused the login by client certificate: Login was refused using authentication mechanism EXTERNAL/,
      );
    });

    it('with EXTERNAL needs a certificate, and TLS', async () => {
      const why = /^Logging in by certificate \(EXTERNAL\) needs TLS and a client certificate\.$/;
      await suite.fails({ ...suite.external(), ...suite.trusting() }, 'clientCertificateMissing', why);
      await suite.fails(
        { ...suite.external(), tls: false, port: suite.broker.amqpPort },
        'clientCertificateMissing',
        why,
      );
    });

    it('is by name and password with AMQPLAIN', async () => {
      await suite.opens({ ...suite.trusting(), authentication: 'amqplain' });
      const wrong = { password: 'wrong' };
      await suite.fails(
        { ...suite.trusting(), authentication: 'amqplain', secrets: wrong },
        'badCredentials',
        /refused user guest/,
      );
    });
  });

  describe('the management API', () => {
    it('uses the same authorities', async () => {
      const found = await managementOf(suite.trusting(), { password: 'guest' });
      assert.equal(found.kind, 'available', JSON.stringify(found));
    });

    it('is not spoken to where its certificate is not trusted', async () => {
      const plainAmqp = { port: suite.broker.amqpPort, tls: false };
      const found = await managementOf(plainAmqp, { password: 'guest' });
      assert.deepEqual(found.kind === 'absent' && found.reason, 'its certificate is not trusted');
      assert.equal(
        (await managementOf({ ...plainAmqp, ...suite.trusting() }, { password: 'guest' })).kind,
        'available',
      );
    });

    it('is not verified either where a person said so', async () => {
      const found = await managementOf({ tlsOptions: { insecure: true } }, { password: 'guest' });
      assert.equal(found.kind, 'available', JSON.stringify(found));
    });

    it('has a user and password of its own', async () => {
      const own = { ...suite.trusting(), managementUsername: 'ann' };
      const secrets = { password: 'guest', managementPassword: TlsSuite.annsPassword };
      const found = await managementOf(own, secrets);
      assert.equal(found.kind === 'available' && found.user.name, 'ann', JSON.stringify(found));
      const wrong = await managementOf(own, { ...secrets, managementPassword: 'guest' });
      assert.equal(wrong.kind, 'forbidden');
    });

    it('says that no password is stored, where the login to AMQP needs none', async () => {
      const options = suite.trusting({ certFile: suite.client.certfile, keyFile: suite.client.keyfile });
      const found = await managementOf({ ...options, authentication: 'external', username: '' }, {});
      assert.deepEqual(found.kind === 'absent' && found.reason, 'no password is stored for it');
    });
  });

  async function managementOf(overrides: Partial<ConnectionTarget>, secrets: ConnectionSecrets) {
    const session = new Session({
      profile: {
        id: 'p',
        name: 'Test',
        host: 'localhost',
        port: suite.broker.tlsPort ?? 0,
        tls: true,
        vhost: '/',
        username: 'guest',
        managementUrl: suite.broker.managementTlsUrl ?? '',
        ...overrides,
      },
      secrets: async () => secrets,
      knownQueues: [],
      clock: systemClock,
    });
    try {
      await session.connect();
      return await waitFor(() => session.management, { describe: 'an answer' });
    } finally {
      await session.dispose();
    }
  }
});
