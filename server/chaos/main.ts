/**
 * `npm run chaos`: breaks a real playground under load and checks that nothing acknowledged was
 * lost. Prints the seed first; `--seed` draws the same faults again. Exit code 1 when a promise was broken.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { runChaos } from "./run.ts";

interface ChaosCommand {
  seed: number;
  faults: number;
  together: number;
  longest: number;
  broker: "embedded" | "redis";
  replicas: number;
  fleet: number;
  rate: number;
}

function wholeNumber(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It must be a whole number.");
}

const number = (flags: string, words: string, byDefault: number) =>
  new Option(flags, words).argParser(wholeNumber).default(byDefault);

const given = new Command("npm run chaos --")
  .description("Breaks a real playground under load, and checks that nothing acknowledged is lost.")
  .addOption(number("--seed <number>", "draws the faults", Math.floor(Math.random() * 1e6)))
  .addOption(number("--faults <number>", "how many", 20))
  .addOption(number("--together <number>", "how many at a time; the next come when all is well", 1))
  .addOption(number("--longest <ms>", "the longest that anything stands still", 10_000))
  .addOption(
    new Option("--broker <kind>", "which broker to break")
      .choices(["embedded", "redis"])
      .default("embedded"),
  )
  .addOption(number("--replicas <number>", "of each pattern", 2))
  .addOption(number("--fleet <number>", "virtual clients of each pattern", 50))
  .addOption(number("--rate <number>", "messages a second to each pattern", 10))
  .parse()
  .opts<ChaosCommand>();

const { longest, ...options } = given;
console.log(`seed ${given.seed}, ${given.broker} broker, ${given.faults} faults`);
const { counts, broken } = await runChaos({
  ...options,
  longestMs: longest,
  say: (line) => console.log(line),
});
for (const [pattern, { sent, acknowledged, unknown, given }] of Object.entries(counts)) {
  console.log(
    `${pattern}: ${sent} sent, ${acknowledged} acknowledged, ${unknown} of unknown fate; ${given} given to the judged clients`,
  );
}
for (const sentence of broken) console.error(`✕ ${sentence}`);
console.log(broken.length === 0 ? "Every promise was kept." : `Promises broken: ${broken.length}.`);
process.exitCode = broken.length === 0 ? 0 : 1;
