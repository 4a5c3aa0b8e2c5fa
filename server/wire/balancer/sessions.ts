/**
 * Engine.IO sessions by `sid`: which replica opened each, and who its client is. Learnt from the
 * handshake's response, since clients in Node keep no cookies and all come from 127.0.0.1.
 * Bounded: the session not seen for longest is forgotten first.
 */
import { BoundedMap } from "../../../shared/bounded-map.ts";
import type { Participant, ReplicaId } from "../../../shared/contracts/ids.ts";

export interface Session {
  replica: ReplicaId;
  client: Participant;
}

export const MAX_SESSIONS = 65_536;

export class Sessions {
  readonly #sessions = new BoundedMap<string, Session>(MAX_SESSIONS);

  get size(): number {
    return this.#sessions.size;
  }

  learn(sid: string, session: Session): void {
    this.#sessions.set(sid, session);
  }

  find(sid: string): Session | undefined {
    const session = this.#sessions.get(sid);
    if (session) this.#sessions.set(sid, session);
    return session;
  }
}
