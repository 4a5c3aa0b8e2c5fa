/** The command line: what may be said, its defaults, and usage with exit code 2 for anything else. */
import { Command, InvalidArgumentError, Option } from "commander";
import { MAX_REPLICAS } from "./replicas.ts";
import { portsNeeded } from "./topology.ts";

export interface CliOptions {
  port: number;
  host: string;
  open: boolean;
  replicas: number;
  data: string;
  target?: string;
  targetPattern?: string;
  broker?: string;
}

function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Ports in a row are needed: the page's, a balancer's for each pattern, two for a target. */
const HIGHEST_FIRST_PORT = 65_536 - portsNeeded(false);

export function readCommandLine(argv: readonly string[], version: string): CliOptions {
  const command = new Command("npm start --")
    .description("Long polling and WebSockets on a real cluster, drawn live from the wire.")
    .version(version)
    .addOption(
      new Option("--port <number>", "the page's port; balancers on the next ones; 0: any free")
        .argParser(wholeNumber(0, HIGHEST_FIRST_PORT))
        .default(4000),
    )
    .option("--host <host>", "where to listen; others than loopback need a token", "127.0.0.1")
    .option("--no-open", "do not open a browser")
    .addOption(
      new Option("--replicas <number>", "replicas of each pattern")
        .argParser(wholeNumber(0, MAX_REPLICAS))
        .default(2),
    )
    .option("--data <folder>", "where messages are kept", ".playground")
    .option("--target <url>", "a server of your own to watch: http://127.0.0.1:3000")
    .option("--target-pattern <pattern>", "what it is like: long-polling or web-sockets")
    .option("--broker <host:port>", "its Redis, to be watched too")
    .allowExcessArguments(false)
    .showHelpAfterError()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  return command.parse([...argv], { from: "user" }).opts<CliOptions>();
}
