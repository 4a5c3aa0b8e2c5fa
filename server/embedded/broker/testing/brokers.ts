/** The two brokers the contract suite runs against. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../../processes/free-ports.ts";
import { Broker } from "../broker.ts";
import type { BrokerLimits } from "../limits.ts";

export interface BrokerUnderTest {
  port: number;
  stop(): Promise<void>;
}

export type StartBroker = (options: { password?: string }) => Promise<BrokerUnderTest>;

export async function startEmbedded(
  options: { password?: string; limits?: Partial<BrokerLimits>; port?: number } = {},
): Promise<BrokerUnderTest & { said: string[] }> {
  const said: string[] = [];
  const broker = new Broker({
    ...options,
    now: () => performance.now(),
    log: (text) => said.push(text),
  });
  const port = await broker.listen(options.port ?? 0, "127.0.0.1");
  return { port, said, stop: () => broker.close() };
}

export function hasRedisServer(): boolean {
  try {
    execFileSync("redis-server", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

export const startRedis: StartBroker = async ({ password }) => {
  const port = await findFreePort("127.0.0.1", Math.random);
  const dir = mkdtempSync(join(tmpdir(), "redis-"));
  const settings = ["--bind", "127.0.0.1", "--port", `${port}`, "--save", "", "--dir", dir];
  if (password) settings.push("--requirepass", password);
  const redis = spawn("redis-server", settings, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => redis.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = "";
    redis.stdout.on("data", (chunk) => {
      log += chunk;
      if (/ready to accept connections/i.test(log)) resolve();
    });
    redis.once("exit", () => reject(new Error(`redis-server ended: ${log}`)));
  });
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
  return {
    port,
    stop: async () => {
      redis.kill();
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
