import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { ProfileStore } from '../../../src/ui/storage/profiles.ts';
import { SecretStore } from '../../../src/ui/storage/secrets.ts';

/** What the editor's secret storage does, in memory. */
function secretStorage(entries: Record<string, string> = {}) {
  const stored = new Map(Object.entries(entries));
  const storage = {
    get: async (key: string) => stored.get(key),
    store: async (key: string, value: string) => void stored.set(key, value),
    delete: async (key: string) => void stored.delete(key),
  };
  return { stored, store: new SecretStore(storage as unknown as vscode.SecretStorage) };
}

describe('stored secrets', () => {
  it('are a bare password, as it always was, with the others beside it', async () => {
    const { store, stored } = secretStorage({ 'warren.password.a': '{"password":"not JSON of ours"}' });
    assert.equal((await store.get('a')).password, '{"password":"not JSON of ours"}');
    await store.change('a', { tlsPassphrase: 'open' });
    assert.deepEqual(await store.get('a'), {
      password: '{"password":"not JSON of ours"}',
      tlsPassphrase: 'open',
      managementPassword: undefined,
    });
    assert.equal(stored.get('warren.password.a'), '{"password":"not JSON of ours"}');
  });

  it('change one by one, an empty text included, and are forgotten by null', async () => {
    const { store, stored } = secretStorage();
    await store.change('a', { password: '', managementPassword: 'm' });
    await store.change('a', { password: undefined, managementPassword: null });
    assert.deepEqual([...stored], [['warren.password.a', '']]);
  });

  it('go altogether with their profile, and no other', async () => {
    const { store, stored } = secretStorage({ 'warren.password.b': 'theirs' });
    await store.change('a', { password: 'p', tlsPassphrase: 't', managementPassword: 'm' });
    await store.delete('a');
    assert.deepEqual([...stored], [['warren.password.b', 'theirs']]);
  });

  it('are all there where an editor writes all of them anew for each, and is done with the last one first', async () => {
    let written: Readonly<Record<string, string>> = {};
    const ends: (() => void)[] = [];
    const write = (change: (all: Record<string, string>) => void): Promise<void> => {
      const all = { ...written };
      change(all);
      return new Promise((resolve) => {
        ends.push(() => {
          written = all;
          resolve();
        });
      });
    };
    const store = new SecretStore({
      store: (key: string, value: string) => write((all) => (all[key] = value)),
      delete: (key: string) => write((all) => delete all[key]),
    } as unknown as vscode.SecretStorage);
    let isDone = false;
    const changing = Promise.all([
      store.change('a', { password: 'p', tlsPassphrase: 't' }),
      store.change('b', { password: 'q', managementPassword: null }),
      store.delete('c'),
    ]).then(() => (isDone = true));
    while (!isDone) {
      ends.pop()?.();
      await new Promise(setImmediate);
    }
    await changing;
    assert.deepEqual(written, { 'warren.password.a': 'p', 'warren.tlsPassphrase.a': 't', 'warren.password.b': 'q' });
  });
});

describe('stored profiles', () => {
  it('are read as they were saved by any version, without what is no profile', () => {
    const old = { id: 'a', name: 'local', host: 'h', port: 5672, tls: false, vhost: '/', username: 'guest' };
    const now = { ...old, id: 'b', failover: [{ host: 'i', port: 5672 }], heartbeatSeconds: 5 };
    const broken = { ...old, id: 'c', tlsOptions: { caFiles: 'ca.pem' } };
    const memento = { get: () => [old, now, broken, null] } as unknown as vscode.Memento;
    assert.deepEqual(new ProfileStore(memento).load(), [old, now]);
  });

  it('that cannot be read stay in storage, as they are, when others are saved and removed', async () => {
    const profile = { id: 'a', name: 'local', host: 'h', port: 5672, tls: false, vhost: '/', username: 'guest' };
    const newer = { ...profile, id: 'b', authentication: 'oauth2' };
    let stored: unknown = [newer, null, profile];
    const memento = {
      get: () => stored,
      update: async (key: string, value: unknown) => {
        if (key === 'warren.profiles') stored = value;
      },
    };
    const store = new ProfileStore(memento as unknown as vscode.Memento);
    const changed = { ...profile, host: 'i' };
    await store.put(changed);
    assert.deepEqual(stored, [newer, null, changed]);
    await store.put({ ...profile, id: 'c' });
    await store.remove('a');
    assert.deepEqual(stored, [newer, null, { ...profile, id: 'c' }]);
    await store.remove('b');
    assert.deepEqual(stored, [null, { ...profile, id: 'c' }]);
  });

  it('are read without what is not theirs, with what was left out filled in, and with no queues where none are named', () => {
    const stored = { id: 'a', name: 'local', host: 'h', port: 5672, username: 'guest', password: 'hunter2' };
    const get = (key: string): unknown => (key === 'warren.profiles' ? [stored] : { queues: 'orders' });
    const store = new ProfileStore({ get } as unknown as vscode.Memento);
    const { password: _, ...rest } = stored;
    assert.deepEqual(store.load(), [{ ...rest, tls: false, vhost: '/' }]);
    assert.deepEqual(store.knownQueues('a'), []);
  });
});
