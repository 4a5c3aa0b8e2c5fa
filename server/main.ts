/**
 * The program: reads the command line, starts the playground, says `ready http://…` on standard
 * output (its only line), and ends in order on a signal or when its parent goes.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isLoopback, urlHost } from "./control/access.ts";
import { type CliOptions, readCommandLine } from "./control/cli.ts";
import { Ending } from "./control/ending.ts";
import { createLog, say } from "./control/log.ts";
import { hasScreen, openBrowser } from "./control/open-browser.ts";
import { readTargetWish, refuseOwnPorts } from "./control/target/target-wish.ts";
import { portsNeeded } from "./control/topology.ts";
import { Playground } from "./playground.ts";
import { findFreeRow, isFree } from "./processes/free-ports.ts";
import { systemClock } from "./processes/system-clock.ts";

/** Two levels up from `server/`, or three from `dist/server/`. */
function readVersion(): string {
  const folder = import.meta.url.includes("/dist/server/") ? "../../" : "../";
  const text = readFileSync(new URL(`${folder}package.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The first port; complains of one in use before anything is started. */
async function choosePort({ host, port }: CliOptions, count: number): Promise<number> {
  if (port === 0) return findFreeRow(host, count, Math.random);
  if (port + count > 65_536)
    throw new Error(`${count} ports from ${port} on are more than there are.`);
  for (let needed = port; needed < port + count; needed++) {
    if (await isFree(host, needed)) continue;
    const others = `${port} to ${port + count - 1} are needed`;
    throw new Error(
      `Port ${needed} on ${host} is in use (${others}). Try --port with another number.`,
    );
  }
  return port;
}

function portsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, step) => first + step);
}

function addressOf(host: string, port: number, token: string | undefined): string {
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "127.0.0.1" : urlHost(host);
  return `http://${name}:${port}${token === undefined ? "" : `/?token=${token}`}`;
}

async function main(): Promise<void> {
  const version = readVersion();
  const options = readCommandLine(process.argv.slice(2), version);
  const { host, replicas, data } = options;
  const log = createLog(process.env.LOG_LEVEL);
  const token = isLoopback(host) ? undefined : randomBytes(16).toString("hex");
  let playground: Playground | undefined;
  const ending = new Ending({
    clock: systemClock,
    host: process,
    stop: async () => playground?.stop(),
    kill: () => playground?.kill(),
  });
  try {
    const target = readTargetWish(options);
    const ports = portsNeeded(target !== undefined);
    const port = await choosePort(options, ports);
    if (target) refuseOwnPorts(target, portsFrom(port, ports));
    const dataDir = resolve(data);
    const given = { version, host, port, replicas, dataDir, token, target };
    playground = new Playground({ clock: systemClock, log, ...given });
    await playground.start();
    if (ending.isEnding) return;
    for (const line of playground.targetInstructions()) say(line);
    const address = addressOf(host, port, token);
    process.stdout.write(`ready ${address}\n`);
    if (options.open && hasScreen(process.env)) openBrowser(address, log);
  } catch (error) {
    if (ending.isEnding) return;
    say(error instanceof Error ? error.message : String(error));
    await ending.end(1);
  }
}

await main();
