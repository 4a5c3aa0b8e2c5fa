/**
 * What the two directions of one store connection must know of each other: which statements are
 * prepared, and which executions wait for a result, in order.
 */
import type { Side } from "../../../../shared/contracts/ids.ts";
import type { Mark } from "../unit.ts";
import type { SqlShape } from "./sql-shape.ts";

/** One statement run with its parameters, as far as its result needs it. */
export interface Execution {
  mark: Mark;
  shape: SqlShape;
  room?: string;
  traceId?: string;
  /** A simple query may hold several statements and be answered several times. */
  simple: boolean;
  /** Columns of the rows it returns, once described. */
  columns?: Column[];
  /** Where columns described now are remembered for the next execution. */
  prepared?: Prepared;
}

export interface Column {
  name: string;
  binary: boolean;
}

export interface Prepared {
  shape: SqlShape;
  columns?: Column[];
}

/** `sync` ends a run of executions: after an error the server skips to it. */
export type Awaited =
  | { kind: "startup"; mark: Mark }
  | { kind: "execution"; execution: Execution }
  | { kind: "sync" };

const MAX_AWAITED = 20_000;
const MAX_NAMES = 1_000;

export class PostgresSession {
  readonly pattern: Side;
  readonly awaited: Awaited[] = [];
  readonly prepared = new Map<string, Prepared>();
  /** The server's next byte answers an SSL request. */
  sslAsked = false;

  constructor(pattern: Side) {
    this.pattern = pattern;
  }

  await(one: Awaited): void {
    if (this.awaited.length >= MAX_AWAITED) throw new Error("too many statements without result");
    this.awaited.push(one);
  }

  prepare(name: string, shape: SqlShape): void {
    bounded(this.prepared, MAX_NAMES);
    this.prepared.delete(name);
    this.prepared.set(name, { shape });
  }
}

/** Makes room for one more by forgetting the oldest. */
export function bounded<K>(map: Map<K, unknown>, most: number): void {
  if (map.size < most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
