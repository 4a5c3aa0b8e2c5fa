/**
 * The patterns as they are taught: one line each, joining a pattern's folder to whoever shows it.
 * `PATTERN_GUIDES[pattern].reference` is its diagram; `plainWords` and `plainLabel` say a hop;
 * `codeOf` finds the replica's own lines that deal with it.
 */
import { isPattern, type Pattern, TARGET } from "../contracts/ids.ts";
import type { TraceEvent } from "../trace/event.ts";
import type { CodeOf, CodePlace } from "./code-place.ts";
import { longPollingCodeOf } from "./long-polling/code.ts";
import { longPollingReference } from "./long-polling/reference.ts";
import { longPollingWords } from "./long-polling/words.ts";
import { sentence } from "./names.ts";
import type { CauseOf, Reference } from "./reference.ts";
import type { Words } from "./tap-words.ts";
import { targetWords } from "./target-words.ts";
import { webSocketsCodeOf } from "./web-sockets/code.ts";
import { webSocketsReference } from "./web-sockets/reference.ts";
import { webSocketsWords } from "./web-sockets/words.ts";

interface PatternGuide {
  reference: Reference;
  words(event: TraceEvent, waitedMs?: number): Words;
  /** The file to open a pattern's source with. */
  source: string;
  codeOf: CodeOf;
}

export const PATTERN_GUIDES: Record<Pattern, PatternGuide> = {
  "long-polling": {
    reference: longPollingReference,
    words: longPollingWords,
    source: "server/replica/long-polling.ts",
    codeOf: longPollingCodeOf,
  },
  "web-sockets": {
    reference: webSocketsReference,
    words: webSocketsWords,
    source: "server/replica/web-sockets.ts",
    codeOf: webSocketsCodeOf,
  },
};

/** How the pattern of a hop is taught; of a stranger's server nothing is known. */
export function guideOf({ pattern }: Pick<TraceEvent, "pattern">): PatternGuide | undefined {
  return isPattern(pattern) ? PATTERN_GUIDES[pattern] : undefined;
}

/** One plain sentence for a hop. `waitedMs`: how long its request had waited, for answers. */
export function plainWords(event: TraceEvent, waitedMs?: number): string {
  return sentence(wordsOf(event, waitedMs).sentence);
}

/** A few plain words for a hop's arrow: `Request new messages`. */
export function plainLabel(event: TraceEvent): string {
  return wordsOf(event, undefined).label;
}

/** Which step of its pattern's reference diagram a hop is. */
export function stepOf(event: TraceEvent, causeOf?: CauseOf): string | undefined {
  return guideOf(event)?.reference.stepOf(event, causeOf);
}

/** The lines of a replica's source that deal with a hop. */
export function codeOf(event: TraceEvent, causeOf?: CauseOf): CodePlace | undefined {
  return guideOf(event)?.codeOf(event, causeOf);
}

function wordsOf(event: TraceEvent, waitedMs: number | undefined): Words {
  if (event.pattern === TARGET) return targetWords(event, waitedMs);
  return PATTERN_GUIDES[event.pattern ?? "long-polling"].words(event, waitedMs);
}
