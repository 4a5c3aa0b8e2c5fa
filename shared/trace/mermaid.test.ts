import fc from "fast-check";
import mermaid from "mermaid";
import { describe, expect, it } from "vitest";
import { Diagram } from "./diagram.ts";
import { rowsToMermaid, traceToMermaid } from "./mermaid.ts";
import { mermaidLabel } from "./mermaid-words.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

const MESSAGE = /^ {4}p\d+(->>|-->>|-x)p\d+: \S.*$/;
const NOTE = /^ {4}Note over p\d+(,p\d+)?: \S.*$/;

function story(text = "lunch?"): SampleTraffic {
  const traffic = new SampleTraffic();
  traffic.poll("lp-client-1");
  traffic.connect("ws-client-1");
  traffic.nowMs += 4_000;
  traffic.send("long-polling", "lp-client-1", text);
  return traffic;
}

describe("Mermaid text", () => {
  it("SD19 declares who takes part, then tells the hops", () => {
    const lines = traceToMermaid(story().take()).trimEnd().split("\n");
    expect(lines[0]).toBe("sequenceDiagram");
    expect(lines.slice(1, 4)).toEqual([
      "    participant p0 as client 1 (LP)",
      "    participant p1 as lp-1",
      "    participant p2 as lp-2",
    ]);
    expect(lines).toContain("    Note over p0,p6: 4.0 s of quiet");
    expect(lines.some((line) => line.endsWith(": POST “lunch?”"))).toBe(true);
  });

  it("SD19 tells the clients of two patterns apart, and seats one broker and one store", () => {
    const lp = story().take();
    const ws = lp.map((event) => ({
      ...event,
      pattern: "web-sockets" as const,
      seq: event.seq + 1_000,
    }));
    const seats = traceToMermaid([...lp, ...ws])
      .split("\n")
      .filter((line) => line.includes("participant"))
      .map((line) => line.replace(/^.* as /, ""));
    expect(seats).toContain("client 1 (LP)");
    expect(seats).toContain("client 1 (WS)");
    expect(seats.filter((seat) => seat === "broker")).toHaveLength(1);
    expect(seats.filter((seat) => seat === "store")).toHaveLength(1);
  });

  it("SD19 holds the newest 60 hops at most", () => {
    const traffic = new SampleTraffic();
    for (let index = 0; index < 400; index += 1) {
      traffic.nowMs += 300;
      traffic.poll("lp-client-1");
    }
    const hops = traceToMermaid(traffic.take())
      .split("\n")
      .filter((line) => MESSAGE.test(line));
    expect(hops).toHaveLength(60);
  });

  it("SD19 says ×N for a bundle and notes a fold", () => {
    const traffic = new SampleTraffic(0, 1);
    const names = Array.from({ length: 40 }, (_, index) => `lp-client-${index + 1}`);
    for (const name of names) traffic.poll(name);
    for (let round = 0; round < 6; round += 1) {
      traffic.nowMs += 10_000;
      for (const name of names) traffic.expire(name);
      for (const name of names) traffic.poll(name);
    }
    const diagram = new Diagram();
    diagram.append(traffic.take(), traffic.nowMs);
    const text = rowsToMermaid(diagram.sequence.rows, diagram.sequence.halves);
    expect(text).toMatch(/: GET after=40 ×37\n/);
    expect(text).toMatch(/Note over p0,p\d+: \d+ idle polls\n/);
  });

  it("SD19 is one statement a line that Mermaid parses, whatever a message says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 200 }), async (text) => {
        const told = traceToMermaid(story(text).take());
        expect(await mermaid.parse(told, { suppressErrors: true })).toBeTruthy();
        const lines = told.trimEnd().split("\n").slice(1);
        for (const line of lines) {
          const known =
            MESSAGE.test(line) || NOTE.test(line) || /^ {4}participant p\d+ as \S/.test(line);
          expect(known, line).toBe(true);
        }
      }),
    );
  });

  it("SD19 leaves no character that Mermaid gives a meaning to", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const bare = mermaidLabel(text).replace(/#\d+;/g, "");
        expect(bare).not.toMatch(/[;#<>%{}\\|&"`\n\r:]/);
        expect(bare.length).toBeLessThanOrEqual(100);
      }),
    );
    expect(mermaidLabel("a; b # c\nd")).toBe("a#59; b #35; c d");
    expect(mermaidLabel(" \n")).toBe("(nothing)");
  });

  it("says so when nothing has crossed", () => {
    expect(traceToMermaid([])).toContain("Note over p0: nothing has crossed yet");
  });
});
