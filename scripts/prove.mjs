/**
 * `npm run prove`: takes each protection of protections.mjs out of a copy of the repository, one at
 * a time, and sees the test fail that must notice. `-- TEXT …` proves those whose rule or name has one of the texts.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROTECTIONS } from "./protections.mjs";

const wanted = process.argv.slice(2);
const chosen = PROTECTIONS.filter(
  ({ name, rule }) =>
    wanted.length === 0 || wanted.some((text) => `${rule}: ${name}`.includes(text)),
);
const copy = mkdtempSync(join(tmpdir(), "prove-"));
const results = join(copy, "prove-results.json");

function copyRepository() {
  const files = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { encoding: "utf8" },
  );
  for (const file of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  symlinkSync(join(process.cwd(), "node_modules"), join(copy, "node_modules"));
}

/** The tests of the rule that ran: what did not run (its server did not start, say) proves nothing. */
async function testsOf({ test, rule }) {
  rmSync(results, { force: true });
  const vitest = ["node_modules/vitest/vitest.mjs", "run", test, "-t", rule, "--bail", "1"];
  const child = spawn(
    process.execPath,
    [...vitest, "--testTimeout", "15000", "--reporter=json", `--outputFile.json=${results}`],
    { cwd: copy, stdio: "ignore" },
  );
  await new Promise((resolve) => child.once("exit", resolve));
  try {
    const { testResults } = JSON.parse(readFileSync(results, "utf8"));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    return all.filter(({ status }) => status === "failed" || status === "passed");
  } catch {
    return [];
  }
}

async function prove(protection) {
  const { file, find, without } = protection;
  const path = join(copy, file);
  const sound = readFileSync(path, "utf8");
  writeFileSync(
    path,
    sound.replace(find, () => without),
  );
  try {
    return await testsOf(protection);
  } finally {
    writeFileSync(path, sound);
  }
}

let unnoticed = 0;
try {
  copyRepository();
  for (const protection of chosen) {
    const tests = await prove(protection);
    const failure = tests.find(({ status }) => status === "failed");
    if (!failure) unnoticed += 1;
    const verdict = failure ? "noticed" : tests.length > 0 ? "UNNOTICED" : "NOT TRIED";
    console.log(`${verdict.padEnd(10)} ${protection.rule}: ${protection.name}`);
    const [first = ""] = failure?.failureMessages[0]?.split("\n") ?? [];
    const why = first.replace("Error: STACK_TRACE_ERROR", "It was not done in time.");
    if (failure) console.log(`           ${failure.title}\n           ${why}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(
  `${chosen.length - unnoticed} of ${chosen.length} protections are missed when taken out`,
);
process.exit(unnoticed > 0 || chosen.length === 0 ? 1 : 0);
