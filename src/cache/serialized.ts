import { DefaultDeserializer, DefaultSerializer } from 'node:v8';

/** What arrays of numbers may be among the values. */
const kinds = [Uint8Array, Int32Array, Uint32Array, Float64Array] as const;
/** How many bytes stand before the values, and say how long these are. */
const prefixBytes = 4;

/**
 * Values as bytes, as a structured clone takes them. Their arrays of numbers stand behind them as they lie in memory, each a piece by
 * itself: what may be large is not copied, and may not change until it is written.
 */
export function serialize(values: readonly unknown[]): readonly Uint8Array[] {
  const serializer = new ArraysApart();
  serializer.writeHeader();
  for (const value of values) serializer.writeValue(value);
  const written = serializer.releaseBuffer();
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(written.length);
  return [prefix, written, ...serializer.arrays];
}

/** The values that were written so, one by one. Throws where these bytes are none. */
export function* deserialize(bytes: Uint8Array): Generator<unknown, never> {
  const end = prefixBytes + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE();
  const deserializer = new ArraysBehind(bytes.subarray(prefixBytes, end), bytes.subarray(end));
  deserializer.readHeader();
  for (;;) yield deserializer.readValue();
}

class ArraysApart extends DefaultSerializer {
  readonly arrays: Uint8Array[] = [];

  _writeHostObject(array: NodeJS.ArrayBufferView): void {
    this.writeUint32(kinds.findIndex((Kind) => array instanceof Kind));
    this.writeUint32(array.byteLength);
    this.arrays.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
}

class ArraysBehind extends DefaultDeserializer {
  readonly #bytes: Uint8Array;
  #taken = 0;

  constructor(values: Uint8Array, bytes: Uint8Array) {
    super(values);
    this.#bytes = bytes;
  }

  _readHostObject(): NodeJS.ArrayBufferView {
    const Kind = kinds[this.readUint32()];
    const end = this.#taken + this.readUint32();
    if (Kind === undefined || end > this.#bytes.length) throw new Error('no array of numbers');
    const array = new Kind(new Uint8Array(this.#bytes.subarray(this.#taken, end)).buffer);
    this.#taken = end;
    return array;
  }
}
