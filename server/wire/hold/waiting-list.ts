/**
 * What waits at all gates, in one ordered list of steps, and in each lane in its own order.
 *
 *   lane A   [poll] ──────────┐
 *   lane B   [poll] ──────────┴► step 1 ×2
 *   lane C   [INSERT] [sync] ──► step 2        (sync goes with what came before it)
 *
 * It decides what may go, and calls what becomes of it; why and when is the traffic control's affair.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import { bundleKey } from "../../../shared/hold/bundle.ts";
import type { WaitingStep } from "../../../shared/hold/hold-state.ts";
import type { Admitted, Lane } from "../tap/gate.ts";
import type { HopDraft } from "../tap/unit.ts";

/** A hop with its words, on its lane. */
interface Waiting {
  admitted: Admitted;
  /** Absent for what is nobody's step: it goes when nothing is before it any more. */
  step?: Step;
}

interface Step {
  id: number;
  key: string | undefined;
  at: number;
  dueAt: number | undefined;
  first: Admitted & { hop: HopDraft };
  members: Set<Waiting>;
}

const SHOWN_CLIENTS = 8;

export class WaitingList {
  readonly #lanes = new Map<Lane, Waiting[]>();
  readonly #steps = new Map<number, Step>();
  readonly #byKey = new Map<string, Step>();
  #ids = 0;

  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  get size(): number {
    return this.#steps.size;
  }

  lanes(): Iterable<Lane> {
    return this.#lanes.keys();
  }

  /** Whether that may cross now, although traffic is held. */
  mayOvertake({ lane, hop }: Admitted): boolean {
    const before = this.#lanes.get(lane);
    if (before === undefined) return true;
    if (hop?.info?.heartbeat !== true) return false;
    // A control frame may stand between any two frames; an Engine.IO heartbeat between whole packets.
    if (hop.kind === "frame") return true;
    return hop.kind === "packet" && before.every(({ admitted }) => admitted.hop?.kind === "packet");
  }

  /** Goes with what came before it on its lane. */
  follow(admitted: Admitted): void {
    this.#laneOf(admitted.lane).push({ admitted });
  }

  add(admitted: Admitted & { hop: HopDraft }, at: number, dueAt: number | undefined): void {
    const { from, to, pattern, hop } = admitted;
    const key = bundleKey({ ...hop, from, to, ...(pattern && { pattern }) });
    let step = key === undefined ? undefined : this.#byKey.get(key);
    if (step === undefined) {
      step = { id: ++this.#ids, key, at, dueAt, first: admitted, members: new Set() };
      this.#steps.set(step.id, step);
      if (key !== undefined) this.#byKey.set(key, step);
    }
    const waiting: Waiting = { admitted, step };
    step.members.add(waiting);
    this.#laneOf(admitted.lane).push(waiting);
  }

  /** The oldest step that fits and of which something may go. */
  oldest(fits: (step: WaitingStep) => boolean = () => true): WaitingStep | undefined {
    for (const step of this.#steps.values()) {
      if (!this.#isBehind(step) && fits(this.#shown(step))) return this.#shown(step);
    }
    return undefined;
  }

  find(id: number): WaitingStep | undefined {
    const step = this.#steps.get(id);
    return step && this.#shown(step);
  }

  first(most: number): WaitingStep[] {
    const shown: WaitingStep[] = [];
    for (const step of this.#steps.values()) {
      if (shown.length >= most) break;
      shown.push(this.#shown(step));
    }
    return shown;
  }

  /** When the next one that may go is due. Steps are due in the order in which they came. */
  get nextDueAt(): number | undefined {
    for (const step of this.#steps.values()) {
      if (step.dueAt !== undefined && !this.#isBehind(step)) return step.dueAt;
    }
    return undefined;
  }

  /** Makes all of them due then; undefined: never by itself. */
  setDue(dueAt: number | undefined): void {
    for (const step of this.#steps.values()) step.dueAt = dueAt;
  }

  /** Lets through what of that step is first on its lane. */
  release(id: number): void {
    this.#take(id, ({ release }) => release("held"));
  }

  drop(id: number): void {
    this.#take(id, ({ drop, release }) => (drop ? drop.run() : release("held")));
  }

  /** A lane is gone, with all that waits on it. */
  leave(lane: Lane): void {
    const queue = this.#lanes.get(lane);
    this.#lanes.delete(lane);
    for (const waiting of queue ?? []) {
      this.#forget(waiting);
      waiting.admitted.lose();
    }
  }

  #take(id: number, act: (admitted: Admitted) => void): void {
    const step = this.#steps.get(id);
    if (step === undefined) return;
    for (const waiting of [...step.members]) {
      const queue = this.#lanes.get(waiting.admitted.lane);
      if (queue?.[0] !== waiting) continue;
      queue.shift();
      this.#forget(waiting);
      act(waiting.admitted);
      this.#followUp(waiting.admitted.lane, queue);
    }
  }

  /** What is no step goes as soon as nothing is before it. */
  #followUp(lane: Lane, queue: Waiting[]): void {
    while (queue[0] && queue[0].step === undefined) queue.shift()?.admitted.release();
    if (queue.length === 0 && this.#lanes.get(lane) === queue) this.#lanes.delete(lane);
  }

  #forget(waiting: Waiting): void {
    const { step } = waiting;
    if (step === undefined) return;
    step.members.delete(waiting);
    if (step.members.size > 0) return;
    this.#steps.delete(step.id);
    if (step.key !== undefined) this.#byKey.delete(step.key);
  }

  #laneOf(lane: Lane): Waiting[] {
    let queue = this.#lanes.get(lane);
    if (queue === undefined) {
      queue = [];
      this.#lanes.set(lane, queue);
    }
    return queue;
  }

  #isBehind(step: Step): boolean {
    for (const waiting of step.members) {
      if (this.#lanes.get(waiting.admitted.lane)?.[0] === waiting) return false;
    }
    return true;
  }

  #shown(step: Step): WaitingStep {
    const { id, at, dueAt, first, members } = step;
    const { from, to, pattern, hop, drop } = first;
    const { kind, label, messageIds, traceId, outcome, info } = hop;
    let bytes = 0;
    for (const { admitted } of members) bytes += admitted.hop?.bytes ?? 0;
    return {
      id,
      kind,
      from,
      to,
      label,
      bytes,
      count: members.size,
      at,
      isBehind: this.#isBehind(step),
      ...(dueAt !== undefined && { dueAt }),
      ...(members.size > 1 && { clients: clientsOf(members) }),
      ...(pattern !== undefined && { pattern }),
      ...(messageIds && { messageIds }),
      ...(traceId !== undefined && { traceId }),
      ...(outcome !== undefined && { outcome }),
      ...(info && { info }),
      ...(drop && { drop: drop.effect }),
    };
  }
}

function clientsOf(members: Iterable<Waiting>): Participant[] {
  const clients: Participant[] = [];
  for (const { admitted } of members) {
    if (clients.length >= SHOWN_CLIENTS) break;
    clients.push(admitted.from.startsWith("client:") ? admitted.from : admitted.to);
  }
  return clients;
}
