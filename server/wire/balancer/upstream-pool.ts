/**
 * The connections from the balancer to one replica, kept alive between requests. The one used last
 * is used first, so that a quiet time lets the surplus grow old and go. Bounded in number and age:
 * idle ones are closed well before the replica would (75 s), which keeps the two from racing.
 */
import type { Ends } from "../../../shared/faults/link.ts";
import { CUT_REASON } from "../tap/gate.ts";
import { UpstreamConnection, type UpstreamConnectionOptions } from "./upstream-connection.ts";

/** What every connection of a balancer is made with. */
export type UpstreamMaking = Pick<
  UpstreamConnectionOptions,
  "now" | "gate" | "heads" | "headLimits"
>;

export interface UpstreamPoolOptions extends UpstreamMaking {
  host: string;
  port: number;
  /** Balancer and replica. */
  ends: Ends;
  /** The replica has ended a connection that served nobody. */
  onIdleEnd?(): void;
  onClose?(): void;
}

const IDLE_LIMIT_MS = 60_000;
export const MAX_IDLE = 8_192;

export class UpstreamPool {
  readonly #options: UpstreamPoolOptions;
  readonly #idle: UpstreamConnection[] = [];
  #isClosed = false;

  constructor(options: UpstreamPoolOptions) {
    this.#options = options;
  }

  get idle(): number {
    return this.#idle.length;
  }

  /** An idle connection, or a new one that is connecting. */
  take(): UpstreamConnection {
    for (;;) {
      const connection = this.#idle.pop();
      if (!connection) return this.open();
      if (connection.socket.writable) return connection;
    }
  }

  open(): UpstreamConnection {
    const { gate, ends } = this.#options;
    const opened = new UpstreamConnection({
      ...this.#options,
      onFree: (connection) => this.#keep(connection),
      onClose: (connection) => this.#forget(connection),
    });
    if (gate.cutFor(ends) !== undefined) opened.giveUp(CUT_REASON);
    return opened;
  }

  /** Closes what has been idle for too long. */
  sweep(nowMs: number): void {
    const young = this.#idle.findIndex((each) => nowMs - each.idleSinceMs < IDLE_LIMIT_MS);
    const old = this.#idle.splice(0, young < 0 ? this.#idle.length : young);
    for (const connection of old) connection.socket.destroy();
  }

  /** Closes idle connections; those in use close when they are done. */
  close(): void {
    this.#isClosed = true;
    this.dropIdle();
    this.#options.onClose?.();
  }

  dropIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.socket.destroy();
  }

  #keep(connection: UpstreamConnection): void {
    if (this.#isClosed || this.#idle.length >= MAX_IDLE) connection.socket.destroy();
    else this.#idle.push(connection);
  }

  #forget(connection: UpstreamConnection): void {
    // Those that die are nearly always busy ones, or the youngest idle ones: search from the end.
    const index = this.#idle.lastIndexOf(connection);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#options.onIdleEnd?.();
  }
}
