/** Raw clients of a balancer under test; after each test they leave, and the balancer closes. */
import { afterEach } from "vitest";
import { RawClient } from "./raw-client.ts";
import type { Rig } from "./start-balancer.ts";

export function rawClients(rig: () => Rig): () => Promise<RawClient> {
  const clients: RawClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.leave();
    await rig().close();
  });
  return async () => {
    const client = await RawClient.open(rig().port);
    clients.push(client);
    return client;
  };
}
