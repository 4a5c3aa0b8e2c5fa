/** What an exchange needs of the client connection it runs on. */
import type { Socket } from "node:net";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { UnitForwarder } from "./unit-forwarder.ts";
import type { UpstreamPool } from "./upstream-pool.ts";
import type { Place } from "./upstreams.ts";

/** An upgraded connection: two sockets that no longer speak HTTP. */
export interface Switched {
  upstream: Socket;
  /** What the replica already sent behind its 101. */
  rest: Buffer;
  place: Place;
  conn: string;
  openSeq: number;
  target: HttpTarget;
}

export interface ClientSide {
  readonly socket: Socket;
  /** Where responses go. */
  readonly link: UnitForwarder;
  /** The connections to a replica that its requests may take. */
  poolOf(place: Place): UpstreamPool;
  /** The exchange can take the rest of the request now. */
  onReady(): void;
  /** `keeps`: whether another request may follow on this connection. */
  onExchangeOver(keeps: boolean): void;
  onSwitched(switched: Switched): void;
}
