/** The contract of long polling, against one bare replica and against three, over both brokers. */
import { afterAll, beforeAll } from "vitest";
import { longPollingContract } from "./long-polling.suite.ts";
import { type Backend, brokers, startTestStore } from "./testing/backends.ts";
import { startCluster } from "./testing/cluster.ts";

let store: Backend;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store?.stop());

for (const [name, startBroker] of Object.entries(brokers)) {
  for (const count of [1, 3]) {
    longPollingContract({
      name: `${count} bare, ${name}`,
      async start() {
        const broker = await startBroker();
        const cluster = await startCluster({ pattern: "long-polling", count, broker, store });
        const [url = ""] = cluster.urls;
        return {
          url,
          urls: cluster.urls,
          async setPollTimeoutMs(pollTimeoutMs) {
            await Promise.all(cluster.replicas.map((replica) => replica.set({ pollTimeoutMs })));
          },
          async stop() {
            await cluster.stop();
            await broker.stop();
          },
        };
      },
    });
  }
}
