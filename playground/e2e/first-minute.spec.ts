/** What a teacher sees in the first minute, on the real cluster (docs/spec/page.md, stage.md). */
import type { Page } from "@playwright/test";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { expect, test } from "./playground.ts";

/** Labels of one pattern's hops as they are drawn, from top to bottom. */
function drawnLabels(page: Page, pattern: string): Promise<string[]> {
  return page.locator(`g[data-pattern="${pattern}"] g[data-seq]`).evaluateAll((hops) =>
    hops
      .map((hop) => ({ seq: Number(hop.getAttribute("data-seq")), text: hop.textContent ?? "" }))
      .sort((a, b) => a.seq - b.seq)
      .map(({ text }) => text),
  );
}

/** Whether the labels contain these, in this order, with anything in between. */
function containsInOrder(labels: readonly string[], wanted: readonly RegExp[]): boolean {
  let found = 0;
  for (const label of labels) if (wanted[found]?.test(label)) found += 1;
  return found === wanted.length;
}

const STORY = {
  "long-polling": [/POST “lunch\?”/, /INSERT/, /id \d+/, /PUBLISH/, /push \d+/, /200 \[\d+\]/],
  "web-sockets": [/POST “lunch\?”/, /INSERT/, /id \d+/, /PUBLISH/, /push \d+/, /message \d+/],
} as const;

test("the first open brings three clients of each pattern, and their polls drain", async ({
  page,
  unopened,
}) => {
  await page.goto(unopened.url);
  await expect
    .poll(async () => {
      const { patterns } = await unopened.metrics();
      return [patterns["long-polling"].held, patterns["web-sockets"].held];
    })
    .toEqual([3, 3]);
  await expect(page.getByLabel("Message", { exact: true })).toBeFocused();
  await expect(page.getByText(/polling \d+ of 10 s/).first()).toBeVisible();
});

test("a message that is sent draws its story in causal order, in both halves", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Message", { exact: true }).fill("lunch?");
  await page.getByRole("button", { name: "Send to both" }).click();
  for (const [pattern, story] of Object.entries(STORY)) {
    await expect
      .poll(async () => containsInOrder(await drawnLabels(page, pattern), story))
      .toBe(true);
  }
});

test("every drawn answer can be followed back to its POST by causes", async ({ playground }) => {
  const sent = await playground.send("long-polling", "followed");
  const key = `long-polling/lobby/${sent.id}`;
  const eventsOf = async () =>
    (await playground.call<{ events: TraceEvent[] }>("GET", "/api/trace?after=0&limit=10000"))
      .events;
  const answersIn = (events: TraceEvent[]) =>
    events.filter(
      (event) => event.outcome === "messages" && event.messageIds?.includes(key as never),
    );
  await expect.poll(async () => answersIn(await eventsOf()).length).toBe(3);

  const events = await eventsOf();
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const rootsOf = (event: TraceEvent): TraceEvent[] => {
    const causes = (event.causes ?? []).flatMap((seq) => bySeq.get(seq) ?? []);
    return causes.length === 0 ? [event] : causes.flatMap(rootsOf);
  };
  for (const answer of answersIn(events)) {
    expect(rootsOf(answer).map(({ label }) => label)).toContain("POST “followed”");
  }
});

test("a poll that comes back empty is counted, and said to be the price", async ({
  page,
  playground,
}) => {
  await playground.set({ pollTimeoutMs: 1_000 });
  await page.goto("/");
  const before = (await playground.metrics()).patterns["long-polling"].idleRequests;
  await expect
    .poll(async () => (await playground.metrics()).patterns["long-polling"].idleRequests)
    .toBeGreaterThan(before + 3);
  const figures = page.getByRole("region", { name: "Long polling: figures" });
  await expect(figures).not.toContainText(/^0idle/);
  await playground.set({ pollTimeoutMs: 10_000 });
});
