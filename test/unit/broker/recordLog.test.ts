import assert from 'node:assert/strict';
import { RecordLog } from '../../../src/broker/consume/recordLog.ts';

const recordBytes = 1000;

/** Appends records, keeps the newest ten, and returns the memory that they were written to. */
function flood(log: RecordLog, records: number, look?: (record: number) => void): Set<ArrayBufferLike> {
  const memory = new Set<ArrayBufferLike>();
  for (let i = 0; i < records; i++) {
    log.append(recordBytes, (bytes, start) => {
      memory.add(bytes.buffer);
      return bytes.writeUInt32LE(i, start) - 4 + recordBytes;
    });
    if (log.size > 10) log.drop();
    look?.(i);
  }
  return memory;
}

describe('the log of records', () => {
  it('writes to the same memory again when a flood passes that nobody looks into', () => {
    assert.ok(flood(new RecordLog(), 20_000).size <= 3);
  });

  it('leaves alone what somebody was given to keep', () => {
    const log = new RecordLog();
    const lent: { bytes: Buffer; start: number; record: number }[] = [];
    const memory = flood(log, 20_000, (record) => {
      const place = record % 1000 === 0 ? log.lend(log.size - 1) : undefined;
      if (place) lent.push({ ...place, record });
    });
    for (const { bytes, start, record } of lent) assert.equal(bytes.readUInt32LE(start), record);
    assert.ok(memory.size >= 19);
  });

  it('has its records in order, whatever their sizes and however many are dropped', () => {
    const log = new RecordLog();
    const sizes = [10, 300_000, 20, 1_000_000, 30, 2_000_000, 40, 200_000, 200_000, 200_000, 200_000, 200_000, 50];
    let last = -1;
    for (let round = 0; round < 60; round++) {
      for (const size of sizes) {
        last++;
        log.append(size, (bytes, start) => bytes.writeUInt32LE(last, start) - 4 + size);
      }
      for (let i = 0; i < round % 26; i++) log.drop();
      for (let i = 0; i < log.size; i++) {
        const place = log.at(i);
        assert.equal(place?.bytes.readUInt32LE(place.start), last + 1 - log.size + i);
      }
    }
    assert.ok(log.size > 26);
    for (const nowhere of [-1, log.size, 0.5, Number.NaN]) assert.equal(log.at(nowhere), undefined);
    while (log.size > 0) log.drop();
    log.drop();
    assert.equal(log.at(0), undefined);
  });
});
