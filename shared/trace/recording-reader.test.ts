import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PERTURBATIONS, type TraceEvent } from "./event.ts";
import { RECORDING_FORMAT, recordingLine } from "./recording.ts";
import {
  RECORDING_LIMITS,
  RecordingReader,
  RecordingRefused,
  readRecording,
} from "./recording-reader.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

const HEADER = {
  format: RECORDING_FORMAT,
  version: 1,
  madeAt: "2026-01-02T03:04:05.000Z",
  offsetMs: 1_000,
  dropped: 3,
  snapshot: {
    health: { version: "1.2.3" },
    settings: { pollTimeoutMs: 10_000, pingIntervalMs: "often" },
    cluster: { patterns: { "long-polling": { replicas: [{ id: "lp-1" }, { id: 7 }] } } },
  },
};

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function someEvents(): TraceEvent[] {
  const traffic = new SampleTraffic();
  traffic.setUp();
  traffic.poll("a");
  traffic.connect("b");
  traffic.send("long-polling", "a", "lunch?");
  traffic.heartbeat("b");
  traffic.expire("a");
  return traffic.take();
}

const EVENTS = someEvents();
const MARKER = { at: 2, text: "lp-1 was killed", tone: "bad" } as const;
const BOOKMARK = { seq: 3, name: "here" };
const FILE =
  line({ header: HEADER }) +
  line({ marker: MARKER }) +
  line({ bookmark: BOOKMARK }) +
  EVENTS.map((event) => recordingLine({ event })).join("");

function refusalOf(text: string): string {
  try {
    readRecording(text);
  } catch (error) {
    if (error instanceof RecordingRefused) return error.message;
    throw error;
  }
  return "opened";
}

