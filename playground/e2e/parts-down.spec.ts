/** A part that dies is said on the page in plain words, and its return is seen without a reload. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, withPlayground } from "./playground.ts";

/** A broker of our own, so that it can be killed and started again at the same place. */
async function startBroker(port: number): Promise<{ broker: ChildProcess; port: number }> {
  const broker = fork("dist/server/embedded/broker/broker-main.js", {
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port) },
  });
  const [ready] = (await once(broker, "message")) as [{ port: number }];
  return { broker, port: ready.port };
}

async function kill(broker: ChildProcess): Promise<void> {
  const gone = once(broker, "exit");
  broker.kill("SIGKILL");
  await gone;
}

test("a broker that goes and comes back: a banner says so, and messages flow again", async ({
  page,
}) => {
  const first = await startBroker(0);
  const url = `redis://127.0.0.1:${first.port}`;
  let broker = first.broker;
  await withPlayground(
    async (playground) => {
      await page.goto(playground.url);
      await expect(page.getByText(/polling \d+ of 10 s/).first()).toBeVisible();
      await kill(broker);
      const banner = page
        .getByRole("status")
        .filter({ hasText: /broker/i })
        .first();
      await expect(banner).toBeVisible();
      const unheard = await playground.send("long-polling", "while the broker was away");
      broker = (await startBroker(first.port)).broker;
      await expect(banner).toBeHidden();
      await expect(page.getByText("while the broker was away").first()).toBeVisible();
      await expect
        .poll(async () => (await playground.metrics()).patterns["long-polling"].lost)
        .toBe(0);
      expect(unheard.id).toBeGreaterThan(0);
    },
    { REDIS_URL: url },
  );
  await kill(broker);
});

/** The embedded Postgres' process; as root it may live outside the data folder. */
function storePid(data: string): number {
  const elsewhere = join(data, "store-home");
  const home = existsSync(elsewhere) ? readFileSync(elsewhere, "utf8").trim() : data;
  const files = readdirSync(home, { recursive: true, encoding: "utf8" });
  const file = files.find((name) => name.endsWith("postmaster.pid"));
  if (file === undefined) throw new Error(`No Postgres runs in ${home}.`);
  return Number(readFileSync(join(home, file), "utf8").split("\n")[0]);
}

test("a message store that stands still: a banner says so, until it answers again", async ({
  page,
}) => {
  await withPlayground(async (playground) => {
    await page.goto(playground.url);
    await expect(page.getByText(/polling \d+ of 10 s/).first()).toBeVisible();
    const pid = storePid(playground.data);
    process.kill(pid, "SIGSTOP");
    try {
      const banner = page.getByRole("status").filter({ hasText: /store/i }).first();
      await expect(banner).toBeVisible();
      process.kill(pid, "SIGCONT");
      await expect(banner).toBeHidden();
    } finally {
      process.kill(pid, "SIGCONT");
    }
    expect((await playground.send("long-polling", "stored again")).id).toBeGreaterThan(0);
  });
});
