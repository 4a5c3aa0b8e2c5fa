/** Links broken from the page, what that teaches, and recovery (docs/spec/faults.md). */
import type { Page } from "@playwright/test";
import type { Pattern } from "../../shared/contracts/ids.ts";
import { expect, type Playground, test } from "./playground.ts";

test.afterEach(async ({ playground }) => {
  await playground.call("DELETE", "/api/faults");
});

async function withClients(playground: Playground, pattern: Pattern, count: number): Promise<void> {
  const nobody = { "long-polling": 0, "web-sockets": 0 };
  await playground.call("PUT", "/api/fleet", { ...nobody, [pattern]: count });
  await expect.poll(async () => (await playground.metrics()).patterns[pattern].held).toBe(count);
  await playground.call("POST", "/api/reset");
}

const ledger = async (playground: Playground, pattern: Pattern) => {
  const { deliveries, lost } = (await playground.metrics()).patterns[pattern];
  return { deliveries, lost };
};

async function breakLink(page: Page, link: RegExp, what: string): Promise<void> {
  await page.getByRole("button", { name: link }).click();
  await page.getByRole("menuitem", { name: what }).click();
}

const inForce = (page: Page) => page.getByRole("region", { name: "Faults in force" });

// Others that use this playground count on three clients of each pattern.
test.afterEach(async ({ playground }) => {
  await playground.threeClientsEach();
});

test("FT5 FT14 a packet that is dropped is lost for its client, the next ones are not", async ({
  page,
  playground,
}) => {
  await withClients(playground, "web-sockets", 2);
  await page.goto(`${playground.url}?pattern=web-sockets&panel=charts`);
  await breakLink(page, /^Link balancer of WebSockets ↔ replica ws-1/i, "Drop the next");
  // It is over by itself once a packet was lost.
  await expect(inForce(page)).toContainText("is lost");
  await playground.send("web-sockets", "one of you will not hear this");
  await expect(inForce(page)).toBeHidden();
  await playground.send("web-sockets", "this comes to both");
  await expect
    .poll(() => ledger(playground, "web-sockets"), { timeout: 15_000 })
    .toEqual({ deliveries: 3, lost: 1 });
  await expect(page.getByRole("row", { name: /^lost/ })).toContainText("1");
});

test("FT3 FT9 FT14 stalled clients hear nothing until Heal all, then everything", async ({
  page,
  playground,
}) => {
  await withClients(playground, "long-polling", 2);
  await page.goto(`${playground.url}?pattern=long-polling`);
  await breakLink(page, /^Link all clients ↔ balancer of long polling/i, "Stall");
  await expect(inForce(page)).toContainText("nothing crosses, all waits");
  await expect(
    page.getByRole("button", { name: /balancer of long polling, faulty/ }),
  ).toBeVisible();
  // By a link that is well: the sender's own POST would wait as well.
  const { url } = (await playground.cluster()).patterns["long-polling"];
  const sent = fetch(`${url}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: "who waits?" }),
  });
  await expect(inForce(page)).toContainText(/\d wait/);
  expect((await ledger(playground, "long-polling")).deliveries).toBe(0);
  await inForce(page).getByRole("button", { name: "Heal all" }).click();
  await expect(inForce(page)).toBeHidden();
  expect((await sent).status).toBe(201);
  await expect.poll(() => ledger(playground, "long-polling")).toEqual({ deliveries: 2, lost: 0 });
});
