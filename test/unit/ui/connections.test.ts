import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { readEntry } from '../../../src/broker/connectionEntry.ts';
import type { AppError } from '../../../src/common/errors.ts';
import { ConnectionGate } from '../../../src/ui/connections/connectionGate.ts';
import { freeName, type ConnectionProfile, type ConnectionSecrets } from '../../../src/broker/profile.ts';
import { replaces } from '../../../src/ui/connections/connectionImport.ts';
import { Connections } from '../../../src/ui/connections/connections.ts';
import { sharedProfile } from '../../../src/ui/connections/sharedProfile.ts';
import { ConsentStore } from '../../../src/ui/storage/consents.ts';
import { ProfileStore } from '../../../src/ui/storage/profiles.ts';
import { SecretStore } from '../../../src/ui/storage/secrets.ts';

class FakeMemento {
  readonly values = new Map<string, unknown>();
  get = (key: string): unknown => this.values.get(key);
  update = async (key: string, value: unknown): Promise<void> => {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, structuredClone(value));
  };
}

/** Connections on stores in memory, with a person who answers as `answers` says. */
function setUp(answers: { allow?: boolean; password?: string; managementPassword?: string } = {}) {
  const [global, workspace] = [new FakeMemento(), new FakeMemento()];
  const secretValues = new Map<string, string>();
  const secrets = new SecretStore({
    get: async (key: string) => secretValues.get(key),
    store: async (key: string, value: string) => void secretValues.set(key, value),
    delete: async (key: string) => void secretValues.delete(key),
  } as unknown as vscode.SecretStorage);
  const asked: string[] = [];
  const ask = {
    allow: async ({ host }: ConnectionProfile, place: string) => {
      asked.push(`allow ${host} of the ${place}`);
      return answers.allow ?? false;
    },
    secret: async (kind: keyof ConnectionSecrets, { host }: ConnectionProfile) => {
      asked.push(`${kind} for ${host}`);
      return kind === 'password' ? answers.password : answers.managementPassword;
    },
  };
  const memento = (each: FakeMemento): vscode.Memento => each as unknown as vscode.Memento;
  const open = (): Connections =>
    new Connections({
      profiles: { global: new ProfileStore(memento(global)), workspace: new ProfileStore(memento(workspace)) },
      secrets,
      gate: new ConnectionGate(secrets, new ConsentStore(memento(workspace)), ask),
      log: { info: () => undefined, error: () => undefined } as unknown as vscode.LogOutputChannel,
    });
  const knownIn = (origin: 'global' | 'workspace', id: string): readonly string[] =>
    new ProfileStore(memento(origin === 'global' ? global : workspace)).knownQueues(id);
  const put = (origin: 'global' | 'workspace', profile: ConnectionProfile): Promise<void> =>
    new ProfileStore(memento(origin === 'global' ? global : workspace)).put(profile);
  return { connections: open(), reopen: open, asked, secretValues, answers, knownIn, put, global };
}

const entry = (host: string, more: object = {}) => readEntry({ host, ...more });
const shared = (host: string, more: object = {}) => ({
  profile: sharedProfile(entry(host, more)),
  place: 'workspace settings',
});
const names = (connections: Connections): string[] => connections.all().map(({ profile }) => profile.name);

function origins(connections: Connections): string[] {
  return connections.all().map((each) => `${each.profile.name} ${connections.originOf(each)}`);
}

function only(connections: Connections) {
  const [session] = connections.all();
  assert.ok(session);
  return session;
}

describe('saved connections', () => {
  it('are for all workspaces, or for this one, and move between the two with their queues and password', async () => {
    const { connections, reopen, knownIn } = setUp();
    const session = await connections.add(entry('a'), { password: 'p' });
    session.queues.addKnown('orders');
    await connections.add(entry('b'), {}, 'workspace');
    assert.deepEqual(origins(connections), ['a global', 'b workspace']);
    await connections.move(session, 'workspace');
    assert.deepEqual(origins(reopen()), ['b workspace', 'a workspace']);
    assert.deepEqual(knownIn('workspace', session.profile.id), ['orders']);
    assert.equal((await reopen().secrets(session.profile.id)).password, 'p');
    await connections.move(session, 'global');
    assert.deepEqual(origins(reopen()), ['a global', 'b workspace']);
  });

  it('are there once when the window closed while one was moved', async () => {
    const { connections, reopen, put } = setUp();
    const { profile } = await connections.add(entry('a'), {});
    await put('workspace', profile);
    assert.deepEqual(origins(reopen()), ['a workspace']);
  });

  it('stay where they are kept when they are changed, and go from there when they are deleted', async () => {
    const { connections, reopen } = setUp();
    const session = await connections.add(entry('a'), {}, 'workspace');
    await connections.rename(session, 'renamed');
    const changed = await connections.update({ ...session.profile, host: 'b' });
    assert.equal(connections.originOf(changed), 'workspace');
    assert.deepEqual(
      reopen()
        .all()
        .map(({ profile }) => [profile.name, profile.host]),
      [['renamed', 'b']],
    );
    await connections.delete(session.profile.id);
    assert.deepEqual(reopen().all(), []);
  });

  it('are closed before their password changes, which would else go to the old host', async () => {
    const { connections } = setUp();
    const session = await connections.add(entry('a'), { password: 'old' });
    const order: string[] = [];
    const dispose = session.dispose.bind(session);
    session.dispose = async () => {
      order.push(`closed with ${(await connections.secrets(session.profile.id)).password}`);
      await dispose();
    };
    await connections.update({ ...session.profile, host: 'b' }, { password: 'new' });
    assert.deepEqual(order, ['closed with old']);
    assert.equal((await connections.secrets(session.profile.id)).password, 'new');
  });

  it('stay as they were, with a session that can connect, when a change cannot be stored', async () => {
    const { connections, global } = setUp();
    const session = await connections.add(entry('a'), { password: 'old' });
    const { id } = session.profile;
    global.update = () => Promise.reject(new Error('disk full'));
    await assert.rejects(
      connections.update({ ...session.profile, host: 'b' }, { password: 'new', tlsPassphrase: 't' }),
      /disk full/,
    );
    const now = only(connections);
    assert.notEqual(now, session);
    assert.equal(now.profile.host, 'a');
    assert.deepEqual(await connections.secrets(id), {
      password: 'old',
      tlsPassphrase: undefined,
      managementPassword: undefined,
    });
  });
});

