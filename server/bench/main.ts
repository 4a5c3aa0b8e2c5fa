/** `npm run bench`: every row in turn, one table, JSON and docs where wanted. Needs Linux (its /proc). */
import { writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { Command } from "commander";
import { startBackends } from "./backends.ts";
import { runRow } from "./harness.ts";
import { machineWords, type Report, rowText, toMarkdown } from "./report.ts";
import { ROWS, rowsFor } from "./rows/table.ts";

interface BenchCommand {
  quick?: true;
  only?: string;
  json?: string;
  writeDocs?: true;
}

const DOCS = "docs/benchmarks.md";

const given = new Command("npm run bench --")
  .description("Measures what is promised, beside raw limits and hand-written counterparts.")
  .option("--quick", "fewer clients, shorter phases: under two minutes")
  .option("--only <row>", `one row: ${ROWS.map(({ id }) => id).join(", ")}`)
  .option("--json <file>", "all rounds as JSON, too")
  .option("--write-docs", `write ${DOCS}`)
  .parse()
  .opts<BenchCommand>();

if (process.platform !== "linux") {
  console.error(
    "The benchmark reads CPU time and memory from Linux's /proc; it runs on Linux only.",
  );
  process.exit(2);
}
const size = given.quick ? "quick" : "full";
const rows = rowsFor(size, given.only);
if (rows.length === 0) {
  console.error(`There is no row “${given.only}”. Rows: ${ROWS.map(({ id }) => id).join(", ")}.`);
  process.exit(2);
}

const say = (words: string) => console.error(words);
const [loadBefore = 0] = loadavg();
const backends = await startBackends(say);
const report: Report = {
  date: new Date().toISOString().slice(0, 10),
  size,
  machine: machineWords(),
  node: process.versions.node,
  broker: backends.broker.words,
  loadBefore,
  rows: [],
};
console.log(`${report.machine}; Node ${report.node}; ${report.broker}`);
try {
  for (const row of rows) {
    const result = await runRow(row, { backends, size, say });
    report.rows.push(result);
    console.log(rowText(result));
  }
} finally {
  await backends.stop();
}
if (given.json !== undefined) await writeFile(given.json, JSON.stringify(report, undefined, 2));
if (given.writeDocs) await writeFile(DOCS, toMarkdown(report));
const missed = report.rows.flatMap(({ targets }) => targets).filter(({ isMet }) => !isMet).length;
const failed = report.rows.filter(({ failure }) => failure !== undefined).length;
console.log(`${report.rows.length} rows; ${missed} targets missed, ${failed} rows not measured.`);
process.exit(failed > 0 ? 1 : 0);
