import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { QueueAdmin, QueueCounts } from '../../../src/broker/admin.ts';
import type { ManagementClient } from '../../../src/broker/management/client.ts';
import type { QueueInfo } from '../../../src/broker/management/model.ts';
import { QueueList } from '../../../src/broker/queueList.ts';
import { AppError } from '../../../src/common/errors.ts';

/** A broker whose administration can fail or be slow. */
class FaultyAdmin {
  failure: AppError | undefined;
  checks: (readonly string[])[] = [];
  missing = new Set<string>();
  gate: Promise<void> = Promise.resolve();

  async checkMany(names: readonly string[]): Promise<Map<string, QueueCounts | undefined>> {
    this.checks.push(names);
    await this.gate;
    if (this.failure) throw this.failure;
    return new Map(names.map((name) => [name, this.missing.has(name) ? undefined : { ready: 1, consumers: 2 }]));
  }
}

/** A management API that can fail, and counts what it is asked. */
class FaultyManagement {
  failure: AppError | undefined;
  names: string[];
  lists = 0;
  gate: Promise<void> = Promise.resolve();
  policies: Record<string, Record<string, unknown>> = {};
  singles: string[] = [];

  constructor(names: string[]) {
    this.names = names;
  }

  async queues(): Promise<QueueInfo[]> {
    this.lists++;
    await this.gate;
    if (this.failure) throw this.failure;
    return this.names.map((name) => info(name, this.policies[name] ? { policy: 'p' } : {}));
  }

  async queue(_vhost: string, name: string): Promise<QueueInfo> {
    this.singles.push(name);
    if (this.failure) throw this.failure;
    if (!this.names.includes(name)) throw new AppError('managementNotFound', { url: '' });
    const policy = this.policies[name];
    return info(name, policy ? { policy: 'p', effectivePolicy: policy, consumers: 7 } : {});
  }
}

function info(name: string, more: Partial<QueueInfo> = {}): QueueInfo {
  return {
    name,
    type: 'classic',
    durable: true,
    exclusive: name === 'exclusive',
    autoDelete: false,
    arguments: name === 'expiring' ? { 'x-expires': 60_000 } : {},
    ready: 5,
    unacknowledged: 6,
    consumers: undefined,
    state: 'running',
    policy: undefined,
    deadLetterExchange: undefined,
    deadLetterRoutingKey: undefined,
    ...more,
  };
}

function listOf(admin: FaultyAdmin, known: string[] = [], management?: FaultyManagement): QueueList {
  const list = new QueueList(admin as unknown as QueueAdmin, '/', known);
  if (management) list.useManagement(management as unknown as ManagementClient);
  return list;
}

const gone = new AppError('notConnected', {});