describe('connections from the settings', () => {
  it('give no secret and connect nowhere before they are allowed', async () => {
    const { connections, asked, secretValues } = setUp({ allow: false });
    await connections.setShared([shared('h')]);
    const session = only(connections);
    secretValues.set(`warren.password.${session.profile.id}`, 'secret');
    assert.equal(connections.isAllowed(session), false);
    await assert.rejects(connections.secrets(session.profile.id), (error: AppError) => error.is('notAllowed'));
    await assert.rejects(session.connect(), (error: AppError) => error.is('cancelled'));
    assert.equal(session.state.kind, 'idle');
    assert.deepEqual(asked, ['allow h of the workspace settings']);
  });

  it('ask once for consent and password, at one time even when two ask', async () => {
    const { connections, reopen, asked } = setUp({ allow: true, password: 'p' });
    await connections.setShared([shared('h')]);
    const session = only(connections);
    await Promise.all([session.prepare(), session.prepare()]);
    assert.deepEqual(asked, ['allow h of the workspace settings', 'password for h']);
    assert.equal((await connections.secrets(session.profile.id)).password, 'p');
    const again = reopen();
    await again.setShared([shared('h')]);
    await only(again).prepare();
    assert.equal(asked.length, 2);
  });

  it('ask for the password of the management API too, and connect without it when the person has none', async () => {
    const { connections, asked, answers } = setUp({ allow: true, password: 'p' });
    await connections.setShared([shared('h', { managementUsername: 'boss' })]);
    const session = only(connections);
    await session.prepare();
    assert.deepEqual(asked.slice(1), ['password for h', 'managementPassword for h']);
    await session.prepare();
    assert.equal(asked.length, 3);
    await connections.forgetShared(session);
    answers.managementPassword = 'm';
    await session.prepare();
    assert.equal((await connections.secrets(session.profile.id)).managementPassword, 'm');
  });

  it('never send a password to another host after the settings have changed', async () => {
    const { connections, asked } = setUp({ allow: true, password: 'p' });
    await connections.setShared([shared('good.example', { name: 'team' })]);
    const before = only(connections);
    await before.prepare();
    await connections.setShared([shared('evil.example', { name: 'team' })]);
    const after = only(connections);
    assert.notEqual(after, before);
    await assert.rejects(connections.secrets(after.profile.id), (error: AppError) => error.is('notAllowed'));
    await assert.rejects(before.connect(), (error: AppError) => error.is('notConnected'));
    await after.prepare();
    assert.deepEqual(asked.slice(2), ['allow evil.example of the workspace settings', 'password for evil.example']);
  });

  it('that change while the question is there are not what was allowed', async () => {
    const { connections, answers } = setUp({ allow: true });
    await connections.setShared([shared('h')]);
    const session = only(connections);
    const preparing = session.prepare();
    answers.password = 'p';
    await connections.setShared([]);
    await assert.rejects(preparing, (error: AppError) => error.is('cancelled'));
    assert.equal(connections.isAllowed(session), false);
  });

  it('keep the session of what has not changed, and the rest is as the settings say', async () => {
    const { connections } = setUp();
    await connections.setShared([shared('a', { name: 'one' }), shared('b')]);
    const [first] = connections.all();
    await connections.setShared([shared('a', { name: 'renamed' }), shared('c')]);
    assert.deepEqual(names(connections), ['renamed', 'c']);
    assert.equal(connections.all()[0], first);
    await connections.setShared([shared('a', { heartbeatSeconds: 5 })]);
    assert.notEqual(connections.all()[0], first);
    await connections.setShared([]);
    assert.deepEqual(names(connections), []);
  });

  it('forget consent and password when they are told to', async () => {
    const { connections, secretValues } = setUp({ allow: true, password: 'p' });
    await connections.setShared([shared('h')]);
    const session = only(connections);
    await session.prepare();
    await connections.forgetShared(session);
    assert.equal(connections.isAllowed(session), false);
    assert.equal(secretValues.size, 0);
  });
});

describe('imported connections', () => {
  it('replace a saved one of their name once, and know whether it leads to the same place', async () => {
    const { connections } = setUp();
    const same = await connections.add(entry('a', { name: 'x', heartbeatSeconds: 5 }), {});
    const other = await connections.add(entry('b', { name: 'y' }), {});
    const imported = [entry('a', { name: 'x' }), entry('z', { name: 'y' }), entry('z', { name: 'y' }), entry('c')];
    assert.deepEqual(
      replaces(imported, connections.all()).map((each) => [each.entry.host, each.session, each.keepsSecrets]),
      [
        ['a', same, true],
        ['z', other, false],
      ],
    );
  });

  it('get a number where their name is taken', () => {
    assert.equal(freeName('a', []), 'a');
    assert.equal(freeName('a', ['a', 'a (2)']), 'a (3)');
  });
});
