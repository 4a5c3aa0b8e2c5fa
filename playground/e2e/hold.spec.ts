/** A teacher holds the traffic and steps one message through, hop by hop (docs/spec/hold.md). */
import { expect, test } from "./playground.ts";

/** The hops of one message, in the order of the reference: what the drawer says of the next. */
const STORY = [
  /sends “lunch\?” through replica/,
  /stores “lunch\?”/,
  /The database stored it/,
  /publishes message \d+/,
];

test("PG21 HD1 held traffic is stepped in the reference's order, and reaches everybody when released", async ({
  page,
  playground,
}) => {
  await playground.call("PUT", "/api/fleet", { "long-polling": 2, "web-sockets": 0 });
  await page.goto(`${playground.url}?pattern=long-polling`);
  await expect.poll(async () => (await playground.metrics()).patterns["long-polling"].held).toBe(2);
  const before = (await playground.metrics()).patterns["long-polling"].deliveries;

  await page.getByRole("button", { name: "Hold traffic" }).click();
  const drawer = page.getByRole("region", { name: "Held traffic" });
  await expect(drawer.getByText("Held. Nothing is on its way.")).toBeVisible();

  await page.getByLabel("Message", { exact: true }).fill("lunch?");
  await page.getByLabel("Message", { exact: true }).press("Enter");
  for (const words of STORY) {
    await expect(drawer.getByRole("listitem").first()).toContainText(words);
    await expect(page.getByRole("img", { name: "Hops that wait at their taps" })).toBeVisible();
    await drawer.getByRole("button", { name: "Next hop" }).click();
  }
  await expect(drawer.getByText(/tells replica lp-\d about message \d+/).first()).toBeVisible();
  expect((await playground.metrics()).patterns["long-polling"].deliveries).toBe(before);

  await drawer.getByRole("button", { name: "Release all" }).click();
  await expect(drawer).toBeHidden();
  await expect
    .poll(async () => (await playground.metrics()).patterns["long-polling"].deliveries)
    .toBe(before + 2);
});