describe('the list of queues', () => {
  it('is not called loaded before its first refresh has ended', async () => {
    const list = listOf(new FaultyAdmin());
    assert.equal(list.isLoaded, false);
    await list.refresh([]);
    assert.equal(list.isLoaded, true);
  });

  it('keeps what it knew when a refresh fails, and says why, until the next succeeds', async () => {
    const management = new FaultyManagement(['a']);
    const list = listOf(new FaultyAdmin(), [], management);
    await list.refresh([]);
    management.failure = new AppError('timeout', { operation: 'x', ms: 1 });
    await list.refresh([]);
    assert.equal(list.failure, management.failure);
    assert.equal(list.isComplete, false);
    assert.deepEqual(
      list.entries().map((entry) => entry.name),
      ['a'],
    );
    management.failure = undefined;
    await list.refresh([]);
    assert.equal(list.failure, undefined);
    assert.equal(list.isComplete, true);
  });

  it('never throws when the connection is gone, and tells its views all the same', async () => {
    const admin = new FaultyAdmin();
    admin.failure = gone;
    const list = listOf(admin, ['a']);
    let changes = 0;
    list.onDidChange(() => changes++);
    await list.refresh([]);
    assert.equal(list.failure, gone);
    assert.equal(changes, 1);
  });

  it('shows the queues of the management API even when the consumers cannot be counted', async () => {
    const admin = new FaultyAdmin();
    admin.failure = gone;
    const list = listOf(admin, [], new FaultyManagement(['a']));
    await list.refresh(['a']);
    assert.equal(list.get('a')?.unacknowledged, 6);
    assert.equal(list.get('a')?.consumers, undefined);
  });

  it('joins a refresh under way instead of asking twice', async () => {
    const admin = new FaultyAdmin();
    const gate = new EventEmitter();
    admin.gate = once(gate, 'open').then(() => undefined);
    const list = listOf(admin, ['a']);
    const both = [list.refresh([]), list.refresh([])];
    gate.emit('open');
    await Promise.all(both);
    assert.equal(admin.checks.length, 1);
    await list.refresh([]);
    assert.equal(admin.checks.length, 2);
  });

  it('does not look at a queue whose life a look would prolong, nor at an exclusive one', async () => {
    const admin = new FaultyAdmin();
    const list = listOf(admin, [], new FaultyManagement(['a', 'expiring', 'exclusive']));
    await list.refresh(['a', 'expiring', 'exclusive', 'not-listed']);
    assert.deepEqual(admin.checks, [['a']]);
    assert.deepEqual(
      list.entries().map((entry) => entry.consumers),
      [2, undefined, undefined],
    );
  });

  it('does not look at a queue that expires by its policy, and has its consumers from the management API', async () => {
    const admin = new FaultyAdmin();
    const management = new FaultyManagement(['plain', 'bounded', 'fleeting']);
    management.policies = { bounded: { 'max-length': 5 }, fleeting: { expires: 60_000 } };
    const list = listOf(admin, [], management);
    await list.refresh(['plain', 'bounded', 'fleeting']);
    assert.deepEqual(admin.checks, [['plain', 'bounded']]);
    assert.deepEqual(
      list.entries().map((entry) => entry.consumers),
      [2, 2, 7],
    );
    assert.deepEqual(management.singles, ['bounded', 'fleeting']);
  });

  it('is read whole when that is asked for, even when another refresh is under way', async () => {
    const management = new FaultyManagement(['a']);
    const gate = new EventEmitter();
    management.gate = once(gate, 'open').then(() => undefined);
    const list = listOf(new FaultyAdmin(), [], management);
    const older = list.refresh([]);
    const whole = [list.refresh([], true), list.refresh([], true)];
    management.names = ['a', 'new'];
    gate.emit('open');
    await older;
    await Promise.all(whole);
    assert.equal(management.lists, 2);
    assert.notEqual(list.get('new'), undefined);
  });

  it('of thousands is loaded whole now and then, and between only where it is looked at', async () => {
    const names = Array.from({ length: 501 }, (_, i) => `q${i}`);
    const management = new FaultyManagement([...names, 'expiring']);
    const admin = new FaultyAdmin();
    const list = listOf(admin, [], management);
    for (let i = 0; i < 13; i++) await list.refresh(['q0', 'q1', 'expiring']);
    assert.equal(management.lists, 2);
    assert.equal(admin.checks.length, 13);
    const askedOf = (name: string): number => management.singles.filter((each) => each === name).length;
    assert.deepEqual(['q0', 'q1', 'expiring'].map(askedOf), [5, 5, 11]);
    await list.refresh(['q0'], true);
    assert.equal(management.lists, 3);
  });

  it('of thousands loses one that was deleted as soon as that is looked at', async () => {
    const management = new FaultyManagement(Array.from({ length: 501 }, (_, i) => `q${i}`));
    const admin = new FaultyAdmin();
    const list = listOf(admin, [], management);
    await list.refresh([]);
    management.names = management.names.slice(1);
    admin.missing.add('q0');
    await list.refresh(['q0']);
    assert.equal(list.get('q0'), undefined);
    assert.equal(list.entries().length, 500);
  });

  it('remembers names once, and tells whoever stores them', () => {
    const list = listOf(new FaultyAdmin(), ['a']);
    const told: (readonly string[])[] = [];
    list.onDidChangeKnown((names) => told.push(names));
    list.addKnown('a');
    list.addKnown('b');
    list.removeKnown('a');
    list.removeKnown('a');
    assert.deepEqual(told, [['a', 'b'], ['b']]);
  });
});
