import assert from 'node:assert/strict';
import { encode } from '@msgpack/msgpack';
import type { ConsumeMessage } from 'amqplib';
import type { Tail, TailMode, TailSource } from '../../../src/broker/consume/tail.ts';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import type { TailStatus } from '../../../src/broker/consume/tailStatus.ts';
import type { BodyReader } from '../../../src/broker/decoding/bodyReader.ts';
import { Decoders } from '../../../src/broker/decoding/decoders.ts';
import type { Session } from '../../../src/broker/session.ts';
import { Emitter } from '../../../src/common/event.ts';
import { TailOutputs, type TailOutputsParts } from '../../../src/ui/output/tailOutputs.ts';
import { plainBodies } from '../../support/bodies.ts';
import { waitFor } from '../../support/waitFor.ts';

const session = { profile: { id: 'p', name: 'local' } } as Session;
/** Nothing that is put off comes to pass. */
const stopped = { now: () => 0, setTimeout: () => ({ dispose() {} }), setInterval: () => ({ dispose() {} }) };

/** A tail without a broker. */
class FakeTail {
  readonly mode: TailMode;
  readonly source: TailSource;
  readonly buffer = new MessageBuffer({ messages: 100_000, bytes: 1e9 });
  status: TailStatus = { kind: 'running' };
  readonly received = new Emitter<void>();
  readonly settled = new Emitter<readonly number[]>();
  readonly statusChanged = new Emitter<TailStatus>();
  readonly noticed = new Emitter<never>();
  readonly onDidReceive = this.received.event;
  readonly onDidSettle = this.settled.event;
  readonly onDidChangeStatus = this.statusChanged.event;
  readonly onDidNotice = this.noticed.event;

  constructor(queue: string, mode: TailMode = 'hold') {
    this.mode = mode;
    this.source = { kind: 'queue', name: queue };
  }

  get tail(): Tail {
    return this as unknown as Tail;
  }

  receiveOne(content: Uint8Array, contentType: string): void {
    const fields = { deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'q', consumerTag: '' };
    this.buffer.add({ fields, content, properties: { contentType } } as ConsumeMessage, 0);
    this.received.fire();
  }

  receive(count: number): void {
    for (let i = 0; i < count; i++) {
      const fields = { deliveryTag: i, redelivered: false, exchange: '', routingKey: 'q', consumerTag: '' };
      const content = Buffer.from(`body-${i + 1}.`);
      this.buffer.add({ fields, content, properties: {} } as ConsumeMessage, 0);
    }
    this.received.fire();
  }

  end(): void {
    this.status = { kind: 'ended', returned: 0 };
    this.received.fire();
    this.statusChanged.fire(this.status);
  }
}

interface Channels {
  readonly outputs: TailOutputs;
  /** The text of each channel by its name. */
  readonly texts: Map<string, string>;
  readonly touched: string[];
}

function channels(bodies: BodyReader = plainBodies): Channels {
  const texts = new Map<string, string>();
  const touched: string[] = [];
  const create: TailOutputsParts['create'] = (name) => {
    texts.set(name, '');
    const append = (text: string): void => void texts.set(name, texts.get(name) + text);
    return { append, dispose: () => texts.delete(name) } as unknown as ReturnType<TailOutputsParts['create']>;
  };
  const outputs = new TailOutputs({
    create,
    clock: stopped,
    bodyLimit: () => 1_000,
    reader: () => bodies,
    reveal: () => undefined,
    touched: (_session, queue) => touched.push(queue),
  });
  return { outputs, texts, touched };
}

function open(outputs: TailOutputs, fake: FakeTail): FakeTail {
  outputs.open(session, fake.tail, undefined, 'hold: what it costs');
  return fake;
}

