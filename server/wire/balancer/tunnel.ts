/**
 * An upgraded connection: two sockets, and a tap link for each direction that cuts WebSocket frames.
 * A FIN is passed on as a FIN behind what came before it; a side that breaks breaks the other.
 */
import type { Socket } from "node:net";
import type { Participant } from "../../../shared/contracts/ids.ts";
import { closeAfterWrites } from "../tap/close-after-writes.ts";
import type { Sender } from "../tap/decoders/engine-io-decoder.ts";
import { SocketMemory, WebSocketDecoder } from "../tap/decoders/websocket-decoder.ts";
import { Link } from "../tap/link.ts";
import { tell } from "../tap/tell.ts";
import type { HopDraft } from "../tap/unit.ts";
import type { BalancerContext } from "./balancer-context.ts";
import type { Switched } from "./client-side.ts";
import type { Busy } from "./upstreams.ts";

type ClosedBy = "client" | "server" | "balancer";

export class Tunnel implements Busy {
  readonly #context: BalancerContext;
  readonly #switched: Switched;
  readonly #client: Socket;
  readonly #who: Participant;
  readonly #replica: Participant;
  #closedBy: ClosedBy | undefined;
  #reason: string | undefined;
  #open = 2;
  readonly #decoders: readonly WebSocketDecoder[];

  /** Both sockets are paused and nobody else listens for their data any more. */
  constructor(context: BalancerContext, client: Socket, who: Participant, switched: Switched) {
    this.#context = context;
    this.#client = client;
    this.#who = who;
    this.#switched = switched;
    this.#replica = `replica:${switched.place.replica}`;
    switched.place.enter(this, true);
    const memory = new SocketMemory();
    const said = this.#decoder("client", memory);
    const heard = this.#decoder("server", memory);
    this.#decoders = [said, heard];
    const toReplica = this.#link("client", said, client, switched.upstream);
    const toClient = this.#link("server", heard, switched.upstream, client);
    this.#passEnds("client", { link: toReplica, back: toClient }, client, switched.upstream);
    this.#passEnds("server", { link: toClient, back: toReplica }, switched.upstream, client);
    client.resume();
    switched.upstream.resume();
  }

  /** The replica is out: both sides are closed, and it is said why. */
  cut(reason: string): void {
    this.#closedBy ??= "balancer";
    this.#reason ??= reason;
    this.#client.destroy();
    this.#switched.upstream.destroy();
  }

  #decoder(sender: Sender, memory: SocketMemory): WebSocketDecoder {
    const { engineIo, budget } = this.#context;
    const speaksEngineIo = this.#switched.target.engine === "websocket";
    return new WebSocketDecoder({
      sender,
      memory,
      budget,
      engineIo: speaksEngineIo ? engineIo : undefined,
    });
  }

  #link(sender: Sender, decoder: WebSocketDecoder, source: Socket, target: Socket): Link {
    const { gate, recorder, pattern } = this.#context;
    const parties =
      sender === "client"
        ? { from: this.#who, to: this.#replica, pattern }
        : { from: this.#replica, to: this.#who, pattern };
    return new Link({
      source,
      target,
      gate,
      decoder,
      parties,
      // Frames that are shown as such may be compressed or parts: others after them need them.
      canDrop: (hop) => hop.kind === "packet",
      now: () => recorder.now(),
      report: (hop, at, doneAt) => this.#report(sender, hop, at, doneAt),
    });
  }

  #report(sender: Sender, draft: HopDraft, at: number, doneAt: number): void {
    const isClient = sender === "client";
    tell(this.#context.recorder, draft, {
      at,
      doneAt,
      from: isClient ? this.#who : this.#replica,
      to: isClient ? this.#replica : this.#who,
      pattern: this.#context.pattern,
      conn: this.#switched.conn,
    });
  }

  #passEnds(
    side: Sender,
    { link, back }: { link: Link; back: Link },
    source: Socket,
    other: Socket,
  ): void {
    source.on("end", () => {
      this.#closedBy ??= side;
      link.end(() => other.end());
    });
    source.on("error", (error: NodeJS.ErrnoException) => {
      this.#closedBy ??= side;
      this.#reason ??= error.code ?? error.message;
    });
    source.on("close", () => {
      this.#closedBy ??= side;
      const isBroken = !source.readableEnded || source.errored;
      back.abandon();
      link.end(() => {
        if (isBroken) closeAfterWrites(other);
      });
      this.#open -= 1;
      if (this.#open === 0) this.#closed();
    });
  }

  #closeLabel(closedBy: ClosedBy): string {
    if (closedBy === "client") return "client left";
    if (closedBy === "balancer") return "cut";
    return this.#context.stranger ? "server closed" : "replica closed";
  }

  #closed(): void {
    const { place, conn, openSeq } = this.#switched;
    place.leave(this, true);
    for (const decoder of this.#decoders) decoder.drop();
    const closedBy = this.#closedBy ?? "server";
    const isClient = closedBy === "client";
    const now = this.#context.recorder.now();
    const reason = this.#reason;
    this.#context.recorder.record({
      kind: "socket.close",
      at: now,
      doneAt: now,
      from: isClient ? this.#who : this.#replica,
      to: isClient ? this.#replica : this.#who,
      label: this.#closeLabel(closedBy),
      bytes: 0,
      pattern: this.#context.pattern,
      conn,
      causes: [openSeq],
      info: { transport: "websocket", closedBy, ...(reason === undefined ? {} : { reason }) },
    });
  }
}
