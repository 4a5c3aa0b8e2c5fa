/**
 * One connection through a tap: two sockets, and a link for each direction.
 * Here is how it ends: a FIN is passed on as a FIN once what came before it is forwarded, a reset as a
 * reset, and a target that refuses makes the replica see its own connection refused as well as TCP
 * allows (accepted, then reset).
 */
import { connect, type Socket } from "node:net";
import type { Side } from "../../../shared/contracts/ids.ts";
import type { CutEnding } from "../../../shared/faults/cut.ts";
import { closeAfterWrites } from "./close-after-writes.ts";
import { endSocket } from "./end-socket.ts";
import { type Crosser, CUT_REASON, type Gate } from "./gate.ts";
import { Link } from "./link.ts";
import type { ConnectionDecoder, HopDraft } from "./unit.ts";

const CONNECT_WITHIN_MS = 10_000;

/** Of a connection. */
export type End = "replica" | "target";

export interface TapConnectionOptions {
  replica: Socket;
  target: { host: string; port: number };
  decoder: ConnectionDecoder;
  gate: Gate;
  /** The participants on both sides. */
  names: Record<End, Crosser["from"]>;
  pattern?: Side;
  now(): number;
  /** A hop that `from` sent to the other side. */
  report(from: End, hop: HopDraft, at: number, doneAt: number): void;
  /** Both sides are gone. `by` ended it; `reason` when it was no ordinary end. */
  onClose(by: End, reason: string | undefined): void;
  onUndecodable(error: unknown): void;
}

export class TapConnection {
  readonly #replica: Socket;
  readonly #target: Socket;
  readonly #options: TapConnectionOptions;
  #endedBy: End | undefined;
  #reason: string | undefined;
  #open = 2;

  constructor(options: TapConnectionOptions) {
    this.#options = options;
    this.#replica = options.replica;
    this.#target = connect({ ...options.target, allowHalfOpen: true, noDelay: true });
    this.#giveUpConnecting(this.#target);
    this.#replica.setNoDelay(true);
    const { gate, now, decoder, onUndecodable, names, pattern } = options;
    const shared = { gate, now, onUndecodable };
    const between = (from: End, to: End) => ({
      from: names[from],
      to: names[to],
      ...(pattern !== undefined && { pattern }),
    });
    const up = new Link({
      ...shared,
      source: this.#replica,
      target: this.#target,
      decoder: decoder.requests,
      parties: between("replica", "target"),
      report: (hop, at, doneAt) => options.report("replica", hop, at, doneAt),
    });
    const down = new Link({
      ...shared,
      source: this.#target,
      target: this.#replica,
      decoder: decoder.replies,
      parties: between("target", "replica"),
      canDrop: (hop) => hop.kind === "redis.push",
      report: (hop, at, doneAt) => options.report("target", hop, at, doneAt),
    });
    this.#passEnds("replica", { link: up, back: down }, this.#replica, this.#target);
    this.#passEnds("target", { link: down, back: up }, this.#target, this.#replica);
  }

  destroy(): void {
    this.#reason ??= "tap closed";
    this.#replica.destroy();
    this.#target.destroy();
  }

  /** Its link is cut: both sides see it end in that way. */
  cut(how: CutEnding): void {
    this.#reason ??= CUT_REASON;
    endSocket(this.#replica, how);
    endSocket(this.#target, how);
  }

  #giveUpConnecting(target: Socket): void {
    target.setTimeout(CONNECT_WITHIN_MS, () => target.destroy(new Error("no connection in time")));
    target.once("connect", () => target.setTimeout(0));
  }

  #passEnds(side: End, { link, back }: { link: Link; back: Link }, source: Socket, other: Socket) {
    source.on("end", () => {
      this.#endedBy ??= side;
      link.end(() => other.end());
    });
    source.on("error", (error: NodeJS.ErrnoException) => {
      this.#endedBy ??= side;
      this.#reason ??= error.code ?? error.message;
    });
    source.on("close", () => {
      this.#endedBy ??= side;
      const isBroken = !source.readableEnded || source.errored;
      back.abandon();
      link.end(() => {
        if (isBroken) closeAfterWrites(other);
      });
      this.#open -= 1;
      if (this.#open === 0) this.#options.onClose(this.#endedBy, this.#reason);
    });
  }
}
