/**
 * Faults of whole parts: broker and message store stopped, replicas frozen or killed. The acting
 * half of `shared/faults` for what is no link; one more is one line of this table.
 */
import type { PartFault } from "../../shared/faults/faults.ts";
import { Refusal } from "./refusal.ts";
import { assertCan, perform, type ReplicaAction } from "./replica-actions.ts";
import { DRAIN_DEADLINE_MS, type Replicas } from "./replicas.ts";
import type { Parts } from "./running-part.ts";

export interface PartHands {
  parts: Parts;
  replicas: Pick<Replicas, "all" | "find">;
}

interface PartActing<Fault extends PartFault> {
  /** Throws a `Refusal` where it cannot be done now; nothing is changed then. */
  begin(fault: Fault, hands: PartHands): Promise<void>;
  /** Absent: it is done, and over. */
  heal?(fault: Fault, hands: PartHands): Promise<void>;
  /** Whether somebody ended it otherwise. */
  isOver?(fault: Fault, hands: PartHands): boolean;
}

type OfKind<Kind extends PartFault["kind"]> = Extract<PartFault, { kind: Kind }>;

const ACTING: { [Kind in PartFault["kind"]]: PartActing<OfKind<Kind>> } = {
  stop: {
    begin: async ({ target }, { parts }) => {
      const part = parts[target];
      if (part.suspend === undefined) {
        const words = `${part.publicUrl} is not the playground's to stop. Cut its links instead: {"kind": "cut", "link": {"from": "replica:*", "to": "${target}"}}.`;
        throw new Refusal(409, "not-ours", words);
      }
      await part.suspend();
    },
    heal: async ({ target }, { parts }) => parts[target].resume?.(),
  },
  freeze: {
    begin: (fault, hands) => act(fault.target, "freeze", hands),
    heal: async ({ target }, { replicas }) => {
      const replica = replicas.find(idOf(target));
      if (replica.state === "frozen") await replica.thaw();
    },
    isOver: ({ target }, { replicas }) =>
      replicas.all.find(({ id }) => id === idOf(target))?.state !== "frozen",
  },
  kill: { begin: (fault, hands) => act(fault.target, "kill", hands) },
};

export function actingOf(kind: PartFault["kind"]): PartActing<PartFault> {
  return ACTING[kind] as PartActing<PartFault>;
}

async function act(target: string, action: ReplicaAction, { replicas }: PartHands): Promise<void> {
  const replica = replicas.find(idOf(target));
  assertCan(replica, action);
  await perform(replica, action, DRAIN_DEADLINE_MS);
}

function idOf(target: string): string {
  return target.slice("replica:".length);
}
