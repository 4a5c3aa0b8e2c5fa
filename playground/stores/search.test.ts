import { describe, expect, it } from "vitest";
import { DEFAULT_DIAGRAM, Diagram, type DiagramOptions } from "../../shared/trace/diagram.ts";
import { SampleTraffic } from "../../shared/trace/testing/sample-traffic.ts";
import { matchesOf } from "./search.ts";

function diagramOf(options: Partial<DiagramOptions> = {}): Diagram {
  const traffic = new SampleTraffic();
  traffic.poll("lp-client-1");
  traffic.send("long-polling", "lp-client-1", "lunch?");
  traffic.send("long-polling", "lp-client-1", "tea?");
  const diagram = new Diagram();
  diagram.append(traffic.take(), traffic.nowMs);
  diagram.configure({ ...DEFAULT_DIAGRAM, ...options });
  return diagram;
}

const labels = ({ sequence }: Diagram) =>
  sequence.rows.flatMap((row) => (row.kind === "hop" ? [row.event.label] : []));

describe("finding hops", () => {
  it("RC13 by label, text, name, message and number, whatever their case", () => {
    const { rows } = diagramOf().sequence;
    const found = (query: string) => matchesOf(rows, query).length;
    expect(found("LUNCH")).toBe(2);
    expect(found("lp-client-1")).toBeGreaterThan(3);
    expect(found("long-polling/lobby/42")).toBeGreaterThan(3);
    expect(found("#1")).toBe(1);
    expect(found("supper")).toBe(0);
    expect(found("  ")).toBe(0);
  });

  it("RC12 a followed message's hops, and the poll that brought it, are all that is drawn", () => {
    const all = diagramOf();
    const post = all.sequence.rows.find(
      (row) => row.kind === "hop" && row.event.label === "POST “lunch?”",
    );
    if (post?.kind !== "hop") throw new Error("no POST");
    const only = labels(diagramOf({ follow: post.event.traceId ?? null }));
    expect(only).toContain("POST “lunch?”");
    expect(only[0]).toBe("GET after=40");
    expect(only.join()).not.toMatch(/tea/);
    expect(only.length).toBeLessThan(labels(all).length);
  });

  it("RC12 a lifeline that is left out takes its hops along", () => {
    const without = diagramOf({ brokerShown: false, storeShown: false });
    expect(labels(without).join()).not.toMatch(/PUBLISH|push|INSERT/);
    const columns = without.heads["long-polling"]?.columns ?? [];
    expect(columns.filter(({ hidden }) => !hidden).map(({ role }) => role)).not.toContain("broker");
  });
});
