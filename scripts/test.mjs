/**
 * `npm test`: check, build, unit/contract/integration tests (Vitest), browser journeys (Playwright).
 * `npm test -- browser` runs the journeys only. Ends with one line: "N passed, N failed".
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { findChromium } from "./find-chromium.mjs";

const RESULTS = "test-results";
const [only, ...rest] = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };

function node(args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function readResults(name) {
  try {
    return JSON.parse(readFileSync(`${RESULTS}/${name}.json`, "utf8"));
  } catch (error) {
    console.error(`No results in ${RESULTS}/${name}.json: ${error.message}`);
    total.failed += 1;
    return undefined;
  }
}

/** A step that fails ends the run: later steps would only repeat the news. */
async function step(name, args) {
  console.log(`\n— ${name}`);
  const code = await node(args);
  if (code !== 0) finish(code);
}

async function vitest() {
  console.log("\n— unit, contract and integration tests");
  const reporters = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${RESULTS}/vitest.json`,
  ];
  const code = await node(["node_modules/vitest/vitest.mjs", "run", ...reporters]);
  const results = readResults("vitest");
  total.passed += results?.numPassedTests ?? 0;
  total.failed += Math.max(results?.numFailedTests ?? 0, code === 0 ? 0 : 1);
  total.skipped += results?.numPendingTests ?? 0;
}

async function browser() {
  const found = await findChromium();
  console.log(`\n— browser journeys, with the browser from ${found.from}`);
  const env = { CHROMIUM_PATH: found.path, ...found.env };
  const code = await node(["node_modules/@playwright/test/cli.js", "test", ...rest], env);
  const stats = readResults("browser")?.stats;
  total.passed += stats?.expected ?? 0;
  total.failed += Math.max((stats?.unexpected ?? 0) + (stats?.flaky ?? 0), code === 0 ? 0 : 1);
  total.skipped += stats?.skipped ?? 0;
}

function finish(code) {
  const failed = code !== 0 && total.failed === 0 ? 1 : total.failed;
  console.log(`\n${total.passed} passed, ${failed} failed, ${total.skipped} skipped`);
  process.exit(failed > 0 || total.passed === 0 ? 1 : 0);
}

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
if (only !== "browser") await step("check", ["scripts/check.mjs"]);
await step("build", ["scripts/build.mjs"]);
if (only !== "browser") await vitest();
await browser();
finish(0);
