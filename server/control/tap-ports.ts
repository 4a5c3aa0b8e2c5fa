/**
 * The two tap ports of each replica: where it finds "its" broker and store.
 *
 * Given out once per replica id and kept, also over restarts of the wire, so that a replica's
 * connections find their way back. They lie below the ephemeral range, where no outgoing
 * connection can take them while the wire is away.
 */
import type { ReplicaId } from "../../shared/contracts/ids.ts";
import { isFree } from "../processes/free-ports.ts";

export interface TapPorts {
  broker: number;
  store: number;
}

const RANGE = { from: 20_000, to: 31_999 };
export const TAP_HOST = "127.0.0.1";

export class TapPortBook {
  readonly #byReplica = new Map<ReplicaId, TapPorts>();
  readonly #taken = new Set<number>();
  #next: number;

  /** Starts looking somewhere random, so that two playgrounds seldom meet. */
  constructor(random: () => number) {
    this.#next = RANGE.from + Math.floor(random() * (RANGE.to - RANGE.from));
  }

  of(replica: ReplicaId): TapPorts | undefined {
    return this.#byReplica.get(replica);
  }

  async allocate(replica: ReplicaId): Promise<TapPorts> {
    const known = this.#byReplica.get(replica);
    if (known !== undefined) return known;
    const ports = { broker: await this.#findFree(), store: await this.#findFree() };
    this.#byReplica.set(replica, ports);
    return ports;
  }

  async #findFree(): Promise<number> {
    for (let tried = 0; tried <= RANGE.to - RANGE.from; tried++) {
      const port = this.#next;
      this.#next = port === RANGE.to ? RANGE.from : port + 1;
      if (this.#taken.has(port)) continue;
      this.#taken.add(port); // Before the question, so that two askers never get the same.
      if (await isFree(TAP_HOST, port)) return port;
    }
    throw new Error(`No free port between ${RANGE.from} and ${RANGE.to}.`);
  }
}
