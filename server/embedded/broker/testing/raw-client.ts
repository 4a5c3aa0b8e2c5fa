/** Says bytes to a broker and compares what comes back, byte for byte. */
import { connect, type Socket } from "node:net";

const DEADLINE_MS = 5_000;

export interface RawClient {
  say(text: string): void;
  /** Resolves to the next `count` bytes as latin1 (fewer when the other side closes first). */
  read(count: number): Promise<string>;
  /** Reads as many bytes as `expected` has. */
  like(expected: string): Promise<string>;
  /** Resolves when the other side has closed. */
  closed(): Promise<void>;
  pause(): void;
  close(): void;
}

/** `keepsEnd`: does not close its own end when the other side has closed its. */
export async function rawClient(port: number, keepsEnd = false): Promise<RawClient> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: keepsEnd });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {}); // a reset shows as closed
  const read = async (count: number) => {
    await until(
      socket,
      () => text.length >= count || socket.destroyed,
      () => `only ${text}`,
    );
    const taken = text.slice(0, count);
    text = text.slice(count);
    return taken;
  };
  return {
    say: (said) => void socket.write(Buffer.from(said, "latin1")),
    read,
    like: (expected) => read(expected.length),
    closed: () =>
      until(
        socket,
        () => socket.destroyed,
        () => "not closed",
      ),
    pause: () => void socket.pause(),
    close: () => void socket.destroy(),
  };
}

/** Waits on the socket's own events for a condition. */
function until(socket: Socket, holds: () => boolean, problem: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = () => {
      if (!holds()) return;
      clearTimeout(timer);
      socket.off("data", check).off("close", check);
      resolve();
    };
    const timer = setTimeout(() => {
      socket.off("data", check).off("close", check);
      reject(new Error(`gave up after ${DEADLINE_MS} ms: ${problem()}`));
    }, DEADLINE_MS);
    socket.on("data", check).on("close", check);
    check();
  });
}
