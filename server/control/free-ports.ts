/** Which TCP ports are free: asked by listening on them for a moment. */
import { createServer } from "node:net";

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Below the ranges in which systems choose ports for outgoing connections. */
const TRIPLES = { from: 10_000, to: 19_900 };

/** The first of three consecutive free ports (`--port 0`). */
export async function findFreeTriple(host: string, random: () => number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const first = TRIPLES.from + Math.floor(random() * (TRIPLES.to - TRIPLES.from));
    const free = await Promise.all([0, 1, 2].map((step) => isFree(host, first + step)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No three free ports in a row on ${host}.`);
}
