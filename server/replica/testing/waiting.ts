/** Somebody who waits at a replica for what comes after a cursor, whichever pattern it serves. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { poll } from "./long-poll-client.ts";
import { SocketClient } from "./socket-client.ts";

interface Place {
  url: string;
  /** Resolves once it holds so many polls or sockets. */
  holds(count: number): Promise<void>;
}

/** Resolves once he waits; `given` to the first ids he gets, so many as he waits for. */
export async function waitAt(
  pattern: Pattern,
  at: Place,
  { room, after, count = 1 }: { room: string; after: number; count?: number },
): Promise<{ given: Promise<number[]> }> {
  if (pattern === "web-sockets") {
    const client = new SocketClient(at.url, { room, auth: { after } });
    await client.welcomed();
    const given = client.has(count).then(() => client.ids);
    return { given: given.finally(() => client.close()) };
  }
  const given = pollOn(at.url, room, after, count);
  await at.holds(1);
  return { given };
}

async function pollOn(url: string, room: string, after: number, count: number): Promise<number[]> {
  const given: number[] = [];
  while (given.length < count) {
    given.push(...(await poll(url, { room, after: given.at(-1) ?? after })).ids);
  }
  return given;
}
