/** The embedded broker as a part: a process of ours, restarted on its port when it dies. */
import type { Clock } from "../../../shared/clock.ts";
import { forkEntry } from "../../processes/fork-entry.ts";
import { findFreePort } from "../../processes/free-ports.ts";
import type { PartReports } from "../part.ts";
import { probeRedis } from "../probes.ts";
import type { Run } from "../run.ts";
import { SupervisedPart } from "../supervised-part.ts";
import type { FromBrokerProcess } from "./broker-main.ts";

export interface BrokerPartOptions {
  clock: Clock;
  random(): number;
  reports: PartReports;
}

export const BROKER_HOST = "127.0.0.1";
const STOP_WITHIN_MS = 2_000;

export async function startEmbeddedBroker(
  options: BrokerPartOptions,
): Promise<SupervisedPart<"embedded">> {
  const { clock, random, reports } = options;
  const port = await findFreePort(BROKER_HOST, random);
  const url = `redis://${BROKER_HOST}:${port}`;
  const part = new SupervisedPart({
    kind: "embedded",
    name: "the embedded broker",
    address: { url, publicUrl: url, host: BROKER_HOST, port },
    note: "Embedded: speaks Redis' protocol, Pub/Sub only.",
    startRun: () => startBrokerProcess(port, clock),
    probe: () => probeRedis(url),
    clock,
    reports,
  });
  await part.start();
  return part;
}

function startBrokerProcess(port: number, clock: Clock): Promise<Run> {
  const child = forkEntry({
    entry: "./broker-main",
    from: import.meta.url,
    env: { HOST: BROKER_HOST, PORT: `${port}`, PASSWORD: "" },
  });
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) =>
      resolve(signal ? `was killed (${signal})` : `ended with code ${code}`),
    );
  });
  const stop = async () => {
    if (child.connected) child.disconnect();
    const timer = clock.after(STOP_WITHIN_MS, () => child.kill("SIGKILL"));
    await exited;
    timer.cancel();
  };
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    void exited.then((reason) => reject(new Error(reason)));
    child.on("message", (said: FromBrokerProcess) => {
      if (said.type === "ready") resolve({ pid: child.pid ?? 0, exited, stop });
      else reject(new Error(said.message));
    });
  });
}