describe('the tails in the Output panel', () => {
  it('write what an earlier tail of the queue had not written before a new one begins', () => {
    const { outputs, texts } = channels();
    const first = open(outputs, new FakeTail('q'));
    first.receive(3_000);
    assert.doesNotMatch(texts.get('RabbitMQ: q') ?? '', /body-3000\./);
    first.end();
    open(outputs, new FakeTail('q'));
    const text = texts.get('RabbitMQ: q') ?? '';
    assert.equal(text.match(/body-\d+\./g)?.length, 3_000);
    assert.ok(text.indexOf('body-3000.') < text.indexOf('Stopped'));
    assert.ok(text.indexOf('Stopped') < text.lastIndexOf('Tailing q'));
  });

  it('have ids that no other window gave: an editor that outlives its window shows controls of none of these', () => {
    const ids = [channels(), channels()].map(({ outputs }) => {
      open(outputs, new FakeTail('q'));
      return outputs.all()[0]?.id ?? '';
    });
    assert.notEqual(ids[0], ids[1]);
    assert.ok(ids.every((id) => /^[^/]{1,100}$/.test(id)));
  });

  for (const mode of ['hold', 'drain'] as const) {
    it(`wait in ${mode} for the decoder of a message, and keep the order`, async () => {
      const bodies = new Decoders(() => new Map()).reader(() => undefined);
      const { outputs, texts } = channels(bodies);
      const fake = open(outputs, new FakeTail('q', mode));
      const packed = Buffer.from(encode({ id: 7 }));
      fake.receiveOne(packed, 'application/msgpack');
      fake.receiveOne(Buffer.from('after'), 'text/plain');
      const text = (): string => texts.get('RabbitMQ: q') ?? '';
      assert.doesNotMatch(text(), /^#/m);
      await waitFor(() => text().includes('after'), { describe: text });
      assert.match(text(), /^#1 [^]*\n {3}\(MessagePack\)\n {5}\{ "id": 7 \}\n#2 [^]*after/m);
    });
  }

  it('show bytes when a tail ends before the decoder of a message is there', () => {
    const { outputs, texts } = channels(new Decoders(() => new Map()).reader(() => undefined));
    const fake = open(outputs, new FakeTail('q'));
    fake.receiveOne(Buffer.from(encode({ id: 7 })), 'application/msgpack');
    open(outputs, new FakeTail('q'));
    assert.match(
      texts.get('RabbitMQ: q') ?? '',
      /^#1 [^]*MessagePack: it is not loaded yet; shown as bytes[^]*81 a2 69/m,
    );
  });

  it('count in drain what there is no room for', () => {
    const { outputs, texts } = channels();
    const first = open(outputs, new FakeTail('q', 'drain'));
    first.receive(1_000);
    first.receive(50_000);
    first.end();
    open(outputs, new FakeTail('q'));
    const text = texts.get('RabbitMQ: q') ?? '';
    assert.match(text, /body-50000\./);
    assert.ok(text.length < 1_000_000);
  });

  it('keep the messages of the last two that have ended, and the text of five', () => {
    const { outputs, texts } = channels();
    const all = Array.from({ length: 7 }, (_, i) => open(outputs, new FakeTail(`q${i}`)));
    for (const each of all) {
      each.receive(2_000);
      each.end();
    }
    assert.deepEqual(
      all.map(({ buffer }) => buffer.get(2_000) !== undefined),
      [false, false, false, false, false, true, true],
    );
    assert.deepEqual(
      [...texts.keys()],
      ['RabbitMQ: q2', 'RabbitMQ: q3', 'RabbitMQ: q4', 'RabbitMQ: q5', 'RabbitMQ: q6'],
    );
    assert.match(texts.get('RabbitMQ: q2') ?? '', /body-2000\./);
    assert.equal(all[2]?.buffer.lastNumber, 2_000);
  });

  it('tell of each change to a queue, and ask the broker for nothing themselves', () => {
    const { outputs, touched } = channels();
    const tail = open(outputs, new FakeTail('q'));
    tail.settled.fire([1]);
    tail.end();
    assert.deepEqual(touched, ['q', 'q']);
  });
});
