/** How long a client may keep the balancer waiting (LB13, LB24), and who reads nothing. */
import type { Socket } from "node:net";

export const CLIENT_LIMITS = {
  /** Nothing is asked. */
  idleMs: 120_000,
  /** A head has begun. */
  headMs: 15_000,
  /** A body has begun, and nothing more of it comes. */
  bodyMs: 30_000,
  /** The last answer is out; what still comes is thrown away so that the client can read it. */
  closingMs: 2_000,
  /** Something waits for the client, and nothing of it could be handed to the system. */
  // An honest slow reader may show no progress for a minute: the kernel tells of it in megabytes.
  unreadMs: 110_000,
} as const;

export class UnreadWatch {
  readonly #socket: Socket;
  readonly #limitMs: number;
  /** How many bytes it had been given when it last took any, and when that was. */
  #taken = 0;
  #takenMs = 0;

  constructor(socket: Socket, limitMs: number) {
    this.#socket = socket;
    this.#limitMs = limitMs;
  }

  /** Whether something has waited for the client for too long, while it took nothing at all. Asked now and then. */
  isStuck(nowMs: number): boolean {
    const waiting = this.#socket.writableLength;
    const taken = this.#socket.bytesWritten - waiting;
    if (waiting === 0 || taken !== this.#taken) {
      this.#taken = taken;
      this.#takenMs = nowMs;
    }
    return nowMs - this.#takenMs > this.#limitMs;
  }
}
