/**
 * One message to many waiting clients, again and again: the work that both patterns are for. Measured
 * over several messages, each sent once all clients have the one before.
 */

import { post } from "../post.ts";
import { cpuDuring } from "../process-use.ts";
import type { Measure } from "../row.ts";
import type { Subject } from "../subjects.ts";

export interface Herd {
  open(clients: number, after: number): Promise<void>;
  delivered(more: number): Promise<void>;
  close(): void;
}

export interface FanOut {
  subject: Subject;
  herd: Herd;
  clients: number;
}

/** The clients have what was sent before they came, and wait. */
export async function openFanOut(
  subject: Subject,
  makeHerd: (ports: readonly number[]) => Herd,
  clients: number,
): Promise<FanOut> {
  const [port = 0] = subject.ports;
  const after = await post(port, "before anybody came");
  const herd = makeHerd(subject.ports);
  await herd.open(clients, after);
  const fanOut = { subject, herd, clients };
  await sendToAll(fanOut, 2); // Warm: compiled, and every client answered once.
  return fanOut;
}

/** Messages that reached a client, for each second of CPU time that the servers used. */
export function perCpuSecond(fanOut: FanOut, messages: number): Measure {
  return async () => {
    const micros = await cpuDuring(fanOut.subject.pids, () => sendToAll(fanOut, messages));
    return (messages * fanOut.clients) / (micros / 1e6);
  };
}

/** CPU time of everything between broker and client for 1,000 deliveries, ms. */
export function cpuPerThousand(fanOut: FanOut, messages: number): Measure {
  return async () => {
    const micros = await cpuDuring(fanOut.subject.pids, () => sendToAll(fanOut, messages));
    return micros / (messages * fanOut.clients);
  };
}

/** From sending one message until the last client has it, ms. */
export function untilTheLast(fanOut: FanOut): Measure {
  return async () => {
    const start = performance.now();
    await sendToAll(fanOut, 1);
    return performance.now() - start;
  };
}

async function sendToAll({ subject, herd, clients }: FanOut, messages: number): Promise<void> {
  const [port = 0] = subject.ports;
  for (let count = 0; count < messages; count++) {
    const delivered = herd.delivered(clients);
    await post(port, `message ${count}`);
    await delivered;
  }
}

export async function closeFanOuts(fanOuts: readonly FanOut[]): Promise<void> {
  for (const { herd } of fanOuts) herd.close();
  await Promise.all(fanOuts.map(({ subject }) => subject.stop()));
}
