import type { ConsumeMessage } from 'amqplib';
import { AckState, type Settlement } from '../../../src/broker/consume/ackState.ts';
import { MessageBuffer } from '../../../src/broker/consume/messageBuffer.ts';
import type { Tail } from '../../../src/broker/consume/tail.ts';
import type { TailStatus } from '../../../src/broker/consume/tailStatus.ts';
import { Emitter } from '../../../src/common/event.ts';

/** A hold tail without a broker: the test says what comes, and when what was settled is confirmed. */
export class FakeTail {
  readonly mode = 'hold';
  readonly acks = new AckState();
  readonly buffer: MessageBuffer;
  status: TailStatus = { kind: 'running' };
  readonly received = new Emitter<void>();
  readonly settled = new Emitter<readonly number[]>();
  readonly confirmed = new Emitter<readonly number[]>();
  readonly statusChanged = new Emitter<TailStatus>();
  readonly onDidReceive = this.received.event;
  readonly onDidSettle = this.settled.event;
  readonly onDidChangeStatus = this.statusChanged.event;
  readonly onDidNotice = new Emitter<never>().event;
  readonly unconfirmed = new Set<number>();
  readonly holding = {
    isConfirmed: (number: number) => !this.unconfirmed.has(number),
    onDidConfirm: this.confirmed.event,
  };

  constructor(messages = 1_000) {
    this.buffer = new MessageBuffer({ messages, bytes: 1e9 }, (number) => this.acks.isHeld(number));
  }

  get tail(): Tail {
    return this as unknown as Tail;
  }

  get heldCount(): number {
    return this.acks.heldCount;
  }

  stateOf(number: number) {
    return this.acks.stateOf(number);
  }

  heldNumbers(): number[] {
    return this.acks.heldNumbers();
  }

  /** So many messages come, with their numbers as bodies; they are held unless it is said otherwise. */
  receive(count: number, isHeld = false): void {
    for (let i = 0; i < count; i++) {
      const fields = { deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'q', consumerTag: '' };
      const content = Buffer.from(`body-${this.buffer.lastNumber + 1}.`);
      // Before it is added, or it might be dropped at once.
      if (isHeld) this.acks.hold(this.buffer.lastNumber + 1, 1);
      this.buffer.add({ fields, content, properties: {} } as ConsumeMessage, 0);
    }
    this.received.fire();
  }

  settle(numbers: number[], settlement: Settlement): void {
    const settled = this.acks.settle(numbers, settlement).map(({ number }) => number);
    for (const number of settled) this.unconfirmed.add(number);
    this.buffer.release(settled);
    this.settled.fire(settled);
  }

  confirm(numbers: number[]): void {
    for (const number of numbers) this.unconfirmed.delete(number);
    this.confirmed.fire(numbers);
  }
}
