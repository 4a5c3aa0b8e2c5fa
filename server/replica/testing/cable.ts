/**
 * A TCP connection's way from a replica to its broker or store, which a test can cut, mend and stall.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Cable {
  /** The given URL, through this cable. */
  url: string;
  /** How many run through it. */
  readonly connections: number;
  /** Chunks of bytes from the replica: one for each command or statement, where they come one at a time. */
  readonly asked: number;
  /** Chunks of bytes for the replica: how many came through, and how many wait. */
  readonly delivered: number;
  readonly waiting: number;
  /** Breaks what runs through it; refuses what comes until mended. */
  cut(): void;
  /** Bytes no longer arrive at either end, and nobody is told. */
  stall(): void;
  /** Bytes for the replica wait on the way until mended. */
  hold(): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function layCable(targetUrl: string): Promise<Cable> {
  const target = new URL(targetUrl);
  const pairs = new Set<[near: Socket, far: Socket]>();
  let state: "sound" | "cut" | "stalled" | "held" = "sound";
  let waiting: (() => void)[] = [];
  let asked = 0;
  let delivered = 0;

  const server = createServer((near) => {
    if (state === "cut") return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on("data", (bytes) => {
      asked += 1;
      if (state !== "stalled") far.write(bytes);
    });
    far.on("data", (bytes) => {
      const deliver = () => {
        delivered += 1;
        near.write(bytes);
      };
      if (state === "held") waiting.push(deliver);
      else if (state !== "stalled") deliver();
    });
    for (const end of pair) {
      end.setNoDelay(true);
      end.on("error", () => undefined);
      end.on("close", () => {
        for (const other of pair) other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const breakAll = () => {
    for (const [near] of pairs) near.destroy();
  };
  const url = new URL(targetUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    get connections() {
      return pairs.size;
    },
    get asked() {
      return asked;
    },
    get delivered() {
      return delivered;
    },
    get waiting() {
      return waiting.length;
    },
    cut() {
      state = "cut";
      breakAll();
    },
    stall() {
      state = "stalled";
    },
    hold() {
      state = "held";
    },
    mend() {
      state = "sound";
      const late = waiting;
      waiting = [];
      for (const deliver of late) deliver();
    },
    async stop() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