describe("reading a recording", () => {
  it("RC1 gives what was saved, whatever pieces it comes in", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: FILE.length })), (cuts) => {
        const reader = new RecordingReader();
        let from = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), FILE.length]) {
          reader.push(FILE.slice(from, cut));
          from = cut;
        }
        expect(reader.end()).toMatchObject({
          events: EVENTS,
          markers: [MARKER],
          bookmarks: [BOOKMARK],
          isCutShort: false,
        });
      }),
      { numRuns: 60 },
    );
  });

  it("RC1 takes from the snapshot what a diagram needs, and defaults for nonsense", () => {
    expect(readRecording(FILE)).toMatchObject({
      madeAtMs: Date.parse(HEADER.madeAt),
      program: "1.2.3",
      timeouts: { pollTimeoutMs: 10_000, pingIntervalMs: 25_000 },
      replicas: { "long-polling": ["lp-1"], "web-sockets": [] },
    });
  });

  it("RC2 refuses what is no recording, in plain words", () => {
    for (const text of ["", "\n", "{}", "null\n", "GIF89a", line({ event: EVENTS[0] })]) {
      expect(refusalOf(text)).toMatch(/^It is no recording of the playground/);
    }
    expect(refusalOf(line({ header: { ...HEADER, version: 2 } }))).toMatch(/its format is 2/);
    expect(refusalOf(line({ header: { ...HEADER, madeAt: "soon" } }))).toMatch(/when it was made/);
  });

  it("RC2 names the line that is not what it should be", () => {
    const wrong: [part: object, words: RegExp][] = [
      [{ seq: "1" }, /“seq”/],
      [{ seq: 1 }, /hop 1 comes after hop/],
      [{ at: null }, /“at”/],
      [{ doneAt: 1e300 }, /“doneAt”/],
      [{ kind: "rumour" }, /“kind”/],
      [{ from: "client:" }, /“from”/],
      [{ to: "balancer:nobody" }, /“to”/],
      [{ label: ["POST"] }, /“label”/],
      [{ label: "x".repeat(5_000) }, /“label”/],
      [{ causes: [1, "2"] }, /“causes”/],
      [{ info: { lost: "yes" } }, /“info”/],
      [{ pattern: "pigeon" }, /“pattern”/],
    ];
    const last = EVENTS.at(-1);
    for (const [part, words] of wrong) {
      const event = { ...last, seq: 10_000, ...part };
      expect(refusalOf(FILE + line({ event }))).toMatch(words);
      expect(refusalOf(FILE + line({ event }))).toMatch(/^Line \d+ cannot be read/);
    }
    expect(refusalOf(`${FILE}not json\n`)).toMatch(/^Line \d+ cannot be read/);
  });

  it("RC2 any text is a recording or refused, and never anything else", () => {
    const garbage = fc.oneof(
      fc.string(),
      fc.json({ maxDepth: 2 }),
      fc.record({ event: fc.jsonValue({ maxDepth: 2 }) }).map(line),
      fc.record({ marker: fc.jsonValue({ maxDepth: 2 }) }).map(line),
    );
    fc.assert(
      fc.property(garbage, fc.boolean(), (text, isAfterHeader) => {
        const said = refusalOf((isAfterHeader ? line({ header: HEADER }) : "") + text);
        expect(said).toMatch(/^opened$|^It |^Its |^Line /);
      }),
      { numRuns: 50 },
    );
  });

  it("RC2 any field of any type is checked before it is kept", () => {
    const fields = fc.dictionary(
      fc.constantFrom(...Object.keys(EVENTS[0] ?? {}), "info", "causes", "__proto__", "later"),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fields, (part) => {
        const text = line({ header: HEADER }) + line({ event: { ...EVENTS[0], ...part } });
        if (refusalOf(text) !== "opened") return;
        const [event] = readRecording(text).events;
        expect(Number.isSafeInteger(event?.seq) && typeof event?.label === "string").toBe(true);
        for (const cause of event?.causes ?? []) expect(Number.isSafeInteger(cause)).toBe(true);
      }),
    );
  });

  it("RC3 refuses what is over a bound", () => {
    const long = "x".repeat(RECORDING_LIMITS.line + 1);
    expect(refusalOf(FILE + long)).toMatch(/^Line \d+ is too long/);
    expect(refusalOf(`{"header": "${"x".repeat(RECORDING_LIMITS.header)}`)).toMatch(/no recording/);
    const bookmarks = line({ bookmark: BOOKMARK }).repeat(RECORDING_LIMITS.bookmarks + 1);
    expect(refusalOf(FILE + bookmarks)).toMatch(/more than 500 bookmarks/);
  });

  it("RC4 opens a file that was cut short, without its last line", () => {
    const end = FILE.lastIndexOf("\n", FILE.length - 2);
    for (const at of [end + 5, FILE.length - 3]) {
      const recording = readRecording(FILE.slice(0, at));
      expect(recording.isCutShort).toBe(true);
      expect(recording.events).toEqual(EVENTS.slice(0, -1));
    }
    expect(readRecording(FILE.trimEnd())).toMatchObject({ isCutShort: false, events: EVENTS });
  });

  it("RC4 leaves alone what a later program may write", () => {
    const later =
      line({ weather: "fine" }) + line({ event: { ...EVENTS[0], seq: 99_999, mood: 1 } });
    expect(readRecording(FILE + later).events).toHaveLength(EVENTS.length + 1);
  });

  it.each(PERTURBATIONS)("RC2 reads a hop that was %s", (perturbed) => {
    const [event] = EVENTS;
    const text =
      line({ header: HEADER }) + recordingLine({ event: { ...event, perturbed } as TraceEvent });
    expect(readRecording(text).events).toMatchObject([{ perturbed }]);
  });

  it.each(["web-sockets/lobby/99999999999999999", "pigeons/lobby/1", "long-polling/a b/1", "x"])(
    "RC2 refuses %s as a message's name",
    (key) => {
      const [event] = EVENTS;
      const messageIds = [key] as unknown as TraceEvent["messageIds"];
      const text =
        line({ header: HEADER }) + recordingLine({ event: { ...event, messageIds } as TraceEvent });
      expect(refusalOf(text)).toContain("messageIds");
    },
  );
});
