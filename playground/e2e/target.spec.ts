/** An engineer watches a server of their own: `--target` (docs/spec/target.md). */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, withPlayground } from "./playground.ts";

/** Long polling as somebody might write it: nothing in it knows of a playground. */
function newsServer(): Server {
  const waiting = new Set<() => void>();
  return createServer((request, response) => {
    if (request.method === "POST") {
      for (const answer of waiting) answer();
      waiting.clear();
      response.writeHead(201).end();
      return;
    }
    waiting.add(() => response.end('["lunch?"]'));
    setTimeout(() => response.writableEnded || response.end("[]"), 1_500);
  });
}

test("TG5 TG12 TG16 a server of one's own: how to use it, what crosses, what it costs, and when it is gone", async ({
  page,
}) => {
  const server = newsServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = (server.address() as AddressInfo).port;
  const args = ["--target", `http://127.0.0.1:${port}`, "--target-pattern", "long-polling"];
  await withPlayground(
    async (playground) => {
      const url = (await playground.cluster()).patterns.target?.url ?? "";
      await page.goto(playground.url);
      const stage = page.getByRole("region", { name: "Live sequence diagram" });
      await expect(page.getByRole("radio", { name: "Your server" })).toBeChecked();
      await expect(stage.getByText(`Use it at ${url}`)).toBeVisible();
      await expect(page.getByRole("form", { name: "Send a message" })).toBeHidden();
      await expect(page.getByRole("button", { name: "Join from this tab" })).toBeHidden();

      expect(await (await fetch(`${url}/news`)).text()).toBe("[]");
      const waits = fetch(`${url}/news`);
      const figures = page.getByRole("region", { name: "Your server: figures" });
      await expect(figures.getByText("idle answers")).toBeVisible();
      await expect(stage.locator("svg").getByText("200 idle")).toBeVisible();

      await page.getByRole("button", { name: "Hold traffic" }).click();
      const drawer = page.getByRole("region", { name: "Held traffic" });
      await expect(drawer).toBeVisible();
      const posted = fetch(`${url}/news`, { method: "POST" });
      await expect(drawer.getByText("asks the server: POST /news").first()).toBeVisible();
      await drawer.getByRole("button", { name: "Release all" }).click();
      expect((await posted).status).toBe(201);
      await waits;
      await expect
        .poll(async () => (await playground.metrics()).patterns.target)
        .toMatchObject({ requests: 3, idleRequests: 1, deliveries: 0 });

      server.closeAllConnections();
      server.close();
      // The first finds its connection ended, as it would without us; the next is told why.
      await fetch(url).catch(() => undefined);
      expect((await fetch(url)).status).toBe(503);
      await expect(page.getByText("✕ no answer").first()).toBeVisible();
      await page.getByText("Side by side").click();
      await expect(page.getByRole("form", { name: "Send a message" })).toBeVisible();
    },
    {},
    args,
  );
});
