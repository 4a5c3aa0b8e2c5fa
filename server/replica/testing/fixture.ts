/** What the failure tests stand on: broker, store, two replicas with cables, and a back door to both. */
import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import type { ChatMessage } from "../../../shared/contracts/chat-message.ts";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { MessageStore } from "../message-store.ts";
import { systemClock } from "../system-clock.ts";
import { type Backend, brokers, startTestStore } from "./backends.ts";
import {
  type ClusterOptions,
  startCluster,
  type TestCluster,
  type TestReplica,
} from "./cluster.ts";

export interface Fixture {
  readonly store: Backend;
  readonly broker: Backend;
  /** Publishes whatever it is told to. */
  readonly publisher: Redis;
  /** Stores a message behind the replicas' backs: they do not hear of it. */
  storeSilently(room: string, text: string): Promise<ChatMessage>;
  /** What is stored in a room, whoever heard of it. */
  read(room: string): Promise<ChatMessage[]>;
  /** Replicas of their own for one test; stopped after it by `cluster.stop()`. */
  start(
    options?: Partial<ClusterOptions>,
  ): Promise<TestCluster & { first: TestReplica; second: TestReplica }>;
}

export function useFixture(pattern: Pattern): Fixture {
  const made: { store?: Backend; broker?: Backend; publisher?: Redis; backDoor?: MessageStore } =
    {};

  beforeAll(async () => {
    const startBroker = brokers["embedded broker"];
    if (!startBroker) throw new Error("no broker to start");
    const [store, broker] = await Promise.all([startTestStore(), startBroker()]);
    made.store = store;
    made.broker = broker;
    made.publisher = new Redis(broker.url);
    made.backDoor = new MessageStore({
      url: store.url,
      pattern,
      server: "back-door",
      clock: systemClock,
    });
  });
  afterAll(async () => {
    made.publisher?.disconnect();
    await made.backDoor?.close();
    await Promise.all([made.store?.stop(), made.broker?.stop()]);
  });

  const ready = <T>(thing: T | undefined): T => {
    if (!thing) throw new Error("the fixture is used before it is ready");
    return thing;
  };
  return {
    get store() {
      return ready(made.store);
    },
    get broker() {
      return ready(made.broker);
    },
    get publisher() {
      return ready(made.publisher);
    },
    storeSilently: (room, text) =>
      ready(made.backDoor).append({ room, text, traceparent: undefined }),
    read: (room) => ready(made.backDoor).newest(room),
    async start(options = {}) {
      const { store, broker } = { store: ready(made.store), broker: ready(made.broker) };
      const cluster = await startCluster({ pattern, count: 2, store, broker, ...options });
      const [first, second] = cluster.replicas;
      return { ...cluster, first: ready(first), second: ready(second) };
    },
  };
}
