/**
 * A parent that can be killed: owns the data folder DATA, starts broker and store as locate says,
 * and tells over IPC where they are. Ends them in order when asked to.
 */
import { openDataFolder } from "../../data-folder.ts";
import { locateBroker, locateStore } from "../../locate.ts";
import { realClock, reports } from "../../testing/fixture.ts";

export interface OwnerReady {
  takenOver: boolean;
  broker: { kind: string; port: number; pid: number };
  store: { url: string; port: number; pid: number };
  log: string[];
}

const reporting = reports();
const folder = await openDataFolder(process.env.DATA ?? "", new Date());
const options = {
  env: process.env,
  dataDir: folder.dir,
  clock: realClock,
  random: Math.random,
  reports: reporting,
};
const broker = await (await locateBroker(options)).start();
const store = await (await locateStore(options)).start();

process.on("message", async () => {
  await store.stop();
  await broker.stop();
  await folder.release();
  process.disconnect();
});

const ready: OwnerReady = {
  takenOver: folder.takenOver,
  broker: { kind: broker.kind, port: broker.port, pid: broker.pid ?? 0 },
  store: { url: store.url, port: store.port, pid: store.pid ?? 0 },
  log: reporting.said.log,
};
process.send?.(ready);
