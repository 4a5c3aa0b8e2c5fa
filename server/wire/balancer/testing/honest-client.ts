/** One client that means well: whatever others do, it is served, by a replica that says who asked. */
import type { RequestListener } from "node:http";
import { RawClient } from "./raw-client.ts";
import type { Rig } from "./start-balancer.ts";

export interface TellingReplica {
  listener: RequestListener;
  /** URLs that others than the honest client asked for … */
  strangers: string[];
  /** … and how much of their bodies came. */
  bodyBytes(): number;
}

/** Answers each request, once it is whole, with its URL. */
export function tellingReplica(): TellingReplica {
  const strangers: string[] = [];
  let bytes = 0;
  return {
    strangers,
    bodyBytes: () => bytes,
    listener: (request, response) => {
      if (!request.url?.startsWith("/honest")) strangers.push(request.url ?? "");
      request.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on("end", () => response.end(`for ${request.url}`));
    },
  };
}

export async function openHonest(rig: Rig): Promise<{ isServed(): Promise<void>; leave(): void }> {
  const client = await RawClient.open(rig.port);
  let asked = 0;
  return {
    isServed: async () => {
      asked += 1;
      client.send(`GET /honest/${asked}?replica=lp-1 HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
      await client.take(`for /honest/${asked}?replica=lp-1`);
    },
    leave: () => client.leave(),
  };
}
