/** Deliveries per second of server CPU time, of both patterns, beside what is written by hand. */
import { PollHerd } from "../herds/poll-herd.ts";
import { SocketHerd } from "../herds/socket-herd.ts";
import { type BenchContext, type BenchRow, eachMeasured, type OpenRow } from "../row.ts";
import { type Counterpart, startCounterpart, startReplicas } from "../subjects.ts";
import { closeFanOuts, type FanOut, openFanOut, perCpuSecond } from "./fan-out.ts";
import { atLeast } from "./targets.ts";

const pollers = (ports: readonly number[]) => new PollHerd(ports);
const MESSAGES = { quick: 5, full: 10 };

function longPollRow(clients: number): BenchRow {
  return {
    id: `lp-deliveries-${clients}`,
    what: `Long-poll deliveries per server CPU-second, ${clients.toLocaleString("en")} clients on 2 servers`,
    unit: "1/s",
    rounds: { quick: 3, full: 5 },
    targets: [atLeast(0.9, "this replica", "node:http by hand")],
    open: async (context) => {
      const hand = await polled(context, "node-http-poll", clients);
      const express = await polled(context, "express-poll", clients);
      const replicas = await startReplicas("long-polling", context.backends);
      const ours = await openFanOut(replicas, pollers, clients);
      return measured(context, {
        "this replica": ours,
        "node:http by hand": hand,
        "Express as commonly written": express,
      });
    },
  };
}

async function polled(
  { backends }: BenchContext,
  name: Counterpart,
  clients: number,
): Promise<FanOut> {
  return openFanOut(await startCounterpart(name, backends), pollers, clients);
}

function socketRow(clients: number): BenchRow {
  return {
    id: `ws-deliveries-${clients}`,
    what: `Socket.IO deliveries per server CPU-second, ${clients.toLocaleString("en")} clients on 2 servers`,
    unit: "1/s",
    rounds: { quick: 3, full: 5 },
    targets: [atLeast(0.95, "this replica", "plain Socket.IO + adapter")],
    open: async (context) => {
      const { backends } = context;
      const sockets = (ports: readonly number[]) => new SocketHerd(ports);
      const bare = (ports: readonly number[]) => new SocketHerd(ports, "json");
      const plain = await startCounterpart("plain-socket-io", backends);
      const raw = await startCounterpart("raw-ws", backends);
      const replicas = await startReplicas("web-sockets", backends);
      return measured(context, {
        "this replica": await openFanOut(replicas, sockets, clients),
        "plain Socket.IO + adapter": await openFanOut(plain, sockets, clients),
        "ws by hand": await openFanOut(raw, bare, clients),
      });
    },
  };
}

function measured({ size }: BenchContext, fanOuts: Record<string, FanOut>): OpenRow {
  return {
    subjects: eachMeasured(fanOuts, (one) => perCpuSecond(one, MESSAGES[size])),
    close: () => closeFanOuts(Object.values(fanOuts)),
  };
}

export const deliveryRows: readonly BenchRow[] = [
  longPollRow(1_000),
  longPollRow(5_000),
  socketRow(1_000),
  socketRow(5_000),
];
