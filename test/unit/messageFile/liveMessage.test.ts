import assert from 'node:assert/strict';
import { parseMessageFile } from '../../../src/broker/messageFile/parse.ts';
import { routeOf } from '../../../src/broker/routing/route.ts';
import type { Topology } from '../../../src/broker/routing/topology.ts';
import { routedMessage } from '../../../src/ui/messageFile/liveMessage.ts';

function routed(text: string, environment: Readonly<Record<string, string>> = {}) {
  const file = parseMessageFile(text);
  const [message] = file.messages;
  assert.ok(message);
  return routedMessage(file, message, new Map(Object.entries(environment)));
}

const binding = (destination: string, args: object) => ({
  source: 'by-tenant',
  destination,
  destinationType: 'queue' as const,
  routingKey: '',
  arguments: { 'x-match': 'all', ...args },
});
const topology: Topology = {
  exchanges: new Map([
    [
      'by-tenant',
      {
        type: 'headers',
        internal: false,
        alternate: null,
        bindings: [binding('acme', { tenant: 'acme' }), binding('vip', { vip: true })],
      },
    ],
    ['events', { type: 'topic', internal: false, alternate: null, bindings: [] }],
  ]),
  queues: new Set(['acme', 'vip']),
};

const routeOfText = (text: string, environment?: Readonly<Record<string, string>>) => {
  const message = routed(text, environment);
  return message && routeOf(message, topology);
};

describe('what decides where a message of a file goes', () => {
  it('is told of no target that is wrong: only the first of its words could be meant', () => {
    assert.equal(routed('### a\nacme\n\nx')?.routingKey, 'acme');
    assert.equal(routed('### a\nacme and more\n\nx'), undefined);
  });

  it('has the values of variables of the file and of the environment', () => {
    const message = routed('@queue = {{stage}}-orders\n{{queue}}\nx-tenant: {{tenant}}\n\nx', {
      stage: 'test',
      tenant: 'acme',
    });
    assert.deepEqual([message?.exchange, message?.routingKey], ['', 'test-orders']);
    assert.deepEqual(message?.headers, { 'x-tenant': 'acme' });
  });

  it('is not known of a target that only publishing gives its value', () => {
    for (const target of ['{{$uuid}}', '{{$prompt Which}}', '{{$env QUEUE}}', '{{$counter}}', '{{nowhere}}']) {
      assert.equal(routed(`${target}\n\nx`), undefined, target);
    }
    assert.equal(routed('@id = {{$uuid}}\norders-{{id}}\n\nx'), undefined);
  });

  it('leaves open what a header decides whose value is not known yet', () => {
    assert.deepEqual(routeOfText('by-tenant >\n"tenant": {{tenant}}\n\nx', { tenant: 'acme' })?.queues, ['acme']);
    const open = routeOfText('by-tenant >\n"tenant": {{$prompt Tenant}}\n"vip": boolean true\n\nx');
    assert.deepEqual(open, { queues: ['vip'], unsure: ['by-tenant'] });
    const other = routeOfText('by-tenant >\n"trace": {{$uuid}}\n\nx');
    assert.deepEqual(other, { queues: [], unsure: [] });
    const copied = routeOfText('events > key\n"CC": array ["{{$prompt Copy to}}"]\n\nx');
    assert.deepEqual(copied, { queues: [], unsure: ['events'] });
  });
});
