/**
 * Where in the replicas' own source a hop is dealt with: a file and one member of it. The lines are
 * found in the text that is shown, so an edit elsewhere in the file moves the light along with the code.
 */
import type { TraceEvent } from "../trace/event.ts";
import type { CauseOf } from "./reference.ts";

export interface CodePlace {
  /** Path in the repository: `server/replica/rooms.ts`. */
  file: string;
  /** A function, or a method as it is written: `#release`, `poll`, `constructor`. */
  member: string;
}

/** What deals with this hop; undefined for hops that nothing of a replica's source is about. */
export type CodeOf = (event: TraceEvent, causeOf?: CauseOf) => CodePlace | undefined;

/** Lines of a text, both included, from 1. */
interface Lines {
  first: number;
  last: number;
}

/** The lines of a member, from its signature to its closing brace; undefined where there is none. */
export function linesOf(text: string, member: string): Lines | undefined {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => declares(line, member));
  const indent = lines[first]?.match(/^ */)?.[0];
  if (indent === undefined) return undefined;
  const last = lines.findIndex((line, at) => at > first && line === `${indent}}`);
  return last < 0 ? undefined : { first: first + 1, last: last + 1 };
}

/** A call stands deeper than two spaces, or has no modifier and ends with a semicolon. */
function declares(line: string, member: string): boolean {
  const declaration = /^(?: {2})?(?:export )?(?:async )?(?:function )?([#\w]+)(?:<.*>)?\(/.exec(
    line,
  );
  return declaration?.[1] === member && !line.endsWith(";");
}
