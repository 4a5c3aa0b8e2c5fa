/** The page for everyone: by keyboard alone, and by axe's rules, in each look. */
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./playground.ts";

const LOOKS = [
  "theme=light",
  "theme=dark&panel=inspector",
  "theme=light&projector=1",
  "theme=light&panel=mermaid",
  "theme=dark&panel=charts",
];

for (const look of LOOKS) {
  test(`axe finds nothing serious (${look})`, async ({ page, playground }) => {
    await page.goto(`/?${look}`);
    await playground.send("long-polling", "for axe");
    await expect(page.locator("g[data-seq]").first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(
      ({ impact }) => impact === "serious" || impact === "critical",
    );
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}

test("the whole first minute by keyboard alone", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: /^Replica lp-1/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator("body").press("s");
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await expect(page.locator("g[data-seq]", { hasText: "POST “by" }).first()).toBeVisible();

  const diagram = page.getByRole("application");
  await diagram.focus();
  await diagram.press("ArrowUp");
  await diagram.press("ArrowUp");
  await diagram.press("Enter");
  await expect(page.getByRole("tab", { name: "Inspector", selected: true })).toBeVisible();

  await page.locator("body").press("1");
  await expect(page.getByRole("radio", { name: "Long polling" })).toBeChecked();
  await page.locator("body").press("3");
  await page.locator("body").press("f");
  await expect(page.getByRole("radio", { name: /freeze/i })).toBeChecked();
  await page.locator("body").press("f");
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the page works from its own files alone, and its first paint is small", async ({ page }) => {
  let scripts = 0;
  const foreign: string[] = [];
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1") foreign.push(request.url());
  });
  page.on("response", async (response) => {
    if (response.url().endsWith(".js"))
      scripts += Number(response.headers()["content-length"] ?? 0);
  });
  await page.goto("/?panel=clients");
  await expect(page.getByRole("button", { name: /^Replica lp-1/ })).toBeVisible();
  expect(foreign).toEqual([]);
  expect(scripts).toBeLessThan(800 * 1024);
});
