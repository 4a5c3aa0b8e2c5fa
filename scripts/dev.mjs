/**
 * `npm run dev`: reload on change. The page is served by Vite, which passes the API on to a
 * playground: a healthy one on the control port (`-- --port 4000`), or one that is started here
 * and started anew whenever `server/` or `shared/` changed.
 */
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { build, explainFailure } from "./build.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const portAt = args.indexOf("--port");
const port = portAt < 0 ? 4000 : Number(args[portAt + 1]);
const DEBOUNCE_MS = 300;
/** npm does not pass signals on: an orphan ends by itself. */
const parent = process.ppid;
const PARENT_CHECK_MS = 500;

let playground;
let isEnding = false;

async function isHealthy() {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api/health`)).ok;
  } catch {
    return false; // Nobody is there: one is started.
  }
}

function startPlayground() {
  const main = join(root, "dist/server/main.js");
  const child = spawn(process.execPath, [main, "--no-open", ...args], { stdio: "inherit" });
  child.exited = new Promise((resolve) => child.once("exit", resolve));
  child.exited.then((code) => {
    if (code !== 0 && !isEnding) console.error("It ended. Waiting for a change …");
  });
  playground = child;
}

async function stopPlayground() {
  playground?.kill("SIGTERM");
  await playground?.exited;
}

async function isBuilt() {
  const failures = await build({ only: ["server"] });
  for (const failure of failures) console.error(explainFailure(failure));
  return failures.length === 0;
}

async function renew() {
  if (!(await isBuilt()) || isEnding) return;
  console.error("Starting anew …");
  await stopPlayground();
  if (!isEnding) startPlayground();
}

/** Several writes at once make one restart; a change during a restart makes one more. */
function onChange(act) {
  let timer;
  let running = Promise.resolve();
  return (_event, name) => {
    if (name !== null && !/\.ts$/.test(name)) return;
    if (name !== null && /\.(test|suite)\.ts$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(act);
    }, DEBOUNCE_MS);
  };
}

async function servePage() {
  process.env.PLAYGROUND_PORT = String(port);
  const vite = await createServer({
    root: join(root, "playground"),
    configFile: join(root, "vite.config.ts"),
  });
  await vite.listen();
  console.error(`The page, reloaded on change: ${vite.resolvedUrls?.local[0]}`);
  return vite;
}

const isOurs = !(await isHealthy());
if (isOurs) {
  if (await isBuilt()) startPlayground();
  const changed = onChange(renew);
  for (const folder of ["server", "shared"])
    watch(join(root, folder), { recursive: true }, changed);
} else {
  console.error(
    `Using the playground on port ${port}; changes of its servers need its own restart.`,
  );
}
const vite = await servePage();

async function end() {
  if (isEnding) return;
  isEnding = true;
  await Promise.all([stopPlayground(), vite.close()]);
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void end());
if (parent > 1) setInterval(() => process.ppid !== parent && void end(), PARENT_CHECK_MS).unref();
