/** A balancer in front of a server that we did not write, which the test plays; raw clients before it. */
import { expect } from "vitest";
import type { BalancerOptions } from "../balancer.ts";
import { type Heard, type PlayedServer, playServer } from "./played-server.ts";
import { RawClient } from "./raw-client.ts";
import { type Rig, startBalancer } from "./start-balancer.ts";

export const GET = "GET /a?b=%20&&c HTTP/1.1\r\nHost: 127.0.0.1:4003\r\n\r\n";
export const latin = (text: string) => Buffer.from(text, "latin1");

export interface WatchedStranger {
  rig: Rig;
  played: PlayedServer;
  open(options?: { allowHalfOpen?: boolean }): Promise<RawClient>;
  /** The connection that the server got, once it has heard just this text on it. */
  reached(text: string, index?: number): Promise<Heard>;
  close(): Promise<void>;
}

const watched: WatchedStranger[] = [];

export async function watchStranger(
  play?: (heard: Heard) => void,
  options?: Partial<BalancerOptions>,
): Promise<WatchedStranger> {
  const played = await playServer(play);
  const rig = await startBalancer(
    { target: played.server },
    { pattern: "target", stranger: true },
    options,
  );
  const clients: RawClient[] = [];
  const stranger: WatchedStranger = {
    rig,
    played,
    async open(more = {}) {
      const client = await RawClient.open(rig.port, more);
      clients.push(client);
      return client;
    },
    async reached(text, index = 0) {
      await expect.poll(() => played.heard[index]?.text, { timeout: 5_000 }).toBe(text);
      const heard = played.heard[index];
      if (heard === undefined) throw new Error("nobody came");
      return heard;
    },
    async close() {
      for (const client of clients.splice(0)) client.leave();
      played.close();
      await rig.close();
    },
  };
  watched.push(stranger);
  return stranger;
}

/** For `afterEach`: all that were watched since. */
export async function closeStrangers(): Promise<void> {
  for (const stranger of watched.splice(0)) await stranger.close();
}
