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

const TRIPLES: PortRange = { from: 10_000, to: 17_997 };
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

/** The first of three consecutive free ports (`--port 0`). */
export async function findFreeTriple(host: string, random: () => number): Promise<number> {
  const { from, to } = TRIPLES;
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = from + Math.floor(random() * (to - from + 1));
    const free = await Promise.all([0, 1, 2].map((step) => isFree(host, first + step)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No three free ports in a row on ${host}.`);
}
