/** A teacher goes back over what has just crossed, marks it, hands it out, and opens it again (docs/spec/recording.md). */
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./playground.ts";

const drawn = (page: Page, text: string) => page.locator("g[data-seq]", { hasText: text });

async function choose(page: Page, entry: RegExp): Promise<void> {
  await page.getByRole("button", { name: /^Recording/ }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

async function saved(page: Page, act: () => Promise<void>): Promise<string> {
  const download = page.waitForEvent("download");
  await act();
  return (await download).path();
}

async function opened(page: Page, file: Parameters<typeof page.setInputFiles>[1]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await choose(page, /^Open/);
  await (await chooser).setFiles(file);
}

test.afterEach(({ playground }) => playground.threeClientsEach());

test("RC5–RC15 step back, bookmark, share, save, open, scrub, jump, follow, export", async ({
  page,
  context,
  playground,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await playground.call("PUT", "/api/fleet", { "long-polling": 2, "web-sockets": 2 });
  await page.goto(`${playground.url}?panel=inspector`);
  await expect.poll(async () => (await playground.metrics()).patterns["long-polling"].held).toBe(2);
  await playground.send("long-polling", "lunch?");
  await expect(drawn(page, "POST “lunch?”").first()).toBeVisible();

  // Back to the POST, hop by hop: what came of it has not happened yet.
  const post = Number(await drawn(page, "POST “lunch?”").first().getAttribute("data-seq"));
  const selected = () => new URL(page.url()).searchParams.get("hop");
  while (selected() !== String(post)) await page.keyboard.press(",");
  await expect(drawn(page, "INSERT “lunch?”")).toHaveCount(0);
  await page.keyboard.press(".");
  await expect(drawn(page, "INSERT “lunch?”").first()).toBeVisible();
  await page.keyboard.press("m");

  await choose(page, /^Copy link/);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const guest = await context.newPage();
  await guest.goto(link);
  await expect(drawn(guest, "INSERT “lunch?”").first()).toBeVisible();
  await expect(guest.getByRole("radio", { name: "Freeze the view" })).toBeChecked();
  // What others published before is drawn; what came of this INSERT is not.
  const published = () =>
    drawn(guest, "PUBLISH").evaluateAll((hops) => hops.map((hop) => Number(hop.dataset.seq)));
  await expect.poll(async () => (await published()).filter((seq) => seq > post)).toEqual([]);
  await guest.close();

  const file = await saved(page, () => choose(page, /^Save recording/));
  await opened(page, { name: "cat.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") });
  await expect(page.getByText("It is no recording of the playground.")).toBeVisible();
  await opened(page, { name: "lesson.jsonl", mimeType: "", buffer: readFileSync(file) });
  const bar = page.getByRole("region", { name: "Opened recording" });
  await expect(bar).toContainText(/lesson\.jsonl.*saved .* hops in/);
  await expect(page.getByRole("button", { name: "Hold traffic" })).toBeDisabled();

  const timeline = page.getByRole("slider", { name: "Timeline" });
  await timeline.press("Home");
  await expect(timeline).toHaveAttribute("aria-valuenow", "1");
  await page.keyboard.press("]");
  for (let tries = 0; tries < 20 && selected() !== String(post + 1); tries += 1) {
    await page.keyboard.press("]");
  }
  await expect(drawn(page, "INSERT “lunch?”").first()).toBeVisible();
  await page.getByRole("button", { name: "Follow this message" }).click();
  await expect(page.getByText("Only “lunch?”: all other hops are left out.")).toBeVisible();
  await timeline.press("End");
  await expect(drawn(page, "PUBLISH").first()).toBeVisible();

  const svg = readFileSync(await saved(page, () => choose(page, /^Save picture/)), "utf8");
  expect(svg).toMatch(/^<svg [^>]*viewBox=/);
  expect(svg).toContain("INSERT “lunch?”");
  expect(svg).toContain("JetBrains Mono");
  expect(svg).not.toMatch(/var\(|class=|<script/);

  await page.getByRole("button", { name: "Show all hops" }).first().click();
  await page.getByRole("tab", { name: "Charts" }).click();
  await expect(page.getByText(/Counted from the hops that the recording holds/)).toBeVisible();
  const csv = await saved(page, () => page.getByRole("button", { name: "CSV" }).click());
  expect(readFileSync(csv, "utf8")).toMatch(/delivered,[1-9]/);

  await page.getByRole("button", { name: "Back to live" }).click();
  await playground.send("long-polling", "after");
  await expect(drawn(page, "POST “after”").first()).toBeVisible();
});
