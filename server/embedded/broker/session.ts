/**
 * One client of the embedded broker: its socket, what it has said of itself, what it listens to.
 * It moves bytes and keeps the output bounded; what commands mean is in `commands/`.
 */
import type { Socket } from "node:net";
import type { RespValue } from "../../protocols/resp.ts";
import type { BrokerLimits } from "./limits.ts";
import { encode, type Protocol } from "./resp-encode.ts";
import type { Subscriber } from "./subscriptions.ts";

export class Session implements Subscriber {
  readonly id: number;
  readonly remote: string;
  readonly connectedAtMs: number;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  protocol: Protocol = 2;
  authenticated: boolean;
  database = 0;
  name = "";
  library = { name: "", version: "" };
  /** Of a command that is not whole yet. */
  pendingBytes = 0;
  /** Set by QUIT: nothing after it is obeyed. */
  quitting = false;

  readonly #socket: Socket;
  readonly #limits: BrokerLimits;
  readonly #now: () => number;
  readonly #log: (text: string) => void;
  #corked = false;
  #overSoftSinceMs: number | undefined;
  /** Pushes to itself while its own command runs: they follow the command's reply. */
  #ownPushes: Buffer[] | undefined;

  constructor(options: {
    id: number;
    socket: Socket;
    authenticated: boolean;
    limits: BrokerLimits;
    now: () => number;
    log: (text: string) => void;
  }) {
    this.id = options.id;
    this.authenticated = options.authenticated;
    this.#socket = options.socket;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#log = options.log;
    this.remote = `${options.socket.remoteAddress}:${options.socket.remotePort}`;
    this.connectedAtMs = options.now();
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  reply(value: RespValue): void {
    this.#write(encode(value, this.protocol));
  }

  /** A push by somebody's publish, encoded already (once for all receivers). */
  push(bytes: Buffer): void {
    if (this.#ownPushes) this.#ownPushes.push(bytes);
    else this.#write(bytes);
    this.#keepOutputBounded();
  }

  /** Runs one command; what it pushes to this very client comes after its reply. */
  during(command: () => void): void {
    this.#ownPushes = [];
    command();
    const pushes = this.#ownPushes;
    this.#ownPushes = undefined;
    for (const bytes of pushes) this.#write(bytes);
  }

  /** Closes once everything said so far is sent, whether the client closes its end or not. */
  end(): void {
    this.quitting = true;
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.quitting = true;
    this.#socket.destroy();
  }

  #write(bytes: Buffer): void {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return;
    if (!this.#corked) {
      // One system call for all that is said in this turn of the event loop.
      this.#corked = true;
      socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        socket.uncork();
      });
    }
    socket.write(bytes);
    if (socket.writableLength > this.#limits.replyBacklogBytes && !socket.isPaused()) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  }

  #keepOutputBounded(): void {
    const unsent = this.unsentBytes;
    if (unsent <= this.#limits.softOutputBytes) {
      this.#overSoftSinceMs = undefined;
      return;
    }
    this.#overSoftSinceMs ??= this.#now();
    const overMs = this.#now() - this.#overSoftSinceMs;
    if (unsent > this.#limits.hardOutputBytes || overMs >= this.#limits.softOutputMs) {
      this.#log(`client ${this.id} (${this.remote}) disconnected: ${unsent} bytes unsent`);
      this.destroy();
    }
  }
}
