/**
 * Finds a browser for the page's tests: CHROMIUM_PATH, a Chrome or Chromium of the system,
 * Playwright's own, else the one inside npm (linux-x64), unpacked once under node_modules/.cache.
 * Throws with what to do where there is none.
 */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { chromium as playwrightChromium } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

/** The browser in npm brings the libraries and fonts a bare system lacks; it unpacks into TMPDIR. */
async function unpackShipped() {
  const folder = resolve("node_modules/.cache/chromium");
  mkdirSync(folder, { recursive: true });
  const before = { TMPDIR: process.env.TMPDIR, runtime: process.env.AWS_LAMBDA_JS_RUNTIME };
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs20.x"; // the switch that unpacks its libraries
  const { default: shipped } = await import("@sparticuz/chromium");
  const path = await shipped.executablePath();
  restore("TMPDIR", before.TMPDIR);
  restore("AWS_LAMBDA_JS_RUNTIME", before.runtime);
  const env = {
    LD_LIBRARY_PATH: join(folder, "al2023/lib"),
    FONTCONFIG_PATH: join(folder, "fonts"),
  };
  return { path, env, from: "npm (@sparticuz/chromium)" };
}

function restore(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** @returns {Promise<{path: string, env: Record<string, string>, from: string}>} */
export async function findChromium() {
  if (process.env.CHROMIUM_PATH) {
    return { path: process.env.CHROMIUM_PATH, env: {}, from: "CHROMIUM_PATH" };
  }
  const installed = onPath() ?? USUAL_PLACES.find(existsSync);
  if (installed) return { path: installed, env: {}, from: "this system" };
  const own = playwrightChromium.executablePath();
  if (existsSync(own)) return { path: own, env: {}, from: "Playwright" };
  if (process.platform === "linux" && process.arch === "x64") return unpackShipped();
  throw new Error(
    "No browser found for the page's tests: install Chrome or Chromium, or set CHROMIUM_PATH.",
  );
}
