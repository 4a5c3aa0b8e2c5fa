/**
 * Judges a run, for one pattern: what senders were told, what the store has, what clients were given.
 * Pure; every sentence it returns is a promise that was broken.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { Received } from "./clients.ts";
import type { Sent } from "./outcome.ts";

export interface Witness {
  name: string;
  received: readonly Received[];
  complaints: readonly string[];
}

export interface Evidence {
  /** Long polling: ids only ever grow. WebSockets: two may be swapped, and what lay above a gap comes again after a reconnect. */
  isOrdered: boolean;
  sent: readonly Sent[];
  /** The whole room, as a fresh client reads it. */
  stored: readonly Pick<ChatMessage, "id" | "text">[];
  witnesses: readonly Witness[];
}

export function judge(evidence: Evidence): string[] {
  return [
    ...judgeStore(evidence),
    ...evidence.witnesses.flatMap((witness) =>
      judgeWitness(witness, evidence).map((broken) => `${witness.name}: ${broken}`),
    ),
  ];
}

function judgeStore({ sent, stored }: Evidence): string[] {
  const broken: string[] = [];
  stored.forEach(({ id }, at) => {
    if (id !== at + 1) broken.push(`the store's message no. ${at + 1} has id ${id}`);
  });
  const byText = new Map<string, number[]>();
  for (const { id, text } of stored) byText.set(text, [...(byText.get(text) ?? []), id]);
  for (const { text, outcome } of sent) {
    const ids = byText.get(text) ?? [];
    if (ids.length > 1) broken.push(`“${text}” was sent once and is stored as ${ids.join(", ")}`);
    if (outcome.kind === "acknowledged" && ids[0] !== outcome.id) {
      broken.push(`“${text}” was acknowledged as ${outcome.id}, and is stored as ${ids[0]}`);
    }
    if (outcome.kind === "not-stored" && ids.length > 0) {
      broken.push(`“${text}” is stored as ${ids[0]}, but its sender was told: ${outcome.why}`);
    }
  }
  return broken;
}

function judgeWitness({ received, complaints }: Witness, evidence: Evidence): string[] {
  const { isOrdered, stored } = evidence;
  const broken = [...complaints];
  const had = new Map<number, number>();
  let highest = 0;
  for (const { id, text, connection } of received) {
    if (stored[id - 1]?.text !== text) broken.push(`was given ${id} with a text not its own`);
    if (isOrdered && id <= highest) broken.push(`was given ${id} after ${highest}`);
    if (had.get(id) === connection) broken.push(`was given ${id} twice by one connection`);
    had.set(id, connection);
    highest = Math.max(highest, id);
  }
  const missing = stored.filter(({ id }) => !had.has(id)).map(({ id }) => id);
  if (missing.length > 0) broken.push(`was never given ${missing.slice(0, 20).join(", ")}`);
  return broken;
}
