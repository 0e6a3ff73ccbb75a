/**
 * A header table as amqplib gives it. One that amqplib would encode in other bytes than it came in has these beside its
 * values, out of sight: as long as it is handed on whole, it is published as it came.
 */
export type FieldTable = Record<string, unknown>;

/** By `Symbol.for`: what loads amqplib may have a copy of this module. */
const wire: unique symbol = Symbol.for('warren.fieldTable') as never;
const size: unique symbol = Symbol.for('warren.fieldTableSize') as never;
/** Of shorter tables, which nearly all are, the length is not kept; in bytes. */
const shortest = 256;

/**
 * The bytes of a table as it came, without their length; undefined where its values say all, and for a table that was not
 * decoded here. A copy of the table (`{ ...headers }`) has none: its numbers get the types that amqplib guesses.
 */
export function wireBytes(table: object): Uint8Array | undefined {
  const own: unknown = Object.hasOwn(table, wire) ? (table as { [wire]?: unknown })[wire] : undefined;
  return own instanceof Uint8Array ? own : undefined;
}

/** How long a table was as it came, in bytes; 0 for a short one, and for one that was not decoded here. */
export function longTableBytes(table: object): number {
  return (table as { readonly [size]?: number })[size] ?? 0;
}

/**
 * Reads a field table, to the values that amqplib's own decoder gives, and `L` to a number as `l`. Values of `x` are copied,
 * and a name `__proto__` is a name.
 * @param bytes without the length; not kept
 * @throws RangeError for a table that ends too early, or is nested deeper than the stack; TypeError `Unexpected type tag "?"`
 * @see amqplib `lib/codec.js`, https://www.rabbitmq.com/amqp-0-9-1-errata#section_3 and RabbitMQ's rabbit_binary_parser.erl
 */
export function decodeTable(bytes: Buffer): FieldTable {
  return new TableReader(bytes).read();
}

class TableReader {
  readonly #bytes: Buffer;
  /** Where the table that is being read ends. */
  #end: number;
  #at = 0;
  /** Whether amqplib would encode what has been read of this table in other bytes. */
  #changes = false;
  #copy: Buffer | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  read(): FieldTable {
    const start = this.#at;
    const end = this.#end;
    const table: FieldTable = {};
    while (this.#at < end) {
      const name = this.#text(this.#bytes.readUInt8(this.#at++));
      if (isOddName(name) || Object.hasOwn(table, name)) this.#changes = true;
      const value = this.#value();
      if (name === '__proto__') define(table, name, value);
      else table[name] = value;
    }
    if (this.#at !== end) this.#changes = true;
    if (end - start > shortest) Object.defineProperty(table, size, { value: end - start });
    if (this.#changes) {
      this.#copy ??= Buffer.from(this.#bytes);
      Object.defineProperty(table, wire, { value: this.#copy.subarray(start, end) });
    }
    return table;
  }

  #value(): unknown {
    const at = ++this.#at;
    const bytes = this.#bytes;
    const tag = bytes[at - 1] ?? 0;
    switch (tag) {
      case 0x53: // S
        return this.#text(this.#length());
      case 0x62: // b
        this.#at += 1;
        return bytes.readInt8(at);
      case 0x73: // s
        this.#at += 2;
        return this.#guessed(bytes.readInt16BE(at), 2 ** 7);
      case 0x49: // I
        this.#at += 4;
        return this.#guessed(bytes.readInt32BE(at), 2 ** 15);
      case 0x6c: // l
        this.#at += 8;
        return this.#guessed(Number(bytes.readBigInt64BE(at)), 2 ** 31);
      case 0x64: // d
        this.#at += 8;
        return this.#double(bytes.readDoubleBE(at));
      case 0x74: // t
        this.#at += 1;
        if ((bytes[at] ?? 2) > 1) this.#changes = true;
        return bytes[at] !== 0;
      case 0x56: // V
        return null;
      case 0x54: // T
        this.#at += 8;
        return { '!': 'timestamp', value: this.#safe(Number(bytes.readBigUInt64BE(at))) };
      case 0x44: // D
        this.#at += 5;
        return { '!': 'decimal', value: { places: bytes.readUInt8(at), digits: bytes.readUInt32BE(at + 1) } };
      case 0x78: // x
        return Buffer.from(this.#take(this.#length()));
      case 0x46: // F
        return this.#nested(() => this.read());
      case 0x41: // A
        return this.#nested(() => this.#array());
      default:
        this.#changes = true;
        return this.#otherNumber(tag, at);
    }
  }

  /** Types that amqplib only encodes when told to, and `L`, which it never does. */
  #otherNumber(tag: number, at: number): number {
    const bytes = this.#bytes;
    switch (tag) {
      case 0x42: // B
        this.#at += 1;
        return bytes.readUInt8(at);
      case 0x75: // u
        this.#at += 2;
        return bytes.readUInt16BE(at);
      case 0x69: // i
        this.#at += 4;
        return bytes.readUInt32BE(at);
      case 0x66: // f
        this.#at += 4;
        return bytes.readFloatBE(at);
      case 0x4c: // L
        this.#at += 8;
        return Number(bytes.readBigInt64BE(at));
      default:
        throw new TypeError(`Unexpected type tag "${String.fromCharCode(tag)}"`);
    }
  }

  /** amqplib encodes an integer in the smallest of b, s, I and l; `least` is the first that needs the type read. */
  #guessed(value: number, least: number): number {
    if (value >= -least && value < least) this.#changes = true;
    return this.#safe(value);
  }

  #safe(value: number): number {
    if (!Number.isSafeInteger(value)) this.#changes = true;
    return value;
  }

  /** As amqplib's `isFloatingPoint` tells a double; whatever else it takes for an integer. */
  #double(value: number): number {
    const isDouble = value >= 2 ** 63 || (Math.abs(value) < 2 ** 50 && !Number.isInteger(value));
    if (!isDouble) this.#changes = true;
    return value;
  }

  #array(): unknown[] {
    const end = this.#end;
    const items: unknown[] = [];
    while (this.#at < end) items.push(this.#value());
    if (this.#at !== end) this.#changes = true;
    return items;
  }

  /** A table or an array in this one: it ends where its length says. */
  #nested<T>(read: () => T): T {
    const length = this.#length();
    const outer = { end: this.#end, changes: this.#changes };
    const end = this.#at + length;
    this.#end = Math.min(end, outer.end);
    this.#changes = end > outer.end;
    const value = read();
    this.#at = end;
    this.#end = outer.end;
    this.#changes ||= outer.changes;
    return value;
  }

  #length(): number {
    const length = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return length;
  }

  #text(length: number): string {
    const start = this.#at;
    this.#at += length;
    const text = this.#bytes.toString('utf8', start, Math.min(this.#at, this.#end));
    // What is no UTF-8 is read as U+FFFD.
    if (text.includes('\uFFFD')) this.#changes = true;
    return text;
  }

  #take(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, Math.min(this.#at, this.#end));
  }
}

/** One that is special to objects, or to amqplib's encoder: `{ '!': … }` gives a type. Integers leave their place. */
function isOddName(name: string): boolean {
  const first = name.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || name === '!' || name === '__proto__';
}

function define(table: object, name: string, value: unknown): void {
  Object.defineProperty(table, name, { value, enumerable: true, configurable: true, writable: true });
}
