/** Who got what, live (docs/spec/verdict.md). */
import { expect, test } from "./playground.ts";

test("VD1 VD7 each message is accounted for with each client, and the pattern was kept to", async ({
  page,
  playground,
}) => {
  await page.goto("/?panel=verdict");
  const verdict = page.getByRole("region", { name: "Verdict on Long polling" });
  await expect(verdict).toBeVisible();
  await playground.send("long-polling", "for all three");
  const line = verdict.getByRole("row", { name: /for all three/ });
  await expect(line.getByRole("button", { name: /^Client \d got it once/ })).toHaveCount(3);
  await expect(verdict.getByText(/polls? followed, as the reference draws them/)).toBeVisible();
  await line.getByRole("button", { name: /^Client 2 got it once/ }).click();
  await expect(page).toHaveURL(/hop=\d+/);
});
