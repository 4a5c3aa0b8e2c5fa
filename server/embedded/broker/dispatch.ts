/**
 * Finds the command that was said and asks: may it be said here and now? Refuses in Redis' own
 * words, text for text, because clients read them.
 */
import type { RespValue } from "../../protocols/resp.ts";
import { type Command, type CommandContext, type CommandTable, hasSubcommands } from "./command.ts";
import { error } from "./resp-encode.ts";
import { count } from "./subscriptions.ts";

const MAX_QUOTED = 128;

export function dispatch(table: CommandTable, context: CommandContext): RespValue | undefined {
  const { session, said: words } = context;
  const found = find(table, words);
  if ("refusal" in found) return error(found.refusal);
  const { name, command, args } = found;
  const arity = command.arity;
  if (arity > 0 ? words.length !== arity : words.length < -arity) {
    return error(`ERR wrong number of arguments for '${name}' command`);
  }
  if (!session.authenticated && !command.beforeAuth) {
    return error("NOAUTH Authentication required.");
  }
  if (session.protocol === 2 && count(session) > 0 && !command.whileSubscribed) {
    return error(
      `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    );
  }
  return command.run(context, args);
}

type Found = { name: string; command: Command; args: readonly Buffer[] } | { refusal: string };

function find(table: CommandTable, words: readonly Buffer[]): Found {
  const [first, second] = words;
  const name = first?.toString("latin1").toLowerCase() ?? "";
  const command = own(table, name);
  if (second === undefined || !hasSubcommands(table, name)) {
    if (command) return { name, command, args: words.slice(1) };
    if (hasSubcommands(table, name)) {
      return { refusal: `ERR wrong number of arguments for '${name}' command` };
    }
    return { refusal: unknown(words) };
  }
  const full = `${name}|${second.toString("latin1").toLowerCase()}`;
  const subcommand = own(table, full);
  if (subcommand) return { name: full, command: subcommand, args: words.slice(2) };
  const said = quotable(second);
  return { refusal: `ERR unknown subcommand '${said}'. Try ${name.toUpperCase()} HELP.` };
}

function own(table: CommandTable, name: string): Command | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function unknown([name, ...args]: readonly Buffer[]): string {
  let quoted = "";
  for (const arg of args) {
    if (quoted.length >= MAX_QUOTED) break;
    quoted += `'${quotable(arg, MAX_QUOTED - quoted.length)}' `;
  }
  return `ERR unknown command '${quotable(name)}', with args beginning with: ${quoted}`;
}

/** A reply is one line: line ends become blanks. */
function quotable(word: Buffer | undefined, max = MAX_QUOTED): string {
  return (word ?? Buffer.alloc(0))
    .subarray(0, max)
    .toString()
    .replace(/[\r\n]/g, " ");
}
