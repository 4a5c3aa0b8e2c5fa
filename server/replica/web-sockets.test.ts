/** The contract of WebSockets, against one bare replica and against three, over both brokers. */
import { afterAll, beforeAll } from "vitest";
import { type Backend, brokers, startTestStore } from "./testing/backends.ts";
import { startCluster } from "./testing/cluster.ts";
import { webSocketsContract } from "./web-sockets.suite.ts";

let store: Backend;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store?.stop());

for (const [name, startBroker] of Object.entries(brokers)) {
  for (const count of [1, 3]) {
    webSocketsContract({
      name: `${count} bare, ${name}`,
      async start() {
        const broker = await startBroker();
        const cluster = await startCluster({ pattern: "web-sockets", count, broker, store });
        const [url = ""] = cluster.urls;
        return {
          url,
          urls: cluster.urls,
          async stop() {
            await cluster.stop();
            await broker.stop();
          },
        };
      },
    });
  }
}
