/**
 * The embedded broker as a process. HOST, PORT (0 = any) and PASSWORD (may be absent) come from the
 * environment; it tells its parent `{type: "ready", port}` or `{type: "failed", message}`, and ends
 * when the parent is gone. SIGINT is the parent's business: it stops things in order.
 */
import { Broker } from "./broker.ts";

const { HOST = "127.0.0.1", PORT = "0", PASSWORD } = process.env;

process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
if (process.connected === false) process.exit(0); // It went before we could listen.

const broker = new Broker({
  ...(PASSWORD ? { password: PASSWORD } : {}),
  now: () => performance.now(),
  log: (text) => process.stderr.write(`${text}\n`),
});

try {
  tell({ type: "ready", port: await broker.listen(Number(PORT), HOST) });
} catch (problem) {
  tell({ type: "failed", message: problem instanceof Error ? problem.message : String(problem) });
  process.exitCode = 1;
  process.disconnect?.();
}

export type FromBrokerProcess =
  | { type: "ready"; port: number }
  | { type: "failed"; message: string };

function tell(what: FromBrokerProcess): void {
  process.send?.(what);
}
