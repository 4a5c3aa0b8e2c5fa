/**
 * The fleet process: speaks server/fleet/contract.ts with its parent over the fork channel, and
 * ends when the parent is gone. All it does is done by `fleet.ts`.
 */

import { watchOwnUse } from "../processes/own-use.ts";
import { systemClock } from "../processes/system-clock.ts";
import type { FleetAnswer, FromFleet, ToFleet } from "./contract.ts";
import { createFleet } from "./fleet.ts";

const fleet = createFleet((views) => tell({ type: "views", views }));

const FIGURES_EVERY_MS = 500;
const readUse = watchOwnUse();

function tellFigures(): void {
  tell({ type: "figures", patterns: fleet.figures(), use: readUse() });
  systemClock.after(FIGURES_EVERY_MS, tellFigures);
}

function tell(said: FromFleet): void {
  if (!process.connected) return;
  // A parent that goes while this is written is no failure of ours: `disconnect` comes next.
  process.send?.(said, undefined, undefined, () => undefined);
}

async function answer(asked: ToFleet): Promise<FleetAnswer> {
  switch (asked.type) {
    case "configure":
      await fleet.configure(asked.config);
      return { type: "configured" };
    case "send":
      return { type: "sent", result: await fleet.send(asked.send) };
    case "reset":
      fleet.reset();
      return { type: "reset" };
  }
}

process.on("message", (asked: ToFleet) => {
  answer(asked).then(
    (said) => tell({ type: "answer", ask: asked.ask, answer: said }),
    (error: unknown) => tell({ type: "refused", ask: asked.ask, message: String(error) }),
  );
});
process.on("disconnect", () => {
  fleet.stop();
  process.exit(0);
});
if (!process.connected) process.exit(0); // It went before we could listen.
// Ctrl+C reaches the whole process group; the parent coordinates who stops when.
process.on("SIGINT", () => undefined);

tell({ type: "started" });
tellFigures();
