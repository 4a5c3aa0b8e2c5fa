/**
 * Gives a request a W3C trace context where it has none: the one header the balancer adds.
 */
import { randomFillSync } from "node:crypto";

const BATCH = 24 * 512;
const SIZE = 24;

/** Makes traceparents from random bytes that are drawn in batches: one draw a request is slow. */
export function createTraceparents(): () => string {
  const bytes = Buffer.allocUnsafe(BATCH);
  let used = BATCH;
  return () => {
    if (used === BATCH) {
      randomFillSync(bytes);
      used = 0;
    }
    const traceId = bytes.toString("hex", used, used + 16);
    const spanId = bytes.toString("hex", used + 16, used + SIZE);
    used += SIZE;
    return `00-${traceId}-${spanId}-01`;
  };
}

const LINE = "traceparent: ";

/** `head` ends in an empty line; the header goes in front of it, every other byte stays. */
export function insertTraceparent(head: Buffer, traceparent: string): Buffer {
  const added = LINE.length + traceparent.length + 2;
  const out = Buffer.allocUnsafe(head.length + added);
  const end = head.length - 2;
  head.copy(out, 0, 0, end);
  out.write(`${LINE}${traceparent}\r\n\r\n`, end, "latin1");
  return out;
}
