import fc from "fast-check";
import { encode } from "notepack.io";
import { describe, expect, it } from "vitest";
import { MsgpackError, unpack, unpackedToJson } from "./msgpack.ts";

describe("MessagePack", () => {
  it("TAP15 reads back whatever JSON value the adapter's encoder writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        // Through JSON once, which has no -0; the encoder overflows at integers beyond 2^64.
        const plain: unknown = JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
          Number.isInteger(item) && !Number.isSafeInteger(item) ? 7 : item,
        );
        expect(unpackedToJson(unpack(encode(plain) as Buffer))).toEqual(plain);
      }),
    );
  });

  it.each([0, 127, 128, 65_536, 2 ** 40, -1, -33, -40_000, -(2 ** 40), 1.5])(
    "TAP15 reads the number %d",
    (number) => {
      expect(unpack(encode(number) as Buffer)).toBe(number);
    },
  );

  it("TAP15 refuses lengths that are not there, deep nesting and extensions", () => {
    const refused = [
      Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0xc9, 0xff, 0xff, 0xff, 0xff, 0x00]),
      Buffer.from([0xdb, 0x7f, 0xff, 0xff, 0xff]),
      Buffer.alloc(1_000, 0x91),
      // A key that is a map whose key is a map …: its words would double with each.
      Buffer.concat([Buffer.alloc(30, 0x81), Buffer.from("a1610101".repeat(15), "hex")]),
      Buffer.from([0x01, 0x02]),
    ];
    for (const bytes of refused) expect(() => unpack(bytes)).toThrow(MsgpackError);
  });

  it("TAP15 garbage is read or refused, never anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          unpackedToJson(unpack(Buffer.from(bytes)));
        } catch (error) {
          expect(error).toBeInstanceOf(MsgpackError);
        }
      }),
    );
  });
});
