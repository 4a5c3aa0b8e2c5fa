/**
 * Which lifelines a half of the diagram has: roster → **columns** → rows, layout, heads.
 * A few clients are followed and get a lifeline each; the rest share one. The balancer has a place
 * even while it is hidden, so that a hop of its own (a 503) has somewhere to start.
 */
import { type Participant, type Side, TARGET, TARGET_REPLICA } from "../contracts/ids.ts";
import { naturally, type Roster } from "./roster.ts";

export type ColumnRole =
  | "client"
  | "clients"
  | "balancer"
  | "replica"
  | "replicas"
  | "broker"
  | "store";

export interface Column {
  /** The participant's name, or `clients+` and `replicas+` for those who share a lifeline. */
  id: string;
  role: ColumnRole;
  title: string;
  /** It has a place but no lifeline. */
  hidden: boolean;
}

export interface HalfColumns {
  pattern: Side;
  columns: readonly Column[];
  indexOf(participant: Participant): number;
}

export interface ColumnOptions {
  /** Clients that a person pinned; they come first. */
  followed: readonly string[];
  maxClients: number;
  maxReplicas: number;
  balancerShown: boolean;
  brokerShown: boolean;
  storeShown: boolean;
  /** The target's broker is watched too. */
  targetHasBroker: boolean;
  /** Rows from then on are drawn: who has gone since still needs a place in them. */
  sinceMs: number;
}

export function chooseColumns(pattern: Side, roster: Roster, options: ColumnOptions): HalfColumns {
  const clients = clientColumns(pattern, roster, options);
  const replicas = replicaColumns(pattern, roster, options);
  const isTarget = pattern === TARGET;
  const columns: Column[] = [
    ...clients,
    {
      id: `balancer:${pattern}`,
      role: "balancer",
      title: "balancer",
      // In front of a stranger's server it is all there is of ours.
      hidden: !isTarget && !options.balancerShown,
    },
    ...replicas,
    {
      id: "broker",
      role: "broker",
      title: "broker",
      hidden: !options.brokerShown || (isTarget && !options.targetHasBroker),
    },
    { id: "store", role: "store", title: "store", hidden: isTarget || !options.storeShown },
  ];
  const places = new Map(columns.map((column, index) => [column.id, index]));
  const shared = {
    client: places.get("clients+") ?? 0,
    replica: places.get("replicas+") ?? clients.length + 1,
  };
  return {
    pattern,
    columns,
    indexOf: (participant) =>
      places.get(participant) ??
      (participant.startsWith("client:") ? shared.client : shared.replica),
  };
}

/** Whether two choices put everybody at the same place (titles may differ: counts). */
export function sameColumns(a: HalfColumns, b: HalfColumns): boolean {
  return (
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => {
      const other = b.columns[index];
      return other !== undefined && other.id === column.id && other.hidden === column.hidden;
    })
  );
}

function clientColumns(pattern: Side, roster: Roster, options: ColumnOptions): Column[] {
  const present = roster.clients(pattern).map((member) => member.id);
  // Sorting 20,000 names for the first three would be felt.
  const chosen = smallest(present, options.maxClients + 1, (a, b) => {
    return rank(a, options.followed) - rank(b, options.followed) || naturally(a, b);
  });
  const rest = present.length - options.maxClients;
  // One client more needs no more room than a lifeline for "1 more".
  const own = rest === 1 ? chosen : chosen.slice(0, options.maxClients);
  const columns = own.map(
    (id): Column => ({ id, role: "client", title: clientTitle(id), hidden: false }),
  );
  const anyGone = roster.hasGone(pattern, "client", options.sinceMs);
  if (rest > 1 || own.length === 0 || anyGone) {
    const known = present.filter((id) => rank(id, options.followed) < STRANGER).length;
    const title =
      own.length === 0 ? "clients" : rest > 1 ? restTitle(rest, known <= own.length) : "left";
    columns.push({ id: "clients+", role: "clients", title, hidden: false });
  }
  return columns;
}

function replicaColumns(pattern: Side, roster: Roster, options: ColumnOptions): Column[] {
  if (pattern === TARGET) {
    return [{ id: `replica:${TARGET_REPLICA}`, role: "replica", title: "server", hidden: false }];
  }
  const ids = roster.replicas(pattern);
  const max = options.maxReplicas;
  const own = ids.length <= max ? ids : ids.slice(0, max - 1);
  const columns = own.map((id): Column => {
    return { id, role: "replica", title: id.slice("replica:".length), hidden: false };
  });
  const rest = ids.length - own.length;
  if (rest > 0 || ids.length === 0 || roster.hasGone(pattern, "replica", options.sinceMs)) {
    const title = ids.length === 0 ? "replicas" : rest > 0 ? `+${rest}` : "gone";
    columns.push({ id: "replicas+", role: "replicas", title, hidden: false });
  }
  return columns;
}

/** Who they are, where all who share the lifeline came from elsewhere. */
function restTitle(rest: number, strangers: boolean): string {
  const count = rest.toLocaleString("en");
  return strangers ? `${count} strangers` : `+${count}`;
}

const STRANGER = 4;

/** Pinned ones first, then this page's own, the fleet, people without a name, strangers. */
function rank(id: Participant, followed: readonly string[]): number {
  const name = id.slice("client:".length);
  if (followed.includes(name)) return 0;
  if (name.startsWith("tab-")) return 1;
  if (name.startsWith("lp-client-") || name.startsWith("ws-client-")) return 2;
  return name === "visitor" ? 3 : STRANGER;
}

function clientTitle(id: string): string {
  const name = id.slice("client:".length);
  const fleet = /^(?:lp|ws)-client-(\d+)$/.exec(name);
  if (fleet !== null) return `client ${fleet[1]}`;
  return name.startsWith("tab-") ? "this tab" : name;
}

function smallest<T>(items: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const last = kept[count - 1];
    if (last !== undefined && compare(item, last) >= 0) continue;
    const at = kept.findIndex((other) => compare(item, other) < 0);
    kept.splice(at === -1 ? kept.length : at, 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}
