/**
 * Which TCP ports are free: asked by listening on them for a moment. All are looked for below the
 * range from which systems take ports for outgoing connections (32768 on Linux, 49152 elsewhere),
 * so that one can be had again after a restart.
 */
import { createServer } from "node:net";

interface PortRange {
  from: number;
  /** Included. */
  to: number;
}

const ROWS: PortRange = { from: 10_000, to: 17_990 };
/** Brokers and stores of ours. The taps' ports follow. */
const PARTS: PortRange = { from: 18_000, to: 19_999 };

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port for a broker or store of ours. */
export async function findFreePort(host: string, random: () => number): Promise<number> {
  const { from, to } = PARTS;
  const count = to - from + 1;
  const offset = Math.floor(random() * count);
  for (let tried = 0; tried < count; tried++) {
    const port = from + ((offset + tried) % count);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`No free port between ${from} and ${to} on ${host}.`);
}

/** The first of so many consecutive free ports (`--port 0`), ten at most. */
export async function findFreeRow(
  host: string,
  count: number,
  random: () => number,
): Promise<number> {
  const { from, to } = ROWS;
  const steps = Array.from({ length: count }, (_, step) => step);
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = from + Math.floor(random() * (to - from + 1));
    const free = await Promise.all(steps.map((step) => isFree(host, first + step)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No ${count} free ports in a row on ${host}.`);
}
