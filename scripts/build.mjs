/**
 * Builds what changed: `server/` and `shared/` into `dist/`, the page into `dist/playground`.
 * Each half is built beside the old one and then moved into its place, under a lock, so that two
 * starts at once cannot spoil each other. Types are not checked here: `npm run check` does.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./build-lock.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stampFile = join(dist, ".stamp");
const bin = (path) => join(root, "node_modules", path);

const halves = {
  server: {
    sources: ["server", "shared", "tsconfig.base.json", "package.json"],
    makes: ["server", "shared"],
    command: (out) => [
      bin("typescript/bin/tsc"),
      ...["-p", "server/tsconfig.build.json", "--noCheck", "--outDir", out],
    ],
  },
  page: {
    sources: ["playground", "shared", "vite.config.ts", "package.json"],
    makes: ["playground"],
    command: (out) => [
      bin("vite/bin/vite.js"),
      ...["build", "--logLevel", "error", "--outDir", join(out, "playground")],
    ],
  },
};

function* filesIn(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) return void (yield path);
  for (const name of readdirSync(path).sort()) {
    if (!/\.(test|suite)\.tsx?$/.test(name) && name !== "e2e") yield* filesIn(join(path, name));
  }
}

/** Changes when any source was added, removed or written. */
function stampOf({ sources }) {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of filesIn(join(root, source))) {
      const { mtimeMs, size } = statSync(file);
      hash.update(`${file} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest("hex");
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {}; // Never built, or half a stamp: build anew.
  }
}

function isFresh(name) {
  const { makes } = halves[name];
  const isThere = makes.every((folder) => existsSync(join(dist, folder)));
  return isThere && readStamps()[name] === stampOf(halves[name]);
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });
}

/** Moves a freshly built folder into its place; the old one stays until that moment. */
function replaceFolder(from, to, aside) {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(to)) renameSync(to, aside);
  renameSync(from, to);
}

async function buildHalf(name, say) {
  const out = join(dist, `.tmp-${process.pid}-${name}`);
  const startedMs = Date.now();
  const stamp = stampOf(halves[name]);
  try {
    await run(halves[name].command(out));
    for (const folder of halves[name].makes) {
      replaceFolder(join(out, folder), join(dist, folder), join(out, `old-${folder}`));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  writeFileSync(stampFile, JSON.stringify({ ...readStamps(), [name]: stamp }));
  say(`Built the ${name} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}

/** Builds `server`, `page`, or both, where something changed; answers what failed. */
export async function build({ only = Object.keys(halves), say = console.error } = {}) {
  const failures = [];
  const wanted = only.filter(
    (name) => name !== "page" || existsSync(join(root, "playground/main.tsx")),
  );
  if (wanted.every(isFresh)) return failures;
  mkdirSync(dist, { recursive: true });
  await withLock(join(dist, ".lock"), say, async () => {
    const stale = wanted.filter((name) => !isFresh(name));
    if (stale.length > 0) say(`Building the ${stale.join(" and the ")} …`);
    const results = await Promise.allSettled(stale.map((name) => buildHalf(name, say)));
    for (const [index, result] of results.entries()) {
      if (result.status === "rejected")
        failures.push({ name: stale[index], reason: result.reason });
    }
  });
  return failures;
}

export function explainFailure({ name, reason }) {
  return `The ${name} did not build:\n${reason.message}`;
}

/** Before what runs a cluster: a page that does not build is said, and only a server that does not ends it. */
export async function buildServerOrExit() {
  const failures = await build();
  for (const failure of failures) console.error(explainFailure(failure));
  if (failures.some(({ name }) => name === "server")) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isServerOnly = process.argv.includes("--server-only");
  const failures = await build(isServerOnly ? { only: ["server"] } : {});
  for (const failure of failures) console.error(explainFailure(failure));
  process.exit(failures.length === 0 ? 0 : 1);
}
