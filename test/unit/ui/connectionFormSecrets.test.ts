import assert from 'node:assert/strict';
import { formSteps } from '../../../src/ui/connectionForm/formSteps.ts';
import { changedSecrets, keptSecrets, secretChanges } from '../../../src/ui/connectionForm/secrets.ts';
import { localValues, profileOf, valuesOfProfile, type FormValues } from '../../../src/ui/connectionForm/values.ts';
import { isSameTarget, type TlsOptions } from '../../../src/broker/profile.ts';

describe('the secrets of an edited connection', () => {
  const values: FormValues = {
    ...localValues,
    host: 'mq.test',
    tls: true,
    managementUsername: 'admin',
    tlsOptions: { certFile: '/c', keyFile: '/k' },
  };
  const saved = { ...profileOf(values, []), id: 'a' };

  it('stay when none are entered, and are replaced one by one', () => {
    const same = { ...valuesOfProfile(saved), password: '' };
    assert.deepEqual(secretChanges(same, saved), {
      password: undefined,
      tlsPassphrase: undefined,
      managementPassword: undefined,
    });
    assert.equal(secretChanges({ ...same, tlsPassphrase: 'new' }, saved).tlsPassphrase, 'new');
    const current = { password: 'p', tlsPassphrase: 't', managementPassword: 'm' };
    assert.deepEqual(changedSecrets(current, { managementPassword: 'n' }), { ...current, managementPassword: 'n' });
  });

  it('are forgotten with the certificate or the user that they belong to', () => {
    const other = { ...values, password: '', tlsOptions: { pfxFile: '/p' }, managementUsername: 'bob' };
    const changes = secretChanges(other, saved);
    assert.deepEqual([changes.tlsPassphrase, changes.managementPassword], [null, null]);
    const current = { password: 'p', tlsPassphrase: 't', managementPassword: 'm' };
    assert.deepEqual(changedSecrets(current, changes), {
      password: 'p',
      tlsPassphrase: undefined,
      managementPassword: undefined,
    });
  });

  it('go on to no other host or user: a blank password is forgotten then', () => {
    const kept = (change: Partial<FormValues>) => {
      const edited = { ...valuesOfProfile(saved), ...change };
      const { password, managementPassword } = secretChanges(edited, saved);
      const prompts = keptSecrets(edited, saved);
      assert.deepEqual(
        [prompts.password, prompts.managementPassword],
        [password !== null, managementPassword !== null],
      );
      return [password, managementPassword];
    };
    assert.deepEqual(kept({}), [undefined, undefined]);
    assert.deepEqual(kept({ vhost: 'v', heartbeatSeconds: 9, failover: [] }), [undefined, undefined]);
    for (const place of [
      { host: 'b' },
      { port: 1 },
      { tls: false },
      { failover: [{ host: 'evil', port: 5671 }] },
    ] satisfies Partial<FormValues>[]) {
      assert.deepEqual(kept(place), [null, null], JSON.stringify(place));
    }
    assert.deepEqual(kept({ username: 'bob' }), [null, undefined]);
    assert.deepEqual(kept({ managementUrl: 'https://evil.test' }), [undefined, null]);
    assert.deepEqual(kept({ managementUsername: 'bob' }), [undefined, null]);
    assert.equal(secretChanges({ ...valuesOfProfile(saved), host: 'b', password: 'new' }, saved).password, 'new');
  });

  const keptWith = (options: TlsOptions, before: TlsOptions = {}) => {
    const from = { ...saved, tlsOptions: before };
    const { password, managementPassword } = secretChanges({ ...valuesOfProfile(from), tlsOptions: options }, from);
    assert.equal(password, managementPassword);
    return password !== null;
  };

  it('go on to nobody who has to prove less to be the broker; other authorities and certificates change nothing', () => {
    for (const options of [
      { caFiles: ['/ca'] },
      { certFile: '/other', keyFile: '/other.key' },
      { pfxFile: '/p' },
      {},
    ] satisfies TlsOptions[]) {
      assert.equal(keptWith(options), true, JSON.stringify(options));
    }
    assert.equal(keptWith({ insecure: true }), false);
    assert.equal(keptWith({ insecure: true, caFiles: ['/ca'] }, { insecure: true }), true);
    assert.equal(keptWith({ caFiles: ['/ca'] }, { insecure: true }), true);
    assert.equal(keptWith({ serverName: 'evil.test' }), false);
    assert.equal(keptWith({ serverName: 'evil.test' }, { serverName: 'mq.internal' }), false);
    assert.equal(keptWith({ serverName: 'mq.internal' }, { serverName: 'mq.internal' }), true);
    assert.equal(keptWith({}, { serverName: 'mq.internal' }), true);
  });

  it('are said to be kept only where they are', () => {
    const steps = formSteps({ taken: [], remoteName: undefined, keeps: (each) => keptSecrets(each, saved) });
    const prompt = (id: string, change: Partial<FormValues>): string => {
      const step = steps.find((each) => each.id === id);
      assert.ok(step?.kind === 'text');
      return step.prompt({ ...valuesOfProfile(saved), ...change });
    };
    for (const id of ['password', 'managementPassword', 'tlsPassphrase'])
      assert.match(prompt(id, {}), /keep the saved/);
    assert.doesNotMatch(prompt('password', { username: 'bob' }), /keep the saved/);
    assert.doesNotMatch(prompt('managementPassword', { host: 'b' }), /keep the saved/);
    assert.doesNotMatch(prompt('tlsPassphrase', { tlsOptions: { pfxFile: '/p' } }), /keep the saved/);
  });

  it('and its place are the same only where nothing differs', () => {
    assert.equal(isSameTarget(saved, { ...saved, name: 'other' }), true);
    for (const change of [
      { heartbeatSeconds: 9 },
      { tlsOptions: { certFile: '/c', keyFile: '/other' } },
      { failover: [{ host: 'b', port: 1 }] },
      { authentication: 'amqplain' as const },
      { managementUsername: 'bob' },
    ]) {
      assert.equal(isSameTarget(saved, { ...saved, ...change }), false, JSON.stringify(change));
    }
  });
});
