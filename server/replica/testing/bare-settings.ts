/** The settings in which the contract suites run here: bare replicas, one or several, over each broker. */
import { afterAll, beforeAll } from "vitest";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { type Backend, brokers, startTestStore } from "./backends.ts";
import { startCluster } from "./cluster.ts";
import type { Setting } from "./setting.ts";

export function bareSettings(pattern: Pattern): Setting[] {
  const made: { store?: Backend } = {};
  beforeAll(async () => {
    made.store = await startTestStore();
  });
  afterAll(() => made.store?.stop());

  const setting = (count: number, brokerName: string, startBroker: () => Promise<Backend>) => ({
    name: `${count} bare, ${brokerName}`,
    async start() {
      if (!made.store) throw new Error("there is no store");
      const broker = await startBroker();
      const cluster = await startCluster({ pattern, count, broker, store: made.store });
      const [url = ""] = cluster.urls;
      return {
        url,
        urls: cluster.urls,
        async setPollTimeoutMs(pollTimeoutMs: number) {
          await Promise.all(cluster.replicas.map((replica) => replica.set({ pollTimeoutMs })));
        },
        async stop() {
          await cluster.stop();
          await broker.stop();
        },
      };
    },
  });
  // One on the broker that is always here, several on the other one, where it is.
  const kinds = Object.entries(brokers);
  const [first, last] = [kinds[0], kinds.at(-1)];
  if (first === undefined || last === undefined) throw new Error("there is no broker");
  return [setting(1, ...first), setting(3, ...last)];
}
