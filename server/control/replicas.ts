/**
 * The replicas of both patterns: how many there are, and what a person does to one of them.
 *
 * Scaling is one at a time per pattern. Upwards, each new replica's taps listen before it starts;
 * downwards, each drains before it goes, so nothing acknowledged is lost.
 */
import type { Replica as ReplicaView } from "../../shared/contracts/control.ts";
import {
  PATTERN_PREFIX,
  PATTERNS,
  type Pattern,
  type ReplicaId,
} from "../../shared/contracts/ids.ts";
import { Refusal } from "./refusal.ts";
import { Replica, type ReplicaContext } from "./replica.ts";
import { TaskQueue } from "./task-queue.ts";

export const MAX_REPLICAS = 16;
export const DRAIN_DEADLINE_MS = 3_000;
const CHECK_EVERY_MS = 1_000;

export interface ReplicasContext extends ReplicaContext {
  /** Gives the replica its tap ports. */
  allocatePorts(id: ReplicaId): Promise<unknown>;
}

export class Replicas {
  readonly #context: ReplicasContext;
  readonly #replicas: Record<Pattern, Replica[]> = { "long-polling": [], "web-sockets": [] };
  readonly #queues = { "long-polling": new TaskQueue(), "web-sockets": new TaskQueue() };
  #isStopping = false;

  constructor(context: ReplicasContext) {
    this.#context = context;
  }

  of(pattern: Pattern): readonly Replica[] {
    return this.#replicas[pattern];
  }

  get all(): readonly Replica[] {
    return PATTERNS.flatMap((pattern) => this.#replicas[pattern]);
  }

  views(pattern: Pattern, held: (id: ReplicaId) => number): ReplicaView[] {
    return this.of(pattern).map((replica) => replica.view(held(replica.id)));
  }

  find(id: ReplicaId): Replica {
    const replica = this.all.find((candidate) => candidate.id === id);
    if (replica) return replica;
    throw new Refusal(404, "unknown-replica", `There is no replica called “${id}”.`);
  }

  /** Resolves once that many run, and the others have drained and gone. */
  scale(pattern: Pattern, count: number): Promise<void> {
    return this.#queues[pattern].run(async () => {
      if (this.#isStopping) return;
      await this.#shrink(pattern, count);
      await this.#grow(pattern, count);
    });
  }

  /** Makes every process have the settings in force; a frozen one gets them when it is thawed. */
  async applySettings(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.apply()));
  }

  async reviveFailed(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.revive()));
  }

  /** Checks all, again and again; `changed` after each round. */
  startChecks(changed: () => void): void {
    this.#context.clock.after(CHECK_EVERY_MS, () => {
      if (this.#isStopping) return;
      void Promise.all(this.all.map((replica) => replica.check())).then(() => {
        changed();
        this.startChecks(changed);
      });
    });
  }

  /** All drained at once, `between` while none runs, all started anew. Nobody scales meanwhile. */
  renew(between: () => Promise<void>): Promise<void> {
    const { "long-polling": polling, "web-sockets": sockets } = this.#queues;
    return polling.run(() => sockets.run(() => this.#renew(between)));
  }

  async #renew(between: () => Promise<void>): Promise<void> {
    const running = this.all.filter((replica) => !isAtRest(replica));
    await Promise.all(running.map((replica) => replica.drain(DRAIN_DEADLINE_MS)));
    try {
      await between();
    } finally {
      await Promise.all(running.map((replica) => replica.start()));
    }
  }

  async shutDown(withinMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.all.map((replica) => replica.shutDown(withinMs)));
  }

  killNow(): void {
    this.#isStopping = true;
    for (const replica of this.all) replica.killNow();
  }

  async #grow(pattern: Pattern, count: number): Promise<void> {
    const replicas = this.#replicas[pattern];
    for (let number = 1; replicas.length < count; number++) {
      const id = `${PATTERN_PREFIX[pattern]}-${number}`;
      if (replicas.some((replica) => replica.id === id)) continue;
      await this.#context.allocatePorts(id);
      replicas.push(new Replica(pattern, id, this.#context));
    }
    replicas.sort((a, b) => numberOf(a) - numberOf(b));
    await this.#context.steer(); // Their taps listen before they look for broker and store.
    if (this.#isStopping) return;
    await Promise.all(replicas.filter(isAtRest).map((replica) => replica.start()));
  }

  /** Those at rest go first, then the highest numbers. */
  async #shrink(pattern: Pattern, count: number): Promise<void> {
    const replicas = this.#replicas[pattern];
    const order = [...replicas].sort(
      (a, b) => +isAtRest(b) - +isAtRest(a) || numberOf(b) - numberOf(a),
    );
    const leaving = order.slice(0, Math.max(0, replicas.length - count));
    await Promise.all(
      leaving.map(async (replica) => {
        await replica.retire(DRAIN_DEADLINE_MS);
        replicas.splice(replicas.indexOf(replica), 1);
      }),
    );
    if (leaving.length > 0) await this.#context.steer();
  }
}

function isAtRest(replica: Replica): boolean {
  return replica.state === "stopped" || replica.state === "failed";
}

function numberOf(replica: Replica): number {
  return Number(replica.id.slice(replica.id.indexOf("-") + 1));
}
