/** Waits for something to become true, by looking again; fails in words after a deadline. */
export async function until(what: string, isTrue: () => boolean, deadlineMs = 10_000) {
  const endMs = performance.now() + deadlineMs;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`gave up waiting until ${what}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
