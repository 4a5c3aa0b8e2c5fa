/**
 * What one command is: how many arguments it takes, when it may be said, and what it does.
 * `commands/table.ts` lists them; one more command is one small function and one line there.
 */
import type { RespValue } from "../../protocols/resp.ts";
import type { Session } from "./session.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What commands may know and do besides answering. */
export interface CommandContext {
  readonly session: Session;
  /** The whole command as it was said, for replies that quote it. */
  readonly said: readonly Buffer[];
  readonly subscriptions: Subscriptions<Session>;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly maxSubscriptions: number;
  readonly maxNameBytes: number;
  readonly nowMs: number;
  /** Undefined where no password is asked for. */
  readonly password: string | undefined;
  /** How many received it. */
  publish(channel: string, payload: Buffer): number;
  stats(): BrokerStats;
}

interface BrokerStats {
  port: number;
  upSeconds: number;
  connectionsReceived: number;
  commandsProcessed: number;
}

export interface Command {
  /** Words of the command, its name included; negative: at least so many (Redis' arity). */
  arity: number;
  /** Allowed for a RESP2 client that is subscribed. */
  whileSubscribed?: true;
  /** Allowed before AUTH. */
  beforeAuth?: true;
  /** Returns the reply, or nothing when it has replied itself. `args` are without the name. */
  run(context: CommandContext, args: readonly Buffer[]): RespValue | undefined;
}

/** Lower-case name → command; `client|setname` for a subcommand. */
export type CommandTable = Readonly<Record<string, Command>>;

/** A container such as CLIENT: looks its second word up. */
export function hasSubcommands(table: CommandTable, name: string): boolean {
  return Object.keys(table).some((key) => key.startsWith(`${name}|`));
}
