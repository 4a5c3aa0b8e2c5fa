/**
 * A cursor is the highest id below which a client has everything. Messages may arrive swapped, so
 * ids above a gap are kept until the gap closes; bounded, beyond which the oldest gap is given up.
 */

const MOST_ABOVE = 1_000;

export interface Cursor {
  /** Undefined until the first history or message says where the client starts. */
  at: number | undefined;
  above: ReadonlySet<number>;
}

export const NO_CURSOR: Cursor = { at: undefined, above: new Set() };

export function cursorAt(id: number): Cursor {
  return { at: id, above: new Set() };
}

/** Has it got this one already? */
export function isKnown(cursor: Cursor, id: number): boolean {
  return (cursor.at !== undefined && id <= cursor.at) || cursor.above.has(id);
}

/** A history says: this is where the room is. Only the first one sets the start. */
export function startAt(cursor: Cursor, id: number): Cursor {
  return cursor.at === undefined ? settled(id, cursor.above) : cursor;
}

export function withId(cursor: Cursor, id: number): Cursor {
  if (isKnown(cursor, id)) return cursor;
  if (cursor.at !== undefined && id === cursor.at + 1 && cursor.above.size === 0) {
    return { at: id, above: cursor.above };
  }
  return settled(cursor.at, new Set(cursor.above).add(id));
}

/** How many messages are missing below the highest one it has. */
export function missing(cursor: Cursor): number {
  if (cursor.above.size === 0) return 0;
  return Math.max(...cursor.above) - (cursor.at ?? 0) - cursor.above.size;
}

function settled(at: number | undefined, above: ReadonlySet<number>): Cursor {
  let reached = at;
  if (above.size > MOST_ABOVE) reached = Math.max(reached ?? 0, Math.min(...above) - 1);
  if (reached === undefined) return { at: reached, above };
  while (above.has(reached + 1)) reached += 1;
  const start = reached;
  return { at: reached, above: new Set([...above].filter((id) => id > start)) };
}
