/** Physical limits of this machine, and what a tap adds to them: medians of many round trips. */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { Redis } from "ioredis";
import { WebSocket } from "ws";
import { type HoldOrder, NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import { type BenchRow, eachMeasured, type Measure } from "../row.ts";
import { median } from "../stats.ts";
import { startBehindPipe, startBrokerTap, startCounterpart } from "../subjects.ts";
import { addsAtMost } from "./targets.ts";

const TRIPS = 1_000;

/** A breakpoint that is never hit: each unit is gathered whole and asked about before it goes on. */
const UNIT_BY_UNIT: HoldOrder = {
  ...NOTHING_ORDERED,
  breakpoints: [{ kind: "message", message: "long-polling/nowhere/1" }],
};

async function medianMicros(trip: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < TRIPS; count++) {
    const start = performance.now();
    await trip();
    took.push((performance.now() - start) * 1_000);
  }
  return median(took);
}

function httpTrip(port: number): Measure {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const trip = () =>
    new Promise<void>((resolve, reject) => {
      request({ port, host: "127.0.0.1", agent }, (response) => {
        response.resume().once("end", resolve);
      })
        .once("error", reject)
        .end();
    });
  return () => medianMicros(trip);
}

function echoTrip(socket: WebSocket): Measure {
  const trip = async () => {
    const echo = once(socket, "message");
    socket.send("hello");
    await echo;
  };
  return () => medianMicros(trip);
}

/** Both connections pass the same place: the broker itself, a pipe, or our tap. */
async function pushTrip(port: number): Promise<{ measure: Measure; close: () => void }> {
  const connection = { port, host: "127.0.0.1" };
  const [publisher, subscriber] = [new Redis(connection), new Redis(connection)];
  const channel = `messages:bench-${port}`;
  await subscriber.subscribe(channel);
  const message = { id: 1, text: "hello", time: new Date().toISOString(), server: "lp-1" };
  const payload = JSON.stringify({ ...message, room: "bench" });
  const trip = async () => {
    const push = once(subscriber, "message");
    await Promise.all([publisher.publish(channel, payload), push]);
  };
  return {
    measure: () => medianMicros(trip),
    close: () => {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

export const roundTripRows: readonly BenchRow[] = [
  {
    id: "limits",
    what: "Physical limits: one round trip (p50)",
    unit: "µs",
    rounds: { quick: 3, full: 7 },
    open: async ({ backends }) => {
      const hello = await startCounterpart("hello-http", backends, { count: 1 });
      const echo = await startCounterpart("raw-ws", backends, { count: 1 });
      const socket = new WebSocket(`ws://127.0.0.1:${echo.ports[0]}`);
      await once(socket, "open");
      return {
        subjects: {
          "HTTP request and answer": httpTrip(hello.ports[0] ?? 0),
          "WebSocket echo": echoTrip(socket),
        },
        close: async () => {
          socket.terminate();
          await Promise.all([hello.stop(), echo.stop()]);
        },
      };
    },
  },
  {
    id: "broker-tap",
    what: "Publish → subscribe (p50)",
    unit: "µs",
    rounds: { quick: 3, full: 11 },
    targets: [addsAtMost(90, "our tap, decoding", "broker alone", "µs")],
    open: async ({ backends }) => {
      const { port } = backends.broker;
      const alone = { ports: [port], pids: [], stop: async () => undefined };
      const [pipe, tap, armed] = await Promise.all([
        startBehindPipe(alone),
        startBrokerTap(backends),
        startBrokerTap(backends, UNIT_BY_UNIT),
      ]);
      const ways = {
        "broker alone": await pushTrip(port),
        "TCP pipe": await pushTrip(pipe.ports[0] ?? 0),
        "our tap, decoding": await pushTrip(tap.ports[0] ?? 0),
        "our tap, a breakpoint set": await pushTrip(armed.ports[0] ?? 0),
      };
      return {
        subjects: eachMeasured(ways, ({ measure }) => measure),
        close: async () => {
          for (const { close } of Object.values(ways)) close();
          await Promise.all([pipe.stop(), tap.stop(), armed.stop()]);
        },
      };
    },
  },
];
