/** A client's statechart, live (docs/spec/machine.md). */
import { expect, test } from "./playground.ts";

test("MC2 MC3 a client's machine is lit where it is, and shows what it did", async ({
  page,
  playground,
}) => {
  await page.goto("/");
  const clients = page.getByRole("region", { name: "WebSockets clients" });
  await clients.getByRole("button", { name: "client 1", exact: true }).click();
  const chart = page.getByRole("img", { name: /^Statechart\. It is connected/ });
  await expect(chart).toBeVisible();
  await expect(page).toHaveURL(/client=ws-client-1/);
  await expect(page.getByText("export class WebSockets")).toBeVisible();
  await playground.send("web-sockets", "a round");
  await expect(page.getByRole("list", { name: "Its newest moves" })).toContainText("1 update");
});
