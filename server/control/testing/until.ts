/** Waits for something to become so, by asking again; fails with what it saw last. */
import { setTimeout as wait } from "node:timers/promises";

export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms: ${what}. Last seen: ${JSON.stringify(seen)}`);
    }
    await wait(25);
  }
}
