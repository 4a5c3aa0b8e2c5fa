/**
 * W3C trace context. A replica does not trace; it passes on the `traceparent` of the request that
 * brought a message, wherever that message goes, so that whoever watches can follow it.
 */
import { randomBytes } from "node:crypto";

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header's value if it is a valid one. */
export function readTraceparent(header: unknown): string | undefined {
  return typeof header === "string" && TRACEPARENT.test(header) ? header : undefined;
}

/** A new trace, for a message that came by another way than a request. */
export function startTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}
