/** A teacher holds the traffic and steps one message through, hop by hop (docs/spec/hold.md). */
import { expect, test } from "./playground.ts";

/** The hops of one message, in the order of the reference: what the drawer says of the next. */
const STORY = [
  /sends “lunch\?” through replica/,
  /stores “lunch\?”/,
  /The database stored it/,
  /publishes message \d+/,
];

// Others that use this playground count on three clients of each pattern.
test.afterEach(async ({ playground }) => {
  await playground.threeClientsEach();
});

test("PG24 HD1 held traffic is stepped in the reference's order, and reaches everybody when released", async ({
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

test("PG25 HD10 a breakpoint is set from the page, holds the traffic, and is taken away", async ({
  page,
  playground,
}) => {
  await page.goto(playground.url);
  await page.getByRole("button", { name: "Breakpoints" }).click();
  await page.getByRole("menuitem", { name: "Hold at a push of the broker" }).click();
  const menu = page.getByRole("button", { name: "Breakpoints: 1 set" });
  await expect(menu).toBeVisible();
  // It is answered once traffic flows again: the hold may begin before its acknowledgement crosses.
  const sent = playground.send("web-sockets", "into the trap");
  const drawer = page.getByRole("region", { name: "Held traffic" });
  await expect(drawer.getByText("Held at a hop of kind redis.push.")).toBeVisible();
  await menu.click();
  await page.getByRole("menuitem", { name: /^✓/ }).click();
  await expect(page.getByRole("button", { name: "Breakpoints", exact: true })).toBeVisible();
  await drawer.getByRole("button", { name: "Release all" }).click();
  await expect(drawer).toBeHidden();
  await sent;
});
