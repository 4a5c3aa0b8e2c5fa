/**
 * A tap: a TCP proxy in front of the broker or the message store, one per replica and link, so that
 * a port tells which replica speaks. It makes connections; connections make links; links report hops.
 * It never speaks the protocol itself and adds no byte of its own.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { Ends } from "../../../shared/faults/link.ts";
import type { TapConfig } from "../contract.ts";
import type { Recorder } from "../hop.ts";
import { createDecoder } from "./decoders/decoders.ts";
import { endSocket } from "./end-socket.ts";
import { CUT_REASON, type Cutting, type Gate, OPEN_GATE } from "./gate.ts";
import { type End, TapConnection } from "./tap-connection.ts";
import { tell } from "./tell.ts";
import type { HopDraft } from "./unit.ts";

export const MAX_CONNECTIONS = 1_024;

export interface TapOptions {
  config: TapConfig;
  recorder: Recorder;
  gate?: Gate;
  log?(words: string): void;
}

export interface Tap {
  readonly port: number;
  /** Where new connections go from now on; those that are open stay where they are. */
  retarget(target: TapConfig["target"]): void;
  connections(): number;
  /** Ends connections that are hit. */
  cut(cutting: Cutting): void;
  close(): Promise<void>;
}

export async function openTap(options: TapOptions): Promise<Tap> {
  const tap = new OpenTap(options);
  await tap.listen();
  return tap;
}

class OpenTap implements Tap {
  readonly #options: TapOptions;
  readonly #server: Server;
  readonly #connections = new Set<TapConnection>();
  #target: TapConfig["target"];
  #opened = 0;

  constructor(options: TapOptions) {
    this.#options = options;
    this.#target = options.config.target;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  listen(): Promise<void> {
    const { host, port } = this.#options.config;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off("error", reject);
        this.#server.on("error", (error) => this.#log(error.message));
        resolve();
      });
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : this.#options.config.port;
  }

  retarget(target: TapConfig["target"]): void {
    this.#target = target;
  }

  connections(): number {
    return this.#connections.size;
  }

  cut({ isHit, how }: Cutting): void {
    for (const connection of this.#connections) if (isHit(this.#ends)) connection.cut(how);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#connections) connection.destroy();
    });
  }

  #accept(socket: Socket): void {
    const { config, recorder, gate = OPEN_GATE } = this.#options;
    this.#opened += 1;
    const conn = `${config.replica}/${config.link}/${this.#opened}`;
    const now = (): number => recorder.now();
    const opened = now();
    this.#record("replica", conn, opened, opened, openDraft());
    const how = gate.cutFor(this.#ends);
    if (how !== undefined) {
      socket.on("error", () => undefined); // It is on its way out.
      endSocket(socket, how);
      this.#record("target", conn, opened, now(), closeDraft("target", CUT_REASON));
      return;
    }
    const connection = new TapConnection({
      replica: socket,
      target: this.#target,
      decoder: createDecoder(config),
      gate,
      names: { replica: `replica:${config.replica}`, target: config.link },
      pattern: config.pattern,
      now,
      report: (from, hop, at, doneAt) => this.#record(from, conn, at, doneAt, hop),
      onUndecodable: (error) => this.#log(`${conn} is no longer decoded: ${String(error)}`),
      onClose: (by, reason) => {
        this.#connections.delete(connection);
        const at = now();
        this.#record(by, conn, at, at, closeDraft(by, reason));
      },
    });
    this.#connections.add(connection);
  }

  #record(from: End, conn: string, at: number, doneAt: number, draft: HopDraft): void {
    const { config, recorder } = this.#options;
    const replica: Participant = `replica:${config.replica}`;
    tell(recorder, draft, {
      at,
      doneAt,
      from: from === "replica" ? replica : config.link,
      to: from === "replica" ? config.link : replica,
      pattern: config.pattern,
      conn,
    });
  }

  get #ends(): Ends {
    const { replica, link, pattern } = this.#options.config;
    return { from: `replica:${replica}`, to: link, pattern };
  }

  #log(words: string): void {
    this.#options.log?.(words);
  }
}

function openDraft(): HopDraft {
  return { kind: "socket.open", label: "connect", bytes: 0, info: { setup: true } };
}

function closeDraft(by: End, reason: string | undefined): HopDraft {
  const closedBy = by === "replica" ? "client" : "server";
  return {
    kind: "socket.close",
    label: reason === undefined ? "close" : `close: ${reason}`,
    bytes: 0,
    info: { setup: true, closedBy, ...(reason !== undefined && { reason }) },
  };
}
