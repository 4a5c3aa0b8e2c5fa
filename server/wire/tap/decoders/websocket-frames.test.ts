import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createByteBudget } from "../byte-budget.ts";
import { type Frame, FrameScanner } from "./websocket-frames.ts";

interface Sent {
  payload: Uint8Array;
  opcode: number;
  isMasked: boolean;
}

function encode({ payload, opcode, isMasked }: Sent): Buffer {
  const mask = isMasked ? [1, 200, 3, 4] : [];
  const size = payload.length;
  const maskBit = isMasked ? 0x80 : 0;
  const length =
    size < 126 ? [maskBit | size] : size < 65_536 ? [maskBit | 126, size >> 8, size & 255] : [];
  const header = Buffer.from([0x80 | opcode, ...length]);
  const body = Buffer.from(payload).map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return Buffer.concat([header, Buffer.from(mask), body]);
}

const sent = fc.record({
  payload: fc.uint8Array({ maxLength: 400 }),
  opcode: fc.constantFrom(1, 2, 8, 9, 10),
  isMasked: fc.boolean(),
});

function scan(bytes: Buffer, cuts: number[]): Frame[] {
  const scanner = new FrameScanner(createByteBudget());
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].flatMap((from, index) =>
    scanner.push(bytes.subarray(from, places[index] ?? bytes.length)),
  );
}

describe("WebSocket frames", () => {
  it("LB17 finds the same frames however the bytes are cut, and unmasks a copy", () => {
    fc.assert(
      fc.property(
        fc.array(sent, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (all, cuts) => {
          const bytes = Buffer.concat(all.map(encode));
          const before = Buffer.from(bytes);
          const frames = scan(bytes, cuts);
          expect(frames.map((frame) => [frame.opcode, frame.payload?.toString("hex")])).toEqual(
            all.map((each) => [each.opcode, Buffer.from(each.payload).toString("hex")]),
          );
          expect(frames.reduce((sum, frame) => sum + frame.bytes, 0)).toBe(bytes.length);
          expect(bytes.equals(before)).toBe(true);
        },
      ),
    );
  });

  it("LB17 counts frames that are too large to look at, and keeps none of them", () => {
    const scanner = new FrameScanner(createByteBudget());
    const header = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x30, 0, 0]);
    expect(scanner.push(header)).toEqual([]);
    const piece = Buffer.alloc(64 * 1024);
    const frames = Array.from({ length: 48 }, () => scanner.push(piece)).flat();
    expect(frames).toMatchObject([{ bytes: 0x30_0000 + 10, payload: undefined }]);
  });

  it("LB17 looks at no more frames at once than there is room for, and gives it back", () => {
    const budget = createByteBudget(150);
    const [first, second] = [new FrameScanner(budget), new FrameScanner(budget)];
    const start = Buffer.concat([Buffer.from([0x82, 125]), Buffer.alloc(100)]);
    for (const scanner of [first, second]) expect(scanner.push(start)).toEqual([]);
    expect(budget.leftBytes).toBe(50);
    const rest = Buffer.alloc(25);
    expect(second.push(rest)).toMatchObject([{ bytes: 127, payload: undefined }]);
    expect(first.push(rest)[0]?.payload?.length).toBe(125);
    expect(budget.leftBytes).toBe(150);
    first.push(start);
    first.drop();
    expect(budget.leftBytes).toBe(150);
  });

  it.each([
    ["a reserved opcode", [0x83, 0]],
    ["a length beyond what can be counted", [0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255]],
  ])("LB17 says of %s that it is no frame", (_what, bytes) => {
    expect(() => new FrameScanner(createByteBudget()).push(Buffer.from(bytes))).toThrow(
      "no WebSocket frames",
    );
  });

  it("LB17 neither hangs nor misbehaves over garbage", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.array(fc.nat(), { maxLength: 9 }),
        (bytes, cuts) => {
          try {
            scan(Buffer.from(bytes), cuts);
          } catch (error) {
            expect(String(error)).toContain("no WebSocket frames");
          }
        },
      ),
    );
  });
});
