/**
 * The wire process: both balancers and all taps of this machine, so that all observed times come
 * from one monotonic clock. Started by the control plane; ends when that is gone.
 */
import { watchOwnUse } from "../processes/own-use.ts";
import { wallClock } from "./balancer/wall-clock.ts";
import type { FromWire, ToWire } from "./contract.ts";
import { WireProcess } from "./wire-process.ts";

function send(said: FromWire, taken: () => void): void {
  // A parent that is gone takes nothing; 'disconnect' ends us.
  if (process.connected) process.send?.(said, undefined, undefined, () => taken());
}

function log(words: string): void {
  process.stderr.write(`wire: ${words}\n`);
}

if (!process.send) {
  log("is started by the playground, not by hand");
  process.exit(1);
}

const wire = new WireProcess({
  clock: wallClock,
  random: Math.random,
  send,
  log,
  use: watchOwnUse(),
});

process.on("SIGINT", () => undefined); // the parent coordinates
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0); // It went before we could listen.
process.on("message", (asked) => void wire.take(asked as ToWire));
send({ type: "started", offsetMs: performance.timeOrigin }, () => undefined);
