/** The import rules of docs/architecture.md, proved by planting one violation of each. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const use = (from: string) => `import { thing } from "${from}";\nexport const used = thing;\n`;

const refused: [string, string][] = [
  ["shared/contracts/planted.ts", "../trace/event.ts"],
  ["shared/clock.ts", "node:timers"],
  ["shared/trace/planted.ts", "../../server/wire/contract.ts"],
  ["shared/trace/planted.ts", "node:fs"],
  ["shared/patterns/long-polling/planted.ts", "react"],
  ["server/replica/planted.ts", "../wire/contract.ts"],
  ["server/replica/planted.ts", "../../shared/trace/event.ts"],
  ["server/wire/planted.ts", "../control/settings.ts"],
  ["server/wire/tap/planted.ts", "../../journal/journal.ts"],
  ["server/control/planted.ts", "../wire/recorder.ts"],
  ["server/fleet/planted.ts", "../replica/app.ts"],
  ["server/journal/planted.ts", "../wire/recorder.ts"],
  ["server/embedded/planted.ts", "../wire/recorder.ts"],
  ["server/protocols/planted.ts", "../wire/hop.ts"],
  ["server/chaos/planted.ts", "../control/settings.ts"],
  ["server/outside/planted.ts", "../control/settings.ts"],
  ["server/bench/planted.ts", "../wire/recorder.ts"],
  ["server/bench/rows/planted.ts", "../../replica/rooms.ts"],
  ["server/planted.ts", "../playground/app.tsx"],
  ["shared/faults/planted.ts", "../trace/event.ts"],
  ["server/control/planted.ts", "../../playground/app.tsx"],
  ["playground/features/stage/planted.ts", "../inspector/Inspector.tsx"],
  ["playground/features/stage/planted.ts", "../../connection/api.ts"],
  ["playground/features/stage/planted.ts", "../../../server/main.ts"],
  ["playground/features/stage/planted.ts", "socket.io-client"],
  ["playground/stores/planted.ts", "../features/stage/Stage.tsx"],
  ["playground/planted.tsx", "../server/main.ts"],
];

const allowed: [string, string][] = [
  ["shared/contracts/planted.ts", "./ids.ts"],
  ["shared/trace/planted.ts", "../contracts/ids.ts"],
  ["server/replica/planted.ts", "../../shared/contracts/ids.ts"],
  ["server/replica/planted.ts", "./app.ts"],
  ["server/wire/planted.ts", "../../shared/contracts/control.ts"],
  ["server/control/planted.ts", "../wire/contract.ts"],
  ["server/protocols/planted.ts", "../../shared/contracts/ids.ts"],
  ["server/chaos/planted.ts", "../../shared/contracts/ids.ts"],
  ["server/chaos/planted.ts", "../outside/built-playground.ts"],
  ["server/bench/planted.ts", "../wire/contract.ts"],
  ["playground/connection/planted.ts", "socket.io-client"],
  ["playground/features/stage/planted.ts", "../../stores/view-store.ts"],
  ["playground/features/stage/planted.ts", "../../../shared/trace/event.ts"],
];

/** One planted file a case, in an empty tree with our biome.json; the linter runs once. */
const folder = mkdtempSync(join(tmpdir(), "import-rules-"));
let findings = "";

function plant(index: number, [path, from]: [string, string]): string {
  const name = path.includes("/planted.") ? path.replace("planted", `planted${index}`) : path;
  mkdirSync(join(folder, dirname(name)), { recursive: true });
  writeFileSync(join(folder, name), use(from));
  return name;
}

const cases = [...refused, ...allowed].map((pair, index) => ({
  pair,
  name: plant(index, pair),
  isRefused: index < refused.length,
}));

beforeAll(() => {
  cpSync("biome.json", join(folder, "biome.json"));
  const biome = resolve("node_modules/@biomejs/biome/bin/biome");
  const options = ["lint", "--vcs-enabled=false", "--max-diagnostics=none", "--reporter=github"];
  const run = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: "utf8" });
  findings = run.stdout;
});
afterAll(() => rmSync(folder, { recursive: true }));

function isFlagged(name: string, rule = "noRestrictedImports"): boolean {
  return findings.split("\n").some((line) => line.includes(rule) && line.includes(`/${name},`));
}

/** Code that opens sockets, and whether it may: as the page is made, only in `connection`. */
const network: [string, boolean][] = [
  ["playground/features/stage/network.ts", false],
  ["playground/network.ts", false],
  ["playground/connection/network.ts", true],
];
for (const [path] of network) {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), 'export const answer = fetch("/api/health");\n');
}

describe("import rules", () => {
  it.each(cases)("$pair.0 imports $pair.1: refused $isRefused", ({ name, isRefused }) => {
    expect(isFlagged(name)).toBe(isRefused);
  });

  it.each(network)("%s uses the network: allowed %s", (name, isAllowed) => {
    expect(isFlagged(name, "noRestrictedGlobals")).toBe(!isAllowed);
  });
});
