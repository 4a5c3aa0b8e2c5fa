/** What a person does to the cluster from the page, and how it is drawn. */
import { expect, test } from "./playground.ts";

test("scaling to three replicas and back, while polls are parked", async ({ page, playground }) => {
  await page.goto("/");
  const controls = page.getByRole("region", { name: "Long polling", exact: true });
  await controls.getByRole("button", { name: "Increase Replicas" }).click();
  await expect(page.getByRole("button", { name: /^Replica lp-3: ready/ })).toBeVisible();
  await controls.getByRole("button", { name: "Decrease Replicas" }).click();
  await expect(page.getByRole("button", { name: /^Replica lp-3/ })).toHaveCount(0);
  const { lost } = (await playground.metrics()).patterns["long-polling"];
  expect(lost).toBe(0);
});

test("a killed replica is said to restart, and comes back", async ({ page, playground }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /^Replica lp-1/ }).click();
  await page.getByRole("menuitem", { name: /kill/i }).click();
  await expect(page.getByRole("button", { name: /^Replica lp-1: (?!ready)/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Replica lp-1: ready/ })).toBeVisible();
  const sent = await playground.send("long-polling", "after the kill");
  expect(sent.id).toBeGreaterThan(0);
  await expect.poll(async () => (await playground.metrics()).patterns["long-polling"].lost).toBe(0);
});

test("the Mermaid text of the current window parses, and is drawn", async ({
  page,
  playground,
}) => {
  await playground.send("long-polling", "as text; with #signs");
  await page.goto("/?panel=mermaid");
  const panel = page.getByRole("tabpanel", { name: "Mermaid" });
  await expect(panel.locator("svg[aria-roledescription=sequence]")).toBeVisible();
  await expect(panel.getByText("sequenceDiagram").first()).toBeVisible();
  const exported = await fetch(new URL("/api/trace.mmd", playground.url));
  expect(await exported.text()).toContain("sequenceDiagram");
});

test("a chosen hop shows its raw bytes in the inspector", async ({ page, playground }) => {
  await page.goto("/?panel=text");
  await playground.send("web-sockets", "look closer");
  await page
    .getByRole("button", { name: /look closer/ })
    .first()
    .click();
  const inspector = page.getByRole("tabpanel", { name: "Inspector" });
  await expect(inspector.getByText(/POST \/messages/).first()).toBeVisible();
  await expect(inspector.getByText(/traceparent/i).first()).toBeVisible();
});

test("a view that is frozen counts what waits, and catches up", async ({ page, playground }) => {
  await page.goto("/");
  const drawn = page.locator("g[data-seq]", { hasText: "POST “while" });
  await page.getByText("freeze", { exact: true }).click();
  await playground.send("long-polling", "while frozen");
  await expect(page.getByText(/· [1-9]\d* wait/)).toBeVisible();
  await expect(drawn).toHaveCount(0);
  await page.locator("body").press("f");
  await expect(drawn.first()).toBeVisible();
});

test("this tab joins as a client of both patterns, run by the same machines", async ({
  page,
  playground,
}) => {
  await page.goto("/?panel=clients");
  for (const name of [/Join.*: Long polling/, /Join.*: WebSockets/]) {
    await page.getByRole("button", { name }).click();
  }
  await playground.send("long-polling", "to this tab");
  await playground.send("web-sockets", "to this tab");
  await expect(page.getByText("to this tab").first()).toBeVisible();
  await expect(page.getByText(/six HTTP\/1.1 connections/)).toBeVisible();
});

test("when the broker's way is gone the page says so in words", async ({ page, playground }) => {
  await page.goto("/");
  await playground.call("PUT", "/api/patterns/long-polling/replicas", { count: 0 });
  await expect(page.getByRole("status").first()).toContainText(/replica/i);
  await playground.call("PUT", "/api/patterns/long-polling/replicas", { count: 2 });
  await expect(page.getByRole("button", { name: /^Replica lp-2: ready/ })).toBeVisible();
});
