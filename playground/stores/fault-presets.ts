/**
 * What a menu offers to do to a link: a few faults with numbers that teach. Which of them make sense
 * there, and how they are called, follows from the table of faults; other numbers are the API's.
 */
import { FAULTS, type Fault, faultRefusal, type LinkFault } from "../../shared/faults/faults.ts";
import { type FaultLink, inOrder } from "../../shared/faults/link.ts";

export interface FaultOffer {
  id: string;
  /** `Delay 200 ± 50 ms`. */
  label: string;
  explain: string;
  fault: Fault;
}

type Preset = { label: string; explain?: string } & (LinkFault extends infer Each
  ? Each extends LinkFault
    ? Omit<Each, "link">
    : never
  : never);

const PRESETS: readonly Preset[] = [
  { label: "Delay 200 ± 50 ms", kind: "delay", delayMs: 200, jitterMs: 50 },
  { label: "Delay 2 s", kind: "delay", delayMs: 2_000 },
  { label: "Stall", kind: "stall" },
  { label: "Cut (reset)", kind: "cut", how: "reset" },
  { label: "Cut (close)", explain: "The same, in good order (FIN).", kind: "cut", how: "close" },
  {
    label: "Fail 3, then recover",
    explain: "The first 3 connections end; then it is over by itself.",
    kind: "cut",
    how: "reset",
    count: 3,
  },
  { label: "Drop the next", kind: "drop", direction: "down", nth: 1 },
  {
    label: "Drop every 2nd",
    explain: "One is lost, one arrives, and so on.",
    kind: "drop",
    direction: "down",
    every: 2,
  },
  { label: "Duplicate each", kind: "duplicate", direction: "down" },
];

export function faultsFor(link: FaultLink): FaultOffer[] {
  return PRESETS.flatMap((preset) => {
    const { label, explain, ...form } = preset;
    const fault = { ...form, link } as LinkFault;
    if (faultRefusal(fault) !== undefined) return [];
    return [{ id: label, label, explain: explain ?? FAULTS[fault.kind].about, fault }];
  });
}

/** Whether a fault is done to just that link. */
export function isOn(fault: Fault, link: FaultLink): boolean {
  if (!("link" in fault)) return false;
  const [one, other] = [inOrder(fault.link), inOrder(link)];
  return one.from === other.from && one.to === other.to;
}
