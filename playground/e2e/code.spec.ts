/** The replicas' own source beside the diagram (docs/spec/code.md). */
import { expect, test } from "./playground.ts";

test("CD3 a hop that is clicked lights the lines that dealt with it, in its file", async ({
  page,
  playground,
}) => {
  await page.goto("/?panel=code");
  await expect(page.getByText("export class LongPolling")).toBeVisible();
  await playground.send("web-sockets", "lit");
  await page
    .locator('g[data-pattern="web-sockets"] g[data-seq]', { hasText: "INSERT" })
    .last()
    .click();
  await expect(page.getByRole("region", { name: "server/replica/message-store.ts" })).toBeVisible();
  await expect(page.locator("[data-lit]").first()).toContainText("append(draft: Draft)");
  await expect(page.locator("[data-lit]").first()).toBeInViewport();
});
