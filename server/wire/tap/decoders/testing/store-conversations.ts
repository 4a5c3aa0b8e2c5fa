/** Conversations of a replica with its message store, and what the decoder finds in them. */
import { APPEND } from "../../../../replica/message-store-sql.ts";
import { client, server } from "../../../testing/postgres-bytes.ts";
import type { ConnectionDecoder, HopDraft, StreamDecoder, Unit } from "../../unit.ts";
import { createPostgresDecoder } from "../postgres-decoder.ts";

export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
export const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
export const COLUMNS = ["id", "room", "text", "time", "server", "traceparent"];

export interface Step {
  from: "client" | "server";
  bytes: Buffer[];
}
export const says = (...bytes: Buffer[]): Step => ({ from: "client", bytes });
export const answers = (...bytes: Buffer[]): Step => ({ from: "server", bytes });

export const START = [says(client.startup()), answers(server.authenticationOk(), server.ready())];

export function row(id: number): Buffer {
  return server.row(`${id}`, "lobby", "hi", "2026-01-01", "lp-1", TRACEPARENT);
}

export function run(name: string, params: (string | null)[]): Buffer[] {
  return [client.bind(name, params), client.describe(), client.execute(), client.sync()];
}

/** Plays a conversation; hops in the order they were found. */
export function play(steps: Step[], chunkBytes?: number): { hops: HopDraft[]; units: Unit[] } {
  const decoder: ConnectionDecoder = createPostgresDecoder({ pattern: "long-polling" });
  const units = steps.flatMap(({ from, bytes }) => {
    const stream: StreamDecoder = from === "client" ? decoder.requests : decoder.replies;
    const whole = Buffer.concat(bytes);
    const size = chunkBytes ?? whole.length;
    const found: Unit[] = [];
    for (let at = 0; at < whole.length; at += size) {
      found.push(...stream.push(whole.subarray(at, at + size)));
    }
    return found;
  });
  return { units, hops: units.flatMap((unit) => unit.hop ?? []) };
}

export const INSERT = [
  says(
    client.parse("append", APPEND.text),
    ...run("append", ["long-polling", "lobby", "lunch?", "lp-1", TRACEPARENT]),
  ),
  answers(
    server.parseComplete(),
    server.bindComplete(),
    server.columns(...COLUMNS),
    row(42),
    server.complete("INSERT 0 1"),
    server.ready(),
  ),
];
