/** Results as people read them: a table on the terminal, a page for the docs, JSON for programs. */
import { cpus, totalmem } from "node:os";
import type { RowResult } from "./row.ts";
import { median, spread } from "./stats.ts";

export interface Report {
  date: string;
  size: "quick" | "full";
  machine: string;
  node: string;
  broker: string;
  /** One-minute load average when the run began: much above 0, and times are not to be believed. */
  loadBefore: number;
  rows: RowResult[];
}

export function machineWords(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model ?? "unknown CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
}

/** Three digits say enough. */
function figureWords(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

interface Line {
  row: string;
  subject: string;
  figure: string;
  spread: string;
  target: string;
}

function linesOf({ what, unit, rounds, targets, failure }: RowResult): Line[] {
  const empty = { subject: "", figure: "", spread: "", target: "" };
  const head: Line = { ...empty, row: what, target: failure ? `not measured: ${failure}` : "" };
  const subjects = Object.entries(rounds).map(([subject, values]): Line => {
    const [least, most] = spread(values).map(figureWords);
    const figure = `${figureWords(median(values))} ${unit}`;
    return { row: "", subject, figure, spread: `${least} … ${most}`, target: "" };
  });
  const verdicts = targets.map(({ words, figure, isMet }): Line => {
    const verdict = isMet ? "met" : "MISSED";
    return { ...empty, row: "", target: `${verdict}: ${figureWords(figure)}, wanted ${words}` };
  });
  return [head, ...subjects, ...verdicts];
}

export function rowText(result: RowResult): string {
  return linesOf(result)
    .map(({ row, subject, figure, spread: range, target }) =>
      row === ""
        ? `  ${subject.padEnd(34)}${figure.padStart(14)}  ${range}${target}`.trimEnd()
        : `${row}${target === "" ? "" : ` — ${target}`}`,
    )
    .join("\n");
}

/** The whole page, made anew by each run that writes it. */
export function toMarkdown({
  date,
  size,
  machine,
  node,
  broker,
  loadBefore,
  rows,
}: Report): string {
  const missed = rows.flatMap(({ what, targets }) =>
    targets
      .filter(({ isMet }) => !isMet)
      .map(({ words, figure }) => `- ${what}: ${figureWords(figure)}, wanted ${words}`),
  );
  const failed = rows
    .filter(({ failure }) => failure !== undefined)
    .map(({ what, failure }) => `- ${what}: not measured (${failure})`);
  return [
    "# Benchmarks",
    "",
    `Written by \`npm run bench -- --write-docs\` on ${date} (${size} run). ${machine}; Node ${node}; broker: ${broker} Load average at the start: ${loadBefore.toFixed(1)}.`,
    "Medians over interleaved rounds, with the least and the greatest; ratios are medians of each round's ratio. Servers and generator share the machine, so compare within a row, not between runs.",
    "nginx and nchan, which the targets were set beside, are not run here.",
    "",
    "## What misses its target",
    "",
    ...(missed.length + failed.length === 0 ? ["Nothing."] : [...missed, ...failed]),
    "",
    "## All rows",
    "",
    "| what | who | median | least … greatest | target |",
    "|---|---|---|---|---|",
    ...rows.flatMap((row) =>
      linesOf(row).map(
        (line) =>
          `| ${line.row} | ${line.subject} | ${line.figure} | ${line.spread} | ${line.target} |`,
      ),
    ),
    "",
  ].join("\n");
}
