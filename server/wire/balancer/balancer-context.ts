/**
 * What everything inside one balancer shares. Made once; what can be reconfigured is replaced in
 * place, so that connections see the new settings with their next request.
 */
import type { Participant, Side } from "../../../shared/contracts/ids.ts";
import type { Recorder } from "../hop.ts";
import type { ByteBudget } from "../tap/byte-budget.ts";
import type { EngineIoDecoder } from "../tap/decoders/engine-io-decoder.ts";
import type { ResponseDecoder } from "../tap/decoders/http-decoder.ts";
import type { StrangerHttp } from "../tap/decoders/stranger-http.ts";
import type { Gate } from "../tap/gate.ts";
import type { Access } from "./access.ts";
import type { Upstreams } from "./upstreams.ts";

export interface BalancerContext {
  readonly pattern: Side;
  /** Itself, as hops and links name it. */
  readonly name: Participant;
  readonly recorder: Recorder;
  /** Protocol time in ms: stands still while traffic is held. */
  readonly protocolNow: () => number;
  readonly upstreams: Upstreams;
  access: Access;
  /** No connection becomes a WebSocket. */
  refusesUpgrades: boolean;
  /** In front of a server we did not write: no header is added, hosts and origins are its own affair. */
  readonly stranger: StrangerHttp | undefined;
  readonly gate: Gate;
  readonly budget: ByteBudget;
  readonly responses: ResponseDecoder;
  readonly engineIo: EngineIoDecoder;
  readonly traceparents: () => string;
  /** Names the next upgraded connection. */
  nextConn(): string;
}
