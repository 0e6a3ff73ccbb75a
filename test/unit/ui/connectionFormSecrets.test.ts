import assert from 'node:assert/strict';
import { changedSecrets, secretChanges } from '../../../src/ui/connectionForm/secrets.ts';
import {
  isSameTarget,
  localValues,
  profileOf,
  valuesOfProfile,
  type FormValues,
} from '../../../src/ui/connectionForm/values.ts';

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
