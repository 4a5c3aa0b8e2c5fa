/**
 * The control API (DESIGN 5), as typed calls. A call answers with the API's JSON or throws an
 * `ApiFailure` that says what happened; what to tell a person is decided by the caller.
 */
import type { Fleet } from "../../shared/contracts/control.ts";
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import type { FaultState, FaultView } from "../../shared/faults/fault-state.ts";
import type { Fault } from "../../shared/faults/faults.ts";
import type { HoldOrder, HoldState, StepChoice } from "../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import type { Outgoing, RawHopView, ReplicaAction, SourceFile } from "../stores/commands.ts";

export class ApiFailure extends Error {
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiFailure";
    this.status = status;
    this.code = code;
  }
}

/** Applying a setting may wait for every replica; longer than that, something is wrong. */
const PATIENCE_MS = 60_000;

/** While traffic is held, a message is on its way for as long as people like. */
const SEND_PATIENCE_MS = 24 * 60 * 60 * 1_000;

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const response = await ask(method, path, body, patienceMs);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw failureOf(response.status, answer);
  return answer as T;
}

async function ask(
  method: string,
  path: string,
  body: unknown,
  patienceMs: number,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    const code = error instanceof DOMException ? "timeout" : "unreachable";
    throw new ApiFailure(0, code, "The playground's server did not answer.");
  }
}

function failureOf(status: number, answer: unknown): ApiFailure {
  const error = (answer as { error?: { code?: unknown; message?: unknown } } | undefined)?.error;
  return typeof error?.message === "string"
    ? new ApiFailure(status, String(error.code), error.message)
    : new ApiFailure(status, "unexpected", `The playground's server answered ${status}.`);
}

export const api = {
  welcome: () => call<{ welcomed: boolean }>("POST", "/api/welcome"),
  send: (outgoing: Outgoing) => call<unknown>("POST", "/api/messages", outgoing, SEND_PATIENCE_MS),
  patchSettings: (patch: Partial<Settings>) => call<Settings>("PATCH", "/api/settings", patch),
  putFleet: (fleet: Partial<Fleet>) => call<Fleet>("PUT", "/api/fleet", fleet),
  putReplicas: (pattern: Pattern, count: number) =>
    call<unknown>("PUT", `/api/patterns/${pattern}/replicas`, { count }),
  actOnReplica: (id: ReplicaId, action: ReplicaAction) =>
    call<unknown>("POST", `/api/replicas/${encodeURIComponent(id)}/${action}`),
  putLoad: (pattern: Pattern, rate: number) => call<unknown>("PUT", "/api/load", { pattern, rate }),
  putHold: (order: Partial<HoldOrder>) => call<HoldState>("PUT", "/api/hold", order),
  step: (choice: StepChoice) => call<HoldState>("POST", "/api/hold/next", choice),
  postFault: (fault: Fault) => call<FaultView>("POST", "/api/faults", fault),
  deleteFault: (id: string) => call<FaultState>("DELETE", `/api/faults/${encodeURIComponent(id)}`),
  deleteFaults: () => call<FaultState>("DELETE", "/api/faults"),
  reset: () => call<unknown>("POST", "/api/reset"),
  clearMessages: () => call<unknown>("POST", "/api/messages/clear"),
  sourceFiles: () => call<{ files: string[] }>("GET", "/api/source"),
  sourceFile: (file: string) => call<SourceFile>("GET", `/api/source/${encodeURIComponent(file)}`),
  recording: async (): Promise<Blob> => {
    const response = await ask("GET", "/api/recording", undefined, PATIENCE_MS);
    if (!response.ok) throw failureOf(response.status, undefined);
    return response.blob();
  },
  traceEvent: (seq: number) =>
    call<{ event: TraceEvent | null; raw: RawHopView | null }>("GET", `/api/trace/${seq}`),
};
