/** `npm run smoke`: start, send one message with each pattern, stop. For systems without the full run. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const data = mkdtempSync(join(tmpdir(), "playground-smoke-"));
const playground = spawn(
  process.execPath,
  ["scripts/start.mjs", "--port", "0", "--no-open", "--data", data],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const exited = new Promise((resolve) => playground.once("exit", resolve));

async function readyUrl() {
  for await (const line of createInterface({ input: playground.stdout })) {
    if (line.startsWith("ready ")) return line.slice("ready ".length).trim();
  }
  throw new Error("The playground ended before it was ready.");
}

async function send(url, pattern) {
  const response = await fetch(new URL("/api/messages", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pattern, text: "hello" }),
  });
  const body = await response.json();
  if (response.status !== 201) throw new Error(`${pattern}: ${JSON.stringify(body)}`);
  console.log(`${pattern}: message ${body.id} taken by ${body.server}`);
}

try {
  const url = await readyUrl();
  await send(url, "long-polling");
  await send(url, "web-sockets");
  console.log("2 passed, 0 failed");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  playground.kill("SIGTERM");
  await exited;
  rmSync(data, { recursive: true, force: true });
}
