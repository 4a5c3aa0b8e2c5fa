/**
 * Reads the MessagePack that the Socket.IO Redis adapter writes (`[uid, packet, options]`).
 * Only what JSON could say is read: extension types, oversized lengths and deep nesting are refused, because
 * whoever can publish can write these bytes, and a general decoder allocates whatever a length claims.
 */
export type Unpacked =
  | null
  | boolean
  | number
  | string
  | Buffer
  | Unpacked[]
  | Map<string, Unpacked>;

export class MsgpackError extends Error {
  override name = "MsgpackError";
}

const MAX_DEPTH = 32;

export function unpack(bytes: Buffer): Unpacked {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.atEnd) throw new MsgpackError("bytes after the value");
  return value;
}

/** The same value as JSON would have it, for showing. */
export function unpackedToJson(value: Unpacked): unknown {
  if (Array.isArray(value)) return value.map(unpackedToJson);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, unpackedToJson(item)]));
  }
  return Buffer.isBuffer(value) ? `<${value.length} bytes>` : value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Unpacked {
    if (depth > MAX_DEPTH) throw new MsgpackError("nested too deeply");
    const prefix = this.#unsigned(1);
    if (prefix < 0x80) return prefix;
    if (prefix < 0x90) return this.#map(prefix & 0x0f, depth);
    if (prefix < 0xa0) return this.#array(prefix & 0x0f, depth);
    if (prefix < 0xc0) return this.#text(prefix & 0x1f);
    if (prefix >= 0xe0) return prefix - 0x100;
    return this.#longer(prefix, depth);
  }

  #longer(prefix: number, depth: number): Unpacked {
    switch (prefix) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return prefix === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(1 << (prefix - 0xc4)));
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#unsigned(1 << (prefix - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#signed(1 << (prefix - 0xd0));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (prefix - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 << (prefix - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 << (prefix - 0xde)), depth);
      default:
        throw new MsgpackError(`type ${prefix} is not read here`);
    }
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new MsgpackError("ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #unsigned(size: number): number {
    const bytes = this.#take(size);
    return size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
  }

  #signed(size: number): number {
    const bytes = this.#take(size);
    return size === 8 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, size);
  }

  #text(length: number): string {
    return this.#take(length).toString();
  }

  #array(length: number, depth: number): Unpacked[] {
    const items: Unpacked[] = [];
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1));
    return items;
  }

  #map(length: number, depth: number): Map<string, Unpacked> {
    const map = new Map<string, Unpacked>();
    for (let i = 0; i < length; i++) {
      // As JSON has it. Any other key in words grows without bound where keys have keys.
      const key = this.value(depth + 1);
      if (typeof key !== "string") throw new MsgpackError("a key that is no text");
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}
