/**
 * The bytes of one request on their way to a replica: with the trace context it gets where it has
 * none, kept until there is a connection, and kept longer where it may have to be sent a second time.
 */
import { traceIdOf } from "../tap/decoders/chat-words.ts";
import type { BodySample } from "./body-sample.ts";
import type { Crossing } from "./exchange-report.ts";
import type { RequestHead } from "./http-head.ts";
import { insertTraceparent } from "./traceparent.ts";
import type { UnitForwarder } from "./unit-forwarder.ts";

export class OutgoingRequest {
  readonly traceId: string | undefined;
  crossing: Crossing;
  isWhole = false;
  bodyHasBegun = false;
  readonly #head: RequestHead;
  readonly #added: string | undefined;
  #pieces: Buffer[] = [];
  /** A bodiless request that was sent. */
  #sent: Buffer[] = [];

  /** `added`: the traceparent to give it. */
  constructor(head: RequestHead, added: string | undefined, atMs: number) {
    this.#head = head;
    this.#added = added;
    this.traceId = traceIdOf(added ?? head.traceparent);
    this.crossing = { atMs, doneAtMs: atMs };
  }

  begin(headBytes: Buffer, sample: BodySample): void {
    const added = this.#added;
    const out = added === undefined ? headBytes : insertTraceparent(headBytes, added);
    sample.begin(out.length);
    sample.add(out);
    // What the client sent: the header that was added is not its.
    sample.bytes = headBytes.length;
    this.#pieces.push(out);
  }

  addBody(bytes: Buffer, sample: BodySample): void {
    this.bodyHasBegun = true;
    sample.add(bytes);
    this.#pieces.push(bytes);
  }

  end(atMs: number): void {
    this.isWhole = true;
    this.crossing = { atMs, doneAtMs: atMs };
  }

  /** Its last byte has left. */
  left(doneAtMs: number): void {
    this.crossing = { atMs: this.crossing.atMs, doneAtMs };
  }

  moveTo(link: UnitForwarder): void {
    for (const piece of this.#pieces) link.add(piece);
    if (this.#head.body === 0) this.#sent = this.#pieces;
    this.#pieces = [];
  }

  /** It never left: its bytes are to go another way. */
  takeBack(bytes: Buffer[]): void {
    this.#pieces = [...bytes, ...this.#pieces];
    this.#sent = [];
  }

  /** Whether it could be sent again without harm. */
  get isRepeatable(): boolean {
    const { method } = this.#head;
    return (method === "GET" || method === "HEAD") && this.#sent.length > 0;
  }

  /** Once more from its start, if it can be and was sent at all. */
  repeat(): void {
    if (this.#sent.length > 0) this.#pieces = this.#sent;
  }

  /** A response has begun: it will not be sent again. */
  forget(): void {
    this.#sent = [];
  }
}
