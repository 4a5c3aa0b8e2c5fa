/**
 * The table of faults: one more is one file beside this and one line here. API, OpenAPI and the
 * page's menus are made from it; the acting halves do not compile without their line either.
 * Pure data and words; nothing here does anything to a link.
 */
import type { Side } from "../contracts/ids.ts";
import { msWords } from "../contracts/ms-words.ts";
import { type Cut, cut } from "./cut.ts";
import { type Delay, delay } from "./delay.ts";
import { type Drop, drop } from "./drop.ts";
import { type Duplicate, duplicate } from "./duplicate.ts";
import type { LinkFaultKind, PartFaultKind } from "./fault-kind.ts";
import { type Freeze, freeze } from "./freeze.ts";
import { type Kill, kill } from "./kill.ts";
import { endWords, linkPattern, linkRefusal, linkWords, patternOf, type Selector } from "./link.ts";
import { type Stall, stall } from "./stall.ts";
import { type Stop, stop } from "./stop.ts";

/** By what they act on: whole hops, connections, processes. */
export type HopFault = Delay | Stall | Drop | Duplicate;
export type LinkFault = HopFault | Cut;
export type PartFault = Stop | Freeze | Kill;
export type Fault = LinkFault | PartFault;

type OfKind<Kind extends Fault["kind"]> = Extract<Fault, { kind: Kind }>;

export const FAULTS = {
  delay,
  stall,
  cut,
  drop,
  duplicate,
  stop,
  freeze,
  kill,
} as const satisfies {
  [Kind in LinkFault["kind"]]: LinkFaultKind<OfKind<Kind>>;
} & { [Kind in PartFault["kind"]]: PartFaultKind<OfKind<Kind>> };

export const FAULT_KINDS = Object.keys(FAULTS) as Fault["kind"][];

export function isLinkFault(fault: Fault): fault is LinkFault {
  return "link" in fault;
}

/** `Replica lp-1 ↔ broker: each hop 200 ± 50 ms late, for 30 s`. */
export function explainFault(fault: Fault): string {
  const place = isLinkFault(fault)
    ? linkWords(fault.link, fault.direction ?? "both")
    : endWords(fault.target as Selector);
  return `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${effectWords(fault)}`;
}

/** What it does, without where: `each hop 200 ± 50 ms late, for 30 s`. */
export function effectWords(fault: Fault): string {
  return kindOf(fault).explain(fault) + extentWords(fault);
}

function extentWords(fault: Fault): string {
  const count = "count" in fault && fault.count !== undefined ? `, the first ${fault.count}` : "";
  const span = "forMs" in fault && fault.forMs !== undefined ? `, for ${msWords(fault.forMs)}` : "";
  return count + span;
}

/** The side that it concerns; undefined where it may be any. */
export function faultSide(fault: Fault): Side | undefined {
  if (isLinkFault(fault)) return linkPattern(fault.link);
  return patternOf(fault.target as Selector);
}

/** Why it cannot be done to that, whatever runs; undefined where it can. */
export function faultRefusal(fault: Fault): string | undefined {
  const refusal = isLinkFault(fault) ? linkRefusal(fault.link) : undefined;
  return refusal ?? kindOf(fault).refusal?.(fault);
}

/** Each row takes its own kind; joined by the kind, that is the one it gets. */
interface AnyKind {
  explain(fault: Fault): string;
  refusal?(fault: Fault): string | undefined;
}

function kindOf(fault: Fault): AnyKind {
  return FAULTS[fault.kind] as AnyKind;
}
