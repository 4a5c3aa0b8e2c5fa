/** The control plane's calls to a replica's admin port; see shared/contracts/replica-admin.ts. */
import type { ReplicaSettings, ReplicaStats } from "../../shared/contracts/replica-admin.ts";

const TIMEOUT_MS = 2_000;

async function call(port: number, method: string, path: string, body?: object): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
  }
  return response;
}

export async function readStats(adminPort: number): Promise<ReplicaStats> {
  const response = await call(adminPort, "GET", "/admin/stats");
  return (await response.json()) as ReplicaStats;
}

export async function putSettings(
  adminPort: number,
  settings: Partial<ReplicaSettings>,
): Promise<void> {
  await (await call(adminPort, "PUT", "/admin/settings", settings)).arrayBuffer();
}

export async function startDrain(adminPort: number, deadlineMs: number): Promise<void> {
  await (await call(adminPort, "POST", "/admin/drain", { deadlineMs })).arrayBuffer();
}
