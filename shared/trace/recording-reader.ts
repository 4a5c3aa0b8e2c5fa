/**
 * File → **reader** → recording, or a refusal in plain words. The text comes in pieces of any size;
 * each line is checked before it is kept, so that what comes out can be drawn without another look.
 * Bounded in lines, in their length and in what is kept. It reads no file and draws nothing.
 */
import type { Marker } from "../contracts/control.ts";
import { PATTERNS, type Pattern } from "../contracts/ids.ts";
import { type MsSetting, SETTINGS } from "../contracts/settings.ts";
import type { TraceEvent } from "./event.ts";
import { type Bookmark, RECORDING_FORMAT, RECORDING_VERSION } from "./recording.ts";
import { flawInBookmark, flawInEvent, flawInMarker, isRecord } from "./recording-checks.ts";

export const RECORDING_LIMITS = {
  events: 200_000,
  markers: 2_000,
  bookmarks: 500,
  /** Characters. The header holds a whole snapshot. */
  header: 1_000_000,
  line: 100_000,
} as const;

export interface Recording {
  /** ms since the epoch. */
  madeAtMs: number;
  /** Add to an event's time to get ms since the epoch. */
  offsetMs: number;
  /** The playground's version that saved it. */
  program: string;
  /** Hops that were counted but not kept. */
  dropped: number;
  timeouts: { pollTimeoutMs: number; pingIntervalMs: number };
  /** Replicas as they were listed when it was saved. */
  replicas: Record<Pattern, readonly string[]>;
  /** Its first line as it was, for saving it again. */
  headerLine: string;
  markers: readonly Marker[];
  bookmarks: readonly Bookmark[];
  /** By seq. */
  events: readonly TraceEvent[];
  /** The file ends in the middle of a line, which is left out. */
  isCutShort: boolean;
}

/** The file is no recording, or none that can be opened; the message says why, in a sentence. */
export class RecordingRefused extends Error {
  override readonly name = "RecordingRefused";
}

type Header = Omit<Recording, "markers" | "bookmarks" | "events" | "isCutShort">;

export class RecordingReader {
  #rest = "";
  #lines = 0;
  #header: Header | undefined;
  readonly #markers: Marker[] = [];
  readonly #bookmarks: Bookmark[] = [];
  readonly #events: TraceEvent[] = [];
  #lastSeq = 0;

  /** Events read so far. */
  get size(): number {
    return this.#events.length;
  }

  /** @throws RecordingRefused */
  push(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      // Joined to what was left over only where it must be: a copy of each piece would be felt.
      const line = text.slice(start, end);
      this.#takeLine(start === 0 ? this.#rest + line : line);
      this.#rest = "";
      start = end + 1;
    }
    this.#rest += text.slice(start);
    this.#refuseLong(this.#rest);
  }

  /** @throws RecordingRefused */
  end(): Recording {
    const isCutShort = this.#takesLastLine() === false;
    if (this.#header === undefined) throw notARecording();
    return {
      ...this.#header,
      markers: this.#markers,
      bookmarks: this.#bookmarks,
      events: this.#events,
      isCutShort,
    };
  }

  /** A last line without its end may be whole, or the half that was written before something failed. */
  #takesLastLine(): boolean {
    const last = this.#rest;
    this.#rest = "";
    if (last.trim() === "") return true;
    if (this.#header !== undefined && parsed(last) === undefined) return false;
    this.#takeLine(last);
    return true;
  }

  #takeLine(line: string): void {
    this.#refuseLong(line);
    this.#lines += 1;
    if (line.trim() === "" && this.#lines > 1) return;
    const value = parsed(line);
    if (this.#header === undefined) {
      this.#header = headerOf(value, line);
      return;
    }
    if (!isRecord(value)) throw this.#refusal("it is no line of a recording");
    if ("event" in value) this.#takeEvent(value.event);
    else if ("marker" in value) {
      this.#take("markers", this.#markers, value.marker, flawInMarker);
    } else if ("bookmark" in value) {
      this.#take("bookmarks", this.#bookmarks, value.bookmark, flawInBookmark);
    }
  }

  #takeEvent(value: unknown): void {
    this.#take("events", this.#events, value, flawInEvent);
    const seq = this.#events.at(-1)?.seq ?? 0;
    if (seq <= this.#lastSeq) throw this.#refusal(`hop ${seq} comes after hop ${this.#lastSeq}`);
    this.#lastSeq = seq;
  }

  #take<T>(
    what: "events" | "markers" | "bookmarks",
    kept: T[],
    value: unknown,
    flawIn: (value: unknown) => string | undefined,
  ): void {
    const flaw = flawIn(value);
    if (flaw !== undefined) throw this.#refusal(flaw);
    const limit = RECORDING_LIMITS[what];
    if (kept.length >= limit) {
      throw new RecordingRefused(
        `It holds more than ${limit.toLocaleString("en")} ${what}, which is more than a page can show.`,
      );
    }
    kept.push(value as T);
  }

  #refuseLong(line: string): void {
    const limit = this.#header === undefined ? RECORDING_LIMITS.header : RECORDING_LIMITS.line;
    if (line.length <= limit) return;
    if (this.#header === undefined) throw notARecording();
    throw new RecordingRefused(`Line ${this.#lines + 1} is too long to be a hop.`);
  }

  #refusal(flaw: string): RecordingRefused {
    return new RecordingRefused(`Line ${this.#lines} cannot be read: ${flaw}.`);
  }
}

