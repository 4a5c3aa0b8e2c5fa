/** One contract, two brokers. CI sets REQUIRE_REDIS=1, so that real Redis is not skipped there. */
import { describe, expect, it } from "vitest";
import { brokerBytesSuite } from "./broker.suite.ts";
import { brokerClientsSuite } from "./broker-clients.suite.ts";
import { hasRedisServer, startEmbedded, startRedis } from "./testing/brokers.ts";

brokerBytesSuite("the embedded broker", startEmbedded);
brokerClientsSuite("the embedded broker", startEmbedded);

if (hasRedisServer()) {
  brokerBytesSuite("real Redis", startRedis);
  brokerClientsSuite("real Redis", startRedis);
} else if (process.env.REQUIRE_REDIS === "1") {
  it("BR1 real Redis is there to compare with", () => {
    expect.fail("REQUIRE_REDIS=1, but there is no redis-server on PATH.");
  });
} else {
  describe.skip("real Redis (skipped: no redis-server on PATH)", () => {
    it("BR1 gives the same bytes as the embedded broker", () => {});
  });
}
