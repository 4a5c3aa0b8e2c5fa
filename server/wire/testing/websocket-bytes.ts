/** WebSocket frames for tests, as RFC 6455 (5.2) has them; written from the RFC, not from our scanner. */
import fc from "fast-check";

interface SentFrame {
  opcode: number;
  isFinal: boolean;
  isCompressed: boolean;
  isMasked: boolean;
  payload: Uint8Array;
}

function encodeFrame(frame: SentFrame): Buffer {
  const { opcode, isFinal, isCompressed, isMasked, payload } = frame;
  const size = payload.length;
  const first = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode;
  const maskBit = isMasked ? 0x80 : 0;
  const length = size < 126 ? [maskBit | size] : [maskBit | 126, size >> 8, size & 255];
  const mask = isMasked ? [7, 200, 13, 99] : [];
  const body = Buffer.from(payload).map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return Buffer.concat([Buffer.from([first, ...length, ...mask]), body]);
}

const text = fc
  .constantFrom("2", "3", '42["message",{"id":7,"room":"lobby","text":"x"}]', "40", "4x", "¿")
  .map((words) => new TextEncoder().encode(words));
const noise = fc.uint8Array({ maxLength: 400 });

const whole = fc.record({
  opcode: fc.constantFrom(1, 2),
  isFinal: fc.constant(true),
  isCompressed: fc.boolean(),
  payload: fc.oneof(text, noise),
});
const control = fc.record({
  opcode: fc.constantFrom(8, 9, 10),
  isFinal: fc.constant(true),
  isCompressed: fc.constant(false),
  payload: fc.uint8Array({ maxLength: 125 }),
});
type Unmasked = Omit<SentFrame, "isMasked">;
/** A packet in three fragments, with control frames in between. */
const fragmented = fc
  .tuple(noise, control, noise, control, noise)
  .map(([a, first, b, second, c]): Unmasked[] => [
    { opcode: 1, isFinal: false, isCompressed: false, payload: a },
    first,
    { opcode: 0, isFinal: false, isCompressed: false, payload: b },
    second,
    { opcode: 0, isFinal: true, isCompressed: false, payload: c },
  ]);

/** Frames as a client (masked) or a server (not) would send them. */
export function framesFrom(sender: "client" | "server"): fc.Arbitrary<Buffer> {
  const some = fc.oneof(
    whole.map((frame): Unmasked[] => [frame]),
    control.map((frame): Unmasked[] => [frame]),
    fragmented,
  );
  return fc
    .array(some, { minLength: 1, maxLength: 5 })
    .map((lists) =>
      Buffer.concat(
        lists.flat().map((frame) => encodeFrame({ ...frame, isMasked: sender === "client" })),
      ),
    );
}
