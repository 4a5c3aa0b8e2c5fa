/**
 * A window of the diagram as Mermaid text: rows → **text**. At most sixty hops, because Mermaid
 * takes 100 ms for fifty. Who takes part is declared first; bundles say ×N, quiet stretches and
 * folds are notes. It draws no activations: a window may begin with polls already parked.
 */
import { SIDES, type Side, TARGET } from "../contracts/ids.ts";
import type { Column, HalfColumns } from "./columns.ts";
import { DEFAULT_DIAGRAM, Diagram } from "./diagram.ts";
import { isLost, type TraceEvent } from "./event.ts";
import { mermaidId, mermaidLabel } from "./mermaid-words.ts";
import type { HopRow, Row } from "./rows.ts";

export const MERMAID_HOPS = 60;

export type Halves = Partial<Record<Side, HalfColumns>>;
type Label = (row: HopRow) => string;

const protocolLabel: Label = (row) => row.event.label;

/** For those who have only events: the newest hops of all sides. */
export function traceToMermaid(events: readonly TraceEvent[], limit = MERMAID_HOPS): string {
  const diagram = new Diagram({
    ...DEFAULT_DIAGRAM,
    patterns: SIDES,
    targetHasBroker: true,
    maxClients: 6,
    maxReplicas: 8,
  });
  diagram.append(events, events.at(-1)?.doneAt ?? 0);
  return rowsToMermaid(diagram.sequence.rows, diagram.sequence.halves, protocolLabel, limit);
}

export function rowsToMermaid(
  rows: readonly Row[],
  halves: Halves,
  label: Label = protocolLabel,
  limit = MERMAID_HOPS,
): string {
  const shown = newest(rows, limit);
  const seats = new Seats(halves, shown);
  const lines = ["sequenceDiagram", ...seats.declarations()];
  for (const row of shown) lines.push(...rowLines(row, seats, label));
  if (shown.length === 0) lines.push("    Note over p0: nothing has crossed yet");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** The last rows with no more than so many hops, not starting with silence. */
function newest(rows: readonly Row[], limit: number): Row[] {
  const shown: Row[] = [];
  let hops = 0;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row === undefined || (row.kind === "hop" && hops >= limit) || shown.length >= 2 * limit)
      break;
    if (row.kind === "hop") hops += 1;
    shown.push(row);
  }
  while (shown.at(-1)?.kind === "break") shown.pop();
  return shown.reverse();
}

/** Who sits where: the used columns of each half, in their order. */
class Seats {
  readonly #ids = new Map<string, string>();
  readonly #shared = new Map<string, string>();
  readonly #lines: string[] = [];
  first = mermaidId(0);
  last = mermaidId(0);

  constructor(halves: Halves, rows: readonly Row[]) {
    const used = usedColumns(rows);
    const patterns = SIDES.filter((pattern) =>
      [...used].some((place) => place.startsWith(pattern)),
    );
    for (const pattern of patterns) {
      halves[pattern]?.columns.forEach((column, index) => {
        if (!used.has(`${pattern} ${index}`)) return;
        this.#seat(`${pattern} ${index}`, column, patterns.length > 1 ? pattern : undefined);
      });
    }
  }

  /** Both patterns share one broker and one store; the target has its own. Clients only share names. */
  #seat(place: string, { id, role, title }: Column, pattern: Side | undefined): void {
    const isShared = (role === "broker" || role === "store") && pattern !== TARGET;
    const seated = isShared ? this.#shared.get(id) : undefined;
    if (seated !== undefined) {
      this.#ids.set(place, seated);
      return;
    }
    const seat = mermaidId(this.#lines.length);
    const name = pattern && isNamedTwice(role, pattern) ? `${title} (${SHORT[pattern]})` : title;
    this.#ids.set(place, seat);
    if (isShared) this.#shared.set(id, seat);
    this.last = seat;
    this.#lines.push(`    participant ${seat} as ${mermaidLabel(name)}`);
  }

  declarations(): string[] {
    return this.#lines.length === 0 ? ["    participant p0 as nobody yet"] : this.#lines;
  }

  of(pattern: Side, column: number): string {
    return this.#ids.get(`${pattern} ${column}`) ?? this.first;
  }

  get across(): string {
    return this.first === this.last ? this.first : `${this.first},${this.last}`;
  }
}

const SHORT: Record<Side, string> = { "long-polling": "LP", "web-sockets": "WS", target: "target" };

function isNamedTwice(role: Column["role"], side: Side): boolean {
  return role === "client" || role === "clients" || (role === "broker" && side === TARGET);
}

function usedColumns(rows: readonly Row[]): Set<string> {
  const used = new Set<string>();
  for (const row of rows) {
    if (row.kind !== "hop") continue;
    used.add(`${row.pattern} ${row.from}`);
    used.add(`${row.pattern} ${row.to}`);
  }
  return used;
}

function rowLines(row: Row, seats: Seats, label: Label): string[] {
  switch (row.kind) {
    case "hop":
      return [hopLine(row, seats, label)];
    case "break":
      return [`    Note over ${seats.across}: ${mermaidLabel(`${seconds(row.quietMs)} of quiet`)}`];
    case "fold":
      return row.open ? [] : [`    Note over ${seats.across}: ${mermaidLabel(foldText(row))}`];
    case "marker":
      return [`    Note over ${seats.across}: ${mermaidLabel(row.marker.text)}`];
  }
}

function hopLine(row: HopRow, seats: Seats, label: Label): string {
  const times = row.count > 1 ? ` ×${row.count}` : "";
  const from = seats.of(row.pattern, row.from);
  const to = seats.of(row.pattern, row.to);
  return `    ${from}${arrowOf(row.event)}${to}: ${mermaidLabel(label(row) + times)}`;
}

/** Answers are dashed, as in the reference diagrams; what was lost ends in a cross. */
function arrowOf(event: TraceEvent): string {
  if (isLost(event)) return "-x";
  switch (event.kind) {
    case "http.response":
    case "redis.reply":
    case "redis.push":
    case "sql.result":
      return "-->>";
    case "packet":
      return event.to.startsWith("client:") ? "-->>" : "->>";
    default:
      return "->>";
  }
}

function foldText(row: { idlePolls: number; heartbeats: Record<Side, number> }): string {
  const beats = SIDES.reduce((sum, side) => sum + row.heartbeats[side], 0);
  const parts = [
    row.idlePolls > 0 ? `${row.idlePolls} idle polls` : "",
    beats > 0 ? `${beats} heartbeats` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "quiet" : parts.join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
