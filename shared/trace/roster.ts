/**
 * Who takes part: events → **roster** → columns. A client is present while it has a request or a
 * socket open, and a little longer; a replica while it is listed or was heard of lately.
 * It only counts; which of them get a lifeline of their own is for `columns.ts`.
 */
import {
  isSide,
  PATTERN_PREFIX,
  PATTERNS,
  type Participant,
  perSide,
  type Side,
  TARGET,
} from "../contracts/ids.ts";
import type { TraceEvent } from "./event.ts";

export interface Member {
  id: Participant;
  pattern: Side;
  /** Polls sent, since it was first seen. */
  polls: number;
  /** Requests and sockets open now. */
  open: number;
  lastAtMs: number;
  /** It closed its connection and has not come back. */
  left: boolean;
}

/** How long one who left stays on the page, and one who only fell silent (a poll gap may last 60 s). */
const LEFT_MS = 2_000;
const SILENT_MS = 70_000;
/** A stranger is its connection, which may well be closed by then. */
const STRANGER_SILENT_MS = 10_000;
const MAX_MEMBERS = 45_000;
const NEVER = Number.NEGATIVE_INFINITY;

export class Roster {
  /** By pattern and id: this tab, or a visitor, may be a client of both. */
  readonly #members = new Map<string, Member>();
  /** When somebody who has gone since was last heard of: rows may still name them. */
  readonly #goneAtMs = perSide(() => ({ client: NEVER, replica: NEVER }));
  #listed: Partial<Record<Side, readonly Participant[]>> = {};
  /** Grows whenever somebody comes or goes. */
  revision = 0;

  get size(): number {
    return this.#members.size;
  }

  add(event: TraceEvent): void {
    const pattern = patternOf(event);
    if (pattern === undefined) return;
    for (const id of [event.from, event.to]) {
      if (isClient(id) || isReplica(id)) this.#note(id, pattern, event);
    }
  }

  /** The replicas that exist, in their order, as the control plane says. */
  list(pattern: Side, replicas: readonly string[]): void {
    const ids = replicas.map((id): Participant => `replica:${id}`);
    if (ids.join() === this.#listed[pattern]?.join()) return;
    this.#listed = { ...this.#listed, [pattern]: ids };
    for (const member of this.#members.values()) {
      const unlisted = member.pattern === pattern && isReplica(member.id);
      if (unlisted && !ids.includes(member.id)) member.left = true;
    }
    this.revision += 1;
  }

  /** Forgets who has gone; true if anybody did. */
  settle(nowMs: number): boolean {
    let changed = false;
    for (const [key, member] of this.#members) {
      const forMs = nowMs - member.lastAtMs;
      const silentMs = member.pattern === TARGET ? STRANGER_SILENT_MS : SILENT_MS;
      const hasGone = member.left ? forMs > LEFT_MS : member.open === 0 && forMs > silentMs;
      if (!hasGone || this.#listed[member.pattern]?.includes(member.id) === true) continue;
      this.#members.delete(key);
      const gone = this.#goneAtMs[member.pattern];
      const role = isReplica(member.id) ? "replica" : "client";
      gone[role] = Math.max(gone[role], member.lastAtMs);
      changed = true;
    }
    if (changed) this.revision += 1;
    return changed;
  }

  member(pattern: Side, id: Participant): Member | undefined {
    return this.#members.get(`${pattern} ${id}`);
  }

  clients(pattern: Side): Member[] {
    return this.#of(pattern, isClient);
  }

  replicas(pattern: Side): Participant[] {
    const listed = this.#listed[pattern] ?? [];
    const heard = this.#of(pattern, isReplica).map((member) => member.id);
    return [...listed, ...heard.filter((id) => !listed.includes(id)).sort(naturally)];
  }

  /** Whether somebody has gone who was heard of since that time. */
  hasGone(pattern: Side, role: "client" | "replica", sinceMs: number): boolean {
    return this.#goneAtMs[pattern][role] >= sinceMs;
  }

  clear(): void {
    this.#members.clear();
    for (const gone of Object.values(this.#goneAtMs)) {
      gone.client = NEVER;
      gone.replica = NEVER;
    }
    this.revision += 1;
  }

  #of(pattern: Side, is: (id: Participant) => boolean): Member[] {
    const found: Member[] = [];
    for (const member of this.#members.values()) {
      if (member.pattern === pattern && is(member.id)) found.push(member);
    }
    return found;
  }

  #note(id: Participant, pattern: Side, event: TraceEvent): void {
    const key = `${pattern} ${id}`;
    let member = this.#members.get(key);
    if (member === undefined) {
      if (this.#members.size >= MAX_MEMBERS) return;
      member = { id, pattern, polls: 0, open: 0, lastAtMs: event.doneAt, left: false };
      this.#members.set(key, member);
      this.revision += 1;
    }
    member.lastAtMs = Math.max(member.lastAtMs, event.doneAt);
    if (isClient(id)) count(member, event);
  }
}

function count(member: Member, event: TraceEvent): void {
  switch (event.kind) {
    case "http.request":
      member.open += 1;
      member.left = false;
      if (event.info?.poll === true) member.polls += 1;
      break;
    case "socket.open":
      member.open += 1;
      member.left = false;
      break;
    case "http.response":
      member.open = Math.max(0, member.open - 1);
      break;
    case "socket.close":
      member.open = Math.max(0, member.open - 1);
      member.left = member.open === 0;
      break;
    default:
      break;
  }
}

export function isClient(id: Participant): boolean {
  return id.startsWith("client:");
}

function isReplica(id: Participant): boolean {
  return id.startsWith("replica:");
}

/** Whose traffic an event is, from what it says or else from whose link it was. */
export function patternOf(event: TraceEvent): Side | undefined {
  if (event.pattern !== undefined) return event.pattern;
  for (const id of [event.from, event.to]) {
    const name = id.slice(id.indexOf(":") + 1);
    if (isSide(name)) return name;
    const owner = PATTERNS.find((pattern) => name.startsWith(`${PATTERN_PREFIX[pattern]}-`));
    if (owner !== undefined && !id.startsWith("client:tab-")) return owner;
  }
  return undefined;
}

/** `lp-2` before `lp-10`: among names with one stem, the shorter number is the smaller. */
export function naturally(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
