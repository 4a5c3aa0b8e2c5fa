/** Which of the units that could be lost or doubled are: every nth, or the nth alone. */
import type { OnLink, Parameter } from "./fault-kind.ts";
import { inOrder, linkPattern, roleOf } from "./link.ts";

export interface Turns {
  /** Every so many; 1 is all. Default: 1. */
  every?: number;
  /** Only the one that comes as the nth from now on; then it is over. */
  nth?: number;
}

export const TURN_PARAMETERS = {
  every: { type: "count", min: 1, max: 10_000, explain: "Every so many; 1 (the default) is all." },
  nth: {
    type: "count",
    min: 1,
    max: 10_000,
    explain: "Only the nth from now on; then it is over.",
  },
} as const satisfies Record<keyof Turns, Parameter>;

/** `turn` counts from 1. */
export function isTurn({ every = 1, nth }: Turns, turn: number): boolean {
  return nth === undefined ? turn % every === 0 : turn === nth;
}

export function turnWords({ every = 1, nth }: Turns, what: string): string {
  if (nth === 1) return `the next ${what}`;
  if (nth !== undefined) return `${what} number ${nth} from here`;
  return every === 1 ? `each ${what}` : `every ${ordinal(every)} ${what}`;
}

/** What can be left out or come twice without the rest becoming unreadable. */
export function unitWords(link: OnLink["link"]): string {
  const { from, to } = inOrder(link);
  if (roleOf(to) === "broker") return "push";
  const pattern = linkPattern({ from, to });
  if (pattern === "long-polling") return "request or answer";
  return pattern === "web-sockets" ? "packet" : "packet, request or answer";
}

export function turnsRefusal(
  { link, direction = "both", every, nth }: OnLink & Turns,
  what: string,
) {
  if (every !== undefined && nth !== undefined) return "Say every or nth, not both.";
  const { to } = inOrder(link);
  if (roleOf(to) === "store")
    return `SQL is answered in order, so nothing on the way to the store can be ${what}. Delay, stall or cut it.`;
  if (roleOf(to) === "broker" && direction === "up")
    return `Redis commands are answered in order, so none can be ${what}. Pushes can: say down, or both.`;
  return undefined;
}

function ordinal(number: number): string {
  const tens = number % 100;
  if (tens >= 11 && tens <= 13) return `${number}th`;
  return `${number}${["th", "st", "nd", "rd"][number % 10] ?? "th"}`;
}
