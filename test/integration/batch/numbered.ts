import type { BatchSource } from '../../../src/broker/batch/batchRun.ts';
import type { Draft } from '../../../src/broker/publish/draft.ts';

/** Persistent messages whose bodies are the numbers from 1, read piece by piece as a file is. */
export function numbered(queue: string, count: number): BatchSource {
  return {
    async *drafts() {
      for (let number = 1; number <= count; number++) {
        if (number % 100 === 0) await new Promise(setImmediate);
        yield draftOf(queue, number);
      }
    },
  };
}

function draftOf(queue: string, number: number): Draft {
  const properties = { persistent: true, messageId: String(number) };
  return { exchange: '', routingKey: queue, content: Buffer.from(String(number)), properties };
}
