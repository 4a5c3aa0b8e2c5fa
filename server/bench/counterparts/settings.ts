/** What every counterpart is told by its environment, and how it says where it listens. */

import type { AddressInfo, Server as NetServer } from "node:net";

export const { REDIS_URL = "", POLL_TIMEOUT_MS = "25000", TARGET_PORT = "0" } = process.env;
export const CHANNEL = "bench:messages";

export async function listen(server: NetServer): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4_096, () => resolve()));
  process.on("disconnect", () => process.exit(0));
  process.send?.({ type: "ready", port: (server.address() as AddressInfo).port });
}
