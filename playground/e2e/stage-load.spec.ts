/**
 * The stage while 5,000 events a second come in, by Chrome's own counters (docs/spec/stage.md).
 * What is held to a bound is CPU time and memory. Times between frames are wall clock, and any
 * page drops frames on a machine that is busy elsewhere: they are kept beside those of the same
 * stage at rest, in `test-results/stage-load.json`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { expect, test } from "@playwright/test";
import { buildStage, openStage } from "./built-stage.ts";
import { FRAME_MS, FrameMeter } from "./frame-costs.ts";

/** 40 clients of each pattern, and as many messages a second as make 5,000 events of them. */
const LOADED = "?clients=40&rate=37&ago=37500";
const AT_REST = "?clients=40&rate=0&ago=45000";
const FRAMES = 240;
/** By then its window of 20,000 is full: what comes in from now on, something older leaves. */
const FULL_EVENTS = 22_000;
/**
 * An event that is kept takes 400 bytes and more. Nearly all of these make room for themselves; of
 * the rows, which are bundles, some more are kept, up to their own bound.
 */
const KEPT_BYTES_PER_EVENT = 100;

interface Made {
  events: number;
  ms: number;
}

// Playwright's own trace takes pictures of the whole page all the time.
test.use({ trace: "off" });

test("SD22 at 5,000 events/s a frame costs at most 5 ms of script, and the heap is flat", async ({
  page,
}) => {
  const files = await buildStage();
  const meter = await FrameMeter.attach(page);
  await openStage(page, files, AT_REST);
  const rest = await meter.watch(FRAMES / 2);

  await openStage(page, files, LOADED);
  const made = () => page.evaluate(() => (window as unknown as { made: Made }).made);
  await expect.poll(async () => (await made()).events).toBeGreaterThan(FULL_EVENTS);
  const heapBefore = await meter.heapBytes();
  const before = await made();
  const startedAt = performance.now();
  const loaded = await meter.watch(FRAMES);
  const elapsedMs = performance.now() - startedAt;
  const after = await made();
  const heapAfter = await meter.heapBytes();

  const eventsPerSecond = ((after.events - before.events) * 1_000) / elapsedMs;
  const makingMs = (after.ms - before.ms) / (elapsedMs / FRAME_MS);
  const scriptMs = loaded.cpuMs.script - makingMs;
  const heap = { beforeBytes: heapBefore, afterBytes: heapAfter };
  const figures = { eventsPerSecond, scriptMs, heap, loaded, rest, load: loadavg()[0] };
  mkdirSync("test-results", { recursive: true });
  writeFileSync("test-results/stage-load.json", `${JSON.stringify(figures, null, 2)}\n`);

  expect(eventsPerSecond).toBeGreaterThan(4_000);
  expect(scriptMs).toBeLessThanOrEqual(5);
  expect(loaded.cpuMs.task).toBeLessThan(FRAME_MS * 0.8);
  const came = after.events - before.events;
  expect(heapAfter - heapBefore).toBeLessThan(came * KEPT_BYTES_PER_EVENT);
});
