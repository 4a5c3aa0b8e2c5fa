/**
 * A port for a process of ours. Below the range from which systems take ports for outgoing
 * connections (32768 on Linux, 49152 elsewhere), so that it can be had again after a restart.
 */
import { createServer } from "node:net";

const FIRST = 18_000;
const LAST = 19_999;

export async function findFreePort(host: string, random: () => number): Promise<number> {
  const count = LAST - FIRST + 1;
  const offset = Math.floor(random() * count);
  for (let tried = 0; tried < count; tried++) {
    const port = FIRST + ((offset + tried) % count);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`No free port between ${FIRST} and ${LAST} on ${host}.`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
