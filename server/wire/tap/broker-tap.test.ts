import {
  hasRedisServer,
  startEmbedded,
  startRedis,
} from "../../embedded/broker/testing/brokers.ts";
import { brokerTapSuite } from "../testing/broker-tap.suite.ts";

brokerTapSuite({ name: "the embedded broker", start: startEmbedded });
if (hasRedisServer() || process.env.REQUIRE_REDIS === "1") {
  brokerTapSuite({ name: "real Redis", start: startRedis });
}
