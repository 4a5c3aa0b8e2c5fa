/** What the send box makes of what was typed: who may send, what is refused, what goes out. */

import type { Fleet } from "../../../shared/contracts/control.ts";
import { PATTERN_PREFIX, type Pattern } from "../../../shared/contracts/ids.ts";
import type { Outgoing } from "../../stores/commands.ts";
import { type Shown, shownPatterns } from "../../stores/view-store.ts";

/** More than a few names in a list help nobody. */
const NAMED_SENDERS = 8;

export interface SenderOption {
  value: string;
  label: string;
}

/** Clients that exist in every pattern shown, by number; a passing visitor can always send. */
export function senderOptions(shown: Shown, fleet: Fleet | undefined): SenderOption[] {
  const counts = shownPatterns(shown).map((pattern) => fleet?.[pattern] ?? 0);
  const named = Math.min(NAMED_SENDERS, ...counts);
  const clients = Array.from({ length: named }, (_, index) => ({
    value: String(index + 1),
    label: `client ${index + 1}`,
  }));
  return [...clients, { value: "visitor", label: "a visitor" }];
}

/** Why this text cannot be a message, or `null`. */
export function refusalOf(text: string, maxBytes: number): string | null {
  if (text.trim() === "") return "Type a message first; a blank one is refused.";
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxBytes) return null;
  return `That is ${bytes} bytes; a message has at most ${maxBytes}.`;
}

export function outgoingOf(shown: Shown, text: string, sender: string): Outgoing[] {
  return shownPatterns(shown).map((pattern) =>
    sender === "visitor" ? { pattern, text } : { pattern, text, client: clientId(pattern, sender) },
  );
}

function clientId(pattern: Pattern, number: string): string {
  return `${PATTERN_PREFIX[pattern]}-client-${number}`;
}
