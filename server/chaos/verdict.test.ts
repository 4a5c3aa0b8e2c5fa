/** The judge must be able to find somebody guilty. */
import { describe, expect, it } from "vitest";
import { drawVolley, explain } from "./faults.ts";
import { seeded } from "./random.ts";
import { type Evidence, judge } from "./verdict.ts";

const stored = [1, 2, 3].map((id) => ({ id, text: `m${id}` }));
const given = (...ids: number[]) =>
  ids.map((id) => ({ id, text: `m${id}`, connection: id > 10 ? 2 : 1 }));

function evidence(changes: Partial<Evidence>, received = given(1, 2, 3)): Evidence {
  return {
    isOrdered: true,
    sent: [{ text: "m2", outcome: { kind: "acknowledged", id: 2 } }],
    stored,
    witnesses: [{ name: "one", received, complaints: [] }],
    ...changes,
  };
}

describe("the verdict", () => {
  it("CH3 finds nothing where every promise was kept", () => {
    expect(judge(evidence({}))).toEqual([]);
    expect(judge(evidence({ isOrdered: false }, given(2, 1, 3)))).toEqual([]);
    const again = [...given(1, 3), { id: 3, text: "m3", connection: 2 }, ...given(2)];
    expect(judge(evidence({ isOrdered: false }, again))).toEqual([]);
  });

  it.each([
    ["a message that never came", evidence({}, given(1, 3)), "one: was never given 2"],
    ["one that came twice", evidence({ isOrdered: false }, given(1, 2, 2, 3)), "2 twice"],
    ["one that came late", evidence({}, given(1, 3, 2)), "one: was given 2 after 3"],
    [
      "another's text",
      evidence({}, [{ id: 1, text: "m2", connection: 1 }, ...given(2, 3)]),
      "1 with a text not its own",
    ],
    [
      "a complaint",
      evidence({ witnesses: [{ name: "one", received: given(1, 2, 3), complaints: ["409"] }] }),
      "one: 409",
    ],
    [
      "an acknowledged one that is not stored",
      evidence({ sent: [{ text: "m9", outcome: { kind: "acknowledged", id: 9 } }] }),
      "acknowledged as 9",
    ],
    [
      "a stored one that was said not to be",
      evidence({ sent: [{ text: "m2", outcome: { kind: "not-stored", why: "503" } }] }),
      "its sender was told: 503",
    ],
    [
      "one that is stored twice",
      evidence({ stored: [...stored, { id: 4, text: "m2" }] }, [
        ...given(1, 2, 3),
        { id: 4, text: "m2", connection: 1 },
      ]),
      "stored as 2, 4",
    ],
    ["a gap in the ids", evidence({ stored: stored.slice(1) }, given(2, 3)), "no. 1 has id 2"],
  ])("CH3 finds %s", (_what, found, words) => {
    expect(judge(found).join("\n")).toContain(words);
  });
});

it("CH1 a seed draws the same faults again, another seed others", () => {
  const draw = (seed: number) => {
    const random = seeded(seed);
    const volley = drawVolley(random, { replicas: 2, longestMs: 900, count: 20 });
    expect(volley.every(({ afterMs }) => afterMs <= 900)).toBe(true);
    return volley.map(({ fault }) => explain(fault));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(new Set(draw(7)).size).toBeGreaterThan(5);
});
