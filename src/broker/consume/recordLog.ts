/** Records are packed into slabs of so many bytes; a large one has a slab of its own. */
const slabBytes = 1 << 20;
const largeBytes = slabBytes / 4;
/** Of slabs that nobody has looked into, so many wait to be written anew. */
const mostSpare = 2;

interface Slab {
  readonly bytes: Buffer;
  /** Somebody was given a view of it, and may have kept it. */
  lent: boolean;
}

/** Where a record is. */
export interface RecordPlace {
  readonly bytes: Buffer;
  readonly start: number;
}

/**
 * Records one after the other, in slabs outside Node's pool: no object stands for a record, so that a flood leaves the garbage
 * collector nothing to do. Records are dropped from the front only. A slab is written anew when all its records are dropped,
 * unless something of it was lent; then it is the garbage collector's.
 */
export class RecordLog {
  /** Of each record its slab's place in the sequence of slabs times `slabBytes`, and its start in there; a ring. */
  #places = new Float64Array(256);
  #first = 0;
  #end = 0;
  readonly #slabs = new Map<number, Slab>();
  #lastSlab = -1;
  #used = slabBytes;
  #spare: Slab[] = [];

  get size(): number {
    return this.#end - this.#first;
  }

  /**
   * Appends a record.
   * @param room at least as many bytes as the record will have
   * @param write returns where it ends
   */
  append(room: number, write: (bytes: Buffer, start: number) => number): void {
    if (this.size === this.#places.length) this.#grow();
    const isLarge = room > largeBytes;
    if (isLarge || this.#used + room > slabBytes) this.#open(isLarge ? room : slabBytes);
    const { bytes } = this.#slabs.get(this.#lastSlab) as Slab;
    this.#places[this.#end & (this.#places.length - 1)] = this.#lastSlab * slabBytes + this.#used;
    this.#used = write(bytes, this.#used);
    this.#end++;
    // The next one begins another.
    if (isLarge) this.#used = slabBytes;
  }

  /** The i-th record, 0 being the oldest: to be read now, and not kept. */
  at(index: number): RecordPlace | undefined {
    return this.#at(index, false);
  }

  /** The same for whoever may keep it. */
  lend(index: number): RecordPlace | undefined {
    return this.#at(index, true);
  }

  /** Drops the oldest record. */
  drop(): void {
    if (this.size === 0) return;
    const before = this.#slabOf(this.#first++);
    const now = this.size === 0 ? before : this.#slabOf(this.#first);
    for (let each = before; each < now; each++) this.#release(each);
  }

  clear(): void {
    this.#first = this.#end;
    this.#slabs.clear();
    this.#spare = [];
    this.#used = slabBytes;
  }

  #at(index: number, lend: boolean): RecordPlace | undefined {
    if (!(index >= 0 && index < this.size) || !Number.isInteger(index)) return undefined;
    const place = this.#places[(this.#first + index) & (this.#places.length - 1)] as number;
    const slab = this.#slabs.get(Math.floor(place / slabBytes)) as Slab;
    if (lend) slab.lent = true;
    return { bytes: slab.bytes, start: place % slabBytes };
  }

  #slabOf(record: number): number {
    return Math.floor((this.#places[record & (this.#places.length - 1)] as number) / slabBytes);
  }

  #open(length: number): void {
    const spare = length === slabBytes ? this.#spare.pop() : undefined;
    this.#slabs.set(++this.#lastSlab, spare ?? { bytes: Buffer.allocUnsafeSlow(length), lent: false });
    this.#used = 0;
  }

  #release(slab: number): void {
    const released = this.#slabs.get(slab);
    this.#slabs.delete(slab);
    if (!released || released.lent || released.bytes.length !== slabBytes) return;
    if (this.#spare.length < mostSpare) this.#spare.push(released);
  }

  #grow(): void {
    const old = this.#places;
    const grown = new Float64Array(old.length * 2);
    for (let i = this.#first; i < this.#end; i++) grown[i & (grown.length - 1)] = old[i & (old.length - 1)] as number;
    this.#places = grown;
  }
}
