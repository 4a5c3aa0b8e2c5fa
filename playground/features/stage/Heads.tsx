/** Who each lifeline is, above it: a client's head counts its polls, a replica's what it holds. */
import { useStore } from "zustand";
import { isStranger, TARGET } from "../../../shared/contracts/ids.ts";
import type { Column } from "../../../shared/trace/columns.ts";
import type { Diagram } from "../../../shared/trace/diagram.ts";
import type { Bar } from "../../../shared/trace/rows.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { counted } from "../../ui/numbers.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";
import { SLOWLY, usePulse } from "./use-pulse.ts";

const TIGHT_CLIENT_PX = 54;
/** About the width of a letter below a head. */
const DETAIL_CHAR_PX = 5.6;
const PROJECTED_CHAR_PX = 11;

export function Heads({ plans }: { plans: readonly HalfPlan[] }) {
  usePulse(SLOWLY);
  const metrics = useStore(metricsStore, (state) => state.latest);
  const { diagram, playhead, recording, wireNow } = traceStore.getState();
  const counts: Counts = {
    replicas: recording === null && playhead === null ? metrics?.replicas : undefined,
    pastMs: playhead === null ? undefined : wireNow(),
  };
  return (
    <div className={style.heads}>
      {plans.map((plan) => {
        const titles = diagram.heads[plan.half.pattern]?.columns ?? plan.half.columns;
        return plan.half.columns.map((column, index) =>
          column.hidden ? null : (
            <div
              key={`${plan.half.pattern} ${column.id}`}
              className={style.headName}
              data-head
              data-pattern={plan.half.pattern}
              data-role={column.role}
              data-left={
                (counts.pastMs === undefined && hasLeft(column, plan, diagram)) || undefined
              }
              style={{ left: plan.xs[index] ?? 0 }}
            >
              <b title={titles[index]?.title}>{shortTitle(titles, index, plan)}</b>
              <small>{detailOf(column, plan, diagram, counts)}</small>
            </div>
          ),
        );
      })}
    </div>
  );
}

/** A client that has gone keeps its lifeline a little, so that its last hops can be read. */
function hasLeft({ role, id }: Column, { half }: HalfPlan, { roster }: Diagram): boolean {
  if (role !== "client") return false;
  return roster.member(half.pattern, id as `client:${string}`)?.left ?? true;
}

interface Counts {
  /** As the wire counts them now; not of a moment that has passed. */
  replicas: Record<string, { held: number }> | undefined;
  /** Where a playhead stands. */
  pastMs: number | undefined;
}

function detailOf(
  column: Column,
  plan: HalfPlan,
  diagram: Diagram,
  { replicas, pastMs }: Counts,
): string {
  const polls = plan.half.pattern === "long-polling";
  if (column.role === "client") {
    if (pastMs !== undefined) return "";
    const member = diagram.roster.member(plan.half.pattern, column.id as `client:${string}`);
    if (member === undefined) return "gone";
    const index = plan.half.columns.indexOf(column);
    if (member.left) return "left";
    if (plan.half.pattern === TARGET) return column.id.slice(column.id.lastIndexOf(":"));
    return polls ? fitted(plan, index, member.polls, "poll") : "open";
  }
  if (column.role !== "replica") return "";
  const index = plan.half.columns.indexOf(column);
  if (!polls) {
    const held = replicas?.[column.id.slice("replica:".length)]?.held;
    if (held === undefined) return "";
    return plan.half.pattern === TARGET ? `${held} open` : fitted(plan, index, held, "socket");
  }
  let parked = 0;
  for (const bar of diagram.sequence.bars) {
    if (bar.pattern !== plan.half.pattern || bar.column !== index) continue;
    parked += pastMs === undefined ? bar.open : countAt(bar, pastMs);
  }
  return fitted(plan, index, parked, "parked");
}

/** Polls that were parked then. */
function countAt({ start, end, count }: Bar, atMs: number): number {
  return start.atMs <= atMs && (end === null || end.atMs > atMs) ? count : 0;
}

/** Where there is no room: `client 1`, `2`, `3`. Whose address a stranger has, its title tells. */
function shortTitle(titles: readonly Column[], index: number, plan: HalfPlan): string {
  const { id = "", title = "" } = titles[index] ?? {};
  // Of a server that is not ours, all are.
  if (isStranger(id)) return plan.half.pattern === TARGET ? "client" : "stranger";
  const [word, number] = title.split(" ");
  const before = titles[index - 1]?.title ?? "";
  const gapPx = (plan.xs[index] ?? 0) - (plan.xs[index - 1] ?? 0);
  const follows = word === "client" && before.startsWith("client ") && gapPx < TIGHT_CLIENT_PX;
  return follows && number !== undefined ? number : title;
}

/** A count with its word, or the number alone where the neighbours stand too close. */
function fitted({ xs }: HalfPlan, index: number, count: number, word: string): string {
  const x = xs[index] ?? 0;
  const gaps = [xs[index - 1], xs[index + 1]].map((next) => Math.abs((next ?? x + 999) - x));
  const charPx = viewStore.getState().projector ? PROJECTED_CHAR_PX : DETAIL_CHAR_PX;
  const words = word === "parked" ? `${count} parked` : counted(count, word);
  return words.length * charPx > Math.min(...gaps) ? String(count) : words;
}