/** All at once, for a text that is there. @throws RecordingRefused */
export function readRecording(text: string): Recording {
  const reader = new RecordingReader();
  reader.push(text);
  return reader.end();
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Whether that is a refusal or a cut file, the caller knows.
  }
}

function notARecording(): RecordingRefused {
  return new RecordingRefused(
    "It is no recording of the playground. Recordings are saved with “Save recording”.",
  );
}

function headerOf(line: unknown, headerLine: string): Header {
  const header = isRecord(line) ? line.header : undefined;
  if (!isRecord(header) || header.format !== RECORDING_FORMAT) throw notARecording();
  if (header.version !== RECORDING_VERSION) {
    throw new RecordingRefused(
      `It was saved by another version of the playground: its format is ${shown(header.version)}, this page reads ${RECORDING_VERSION}.`,
    );
  }
  const madeAtMs = Date.parse(String(header.madeAt));
  const { offsetMs, dropped } = header;
  if (!Number.isFinite(madeAtMs) || !isNumber(offsetMs) || !isNumber(dropped) || dropped < 0) {
    throw new RecordingRefused("Its first line does not say when it was made.");
  }
  return { madeAtMs, offsetMs, dropped, headerLine, ...surroundingsOf(header.snapshot) };
}

/** What a diagram needs to know of the cluster; where the snapshot does not say it, defaults. */
function surroundingsOf(snapshot: unknown): Pick<Header, "program" | "timeouts" | "replicas"> {
  const version = dig(snapshot, "health", "version");
  const settings = dig(snapshot, "settings");
  const listed = (pattern: Pattern): string[] => {
    const replicas = dig(snapshot, "cluster", "patterns", pattern, "replicas");
    const ids = Array.isArray(replicas) ? replicas.slice(0, 64).map((each) => dig(each, "id")) : [];
    return ids.filter((id) => typeof id === "string" && id.length <= 100) as string[];
  };
  return {
    program: typeof version === "string" ? version.slice(0, 40) : "",
    timeouts: {
      pollTimeoutMs: msOf(dig(settings, "pollTimeoutMs"), SETTINGS.pollTimeoutMs),
      pingIntervalMs: msOf(dig(settings, "pingIntervalMs"), SETTINGS.pingIntervalMs),
    },
    replicas: Object.fromEntries(
      PATTERNS.map((pattern) => [pattern, listed(pattern)]),
    ) as unknown as Recording["replicas"],
  };
}

function dig(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, name) => (isRecord(at) ? at[name] : undefined), value);
}

function msOf(value: unknown, { default: usual, min, max }: MsSetting): number {
  return isNumber(value) && value >= min && value <= max ? value : usual;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A version as a person reads it; of a hostile file, only its beginning. */
function shown(version: unknown): string {
  return typeof version === "number" ? String(version) : "unknown";
}
