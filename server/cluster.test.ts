/**
 * The whole cluster, as it is started from the command line, through balancers and taps, over each
 * broker: both patterns keep their contracts, and what is told of the wire is true.
 * CI sets REQUIRE_REDIS=1, so that real Redis is not skipped there.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedisServer } from "./embedded/broker/testing/brokers.ts";
import { longPollingContract } from "./replica/long-polling.suite.ts";
import { webSocketsContract } from "./replica/web-sockets.suite.ts";
import { balancersSuite } from "./testing/balancers.suite.ts";
import { faultsSuite } from "./testing/faults.suite.ts";
import { figuresSuite } from "./testing/figures.suite.ts";
import { holdSuite } from "./testing/hold.suite.ts";
import { latencySuite } from "./testing/latency.suite.ts";
import { storySuite } from "./testing/story.suite.ts";
import { behindBalancer, WholeCluster } from "./testing/whole-cluster.ts";

wholeCluster("embedded");
if (hasRedisServer() || process.env.REQUIRE_REDIS === "1") wholeCluster("redis");
else describe.skip("redis (skipped: no redis-server on PATH)", () => it("BR1 is there", () => {}));

function wholeCluster(broker: "embedded" | "redis"): void {
  describe(`broker: ${broker}`, { timeout: 40_000 }, () => {
    let running: WholeCluster | undefined;
    const cluster = () => {
      if (!running) throw new Error("there is no cluster");
      return running;
    };
    beforeAll(async () => {
      running = await WholeCluster.start(broker);
    });
    afterAll(() => running?.stop());

    it("CT9 BR18 says which broker is in use", async () => {
      const health = await cluster().playground.get("/api/health");
      expect(health).toMatchObject({ status: "ok", broker: { kind: broker, state: "up" } });
    });

    storySuite(cluster);
    figuresSuite(cluster);
    latencySuite(cluster);
    if (broker === "embedded") {
      holdSuite(cluster);
      faultsSuite(cluster);
    }
    // Leaves a poll parked behind that its client gave up without a word: after the figures.
    balancersSuite(cluster);
    longPollingContract(behindBalancer(broker, "long-polling", cluster));
    webSocketsContract(behindBalancer(broker, "web-sockets", cluster));
  });
}
