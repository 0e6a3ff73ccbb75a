import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ChannelModel } from 'amqplib';
import { closeModel } from '../../../src/broker/connection/model.ts';

describe('closing a connection', () => {
  it('takes a socket that fails meanwhile for the end, and throws nothing', async () => {
    const events = new EventEmitter();
    let dropped = false;
    const connection = { stream: { destroy: () => (dropped = true) } };
    const close = (): Promise<void> => {
      setImmediate(() => {
        for (const event of ['error', 'close']) events.emit(event, new Error('read ECONNRESET'));
      });
      return new Promise(() => {});
    };
    await closeModel(Object.assign(events, { connection, close }) as unknown as ChannelModel);
    assert.equal(dropped, true);
  });
});
