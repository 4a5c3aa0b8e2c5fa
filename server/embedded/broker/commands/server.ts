/** INFO and COMMAND: what clients ask before they trust a server. */
import type { RespValue } from "../../../protocols/resp.ts";
import type { CommandContext } from "../command.ts";
import { array, integer, map, verbatim } from "../resp-encode.ts";
import { BROKER_VERSION } from "../version.ts";

type Args = readonly Buffer[];

const EVERYTHING = ["all", "default", "everything"];

export function info(context: CommandContext, args: Args): RespValue {
  const asked = args.map((arg) => arg.toString().toLowerCase());
  const all = asked.length === 0 || asked.some((section) => EVERYTHING.includes(section));
  const sections = Object.entries(describe(context)).filter(
    ([title]) => all || asked.includes(title.toLowerCase()),
  );
  const text = sections.map(
    ([title, facts]) =>
      `# ${title}\r\n${Object.entries(facts)
        .map(([key, value]) => `${key}:${value}\r\n`)
        .join("")}`,
  );
  return verbatim(text.join("\r\n"));
}

type Facts = Record<string, string | number>;

function describe({ sessions, subscriptions, stats }: CommandContext): Record<string, Facts> {
  const { port, upSeconds, connectionsReceived, commandsProcessed } = stats();
  return {
    Server: {
      redis_version: BROKER_VERSION,
      redis_mode: "standalone",
      server_name: "realtime-playground-embedded",
      process_id: process.pid,
      tcp_port: port,
      uptime_in_seconds: upSeconds,
    },
    Clients: { connected_clients: sessions.size },
    Persistence: { loading: 0 },
    Stats: {
      total_connections_received: connectionsReceived,
      total_commands_processed: commandsProcessed,
      pubsub_channels: subscriptions.channels.size,
      pubsub_patterns: subscriptions.patterns.size,
    },
    Replication: { role: "master", connected_slaves: 0 },
    Keyspace: {},
  };
}

/** Redis describes hundreds of commands here; clients do well with none. */
export function command(): RespValue {
  return array([]);
}

export function commandCount(): RespValue {
  return integer(0);
}

export function commandDocs(): RespValue {
  return map([]);
}
