/**
 * Thousands of long-polling clients on raw sockets: as cheap as a generator can be, so that what is
 * measured is the server. Each polls again as soon as it was answered.
 */
import { connect, type Socket } from "node:net";
import { joinInLots } from "./join-in-lots.ts";

interface Poller {
  socket: Socket;
  after: number;
  pending: string;
}

const HEAD_END = "\r\n\r\n";
const CONNECTING = 200;

export class PollHerd {
  readonly #ports: readonly number[];
  readonly #pollers: Poller[] = [];
  #deliveries = 0;
  #answers = 0;
  #failure: Error | undefined;
  #waiting: { isSo: () => boolean; resolve: () => void; reject: (error: Error) => void }[] = [];

  /** Clients are spread over the servers at these ports. */
  constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  /** Messages that reached a client. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /** Polls that were answered, with messages or without. */
  get answers(): number {
    return this.#answers;
  }

  open(clients: number, after: number): Promise<void> {
    return joinInLots(clients, CONNECTING, (number) => this.#join(number, after));
  }

  /** Resolves when so many more messages have reached clients. */
  delivered(more: number): Promise<void> {
    const enough = this.#deliveries + more;
    return this.#until(() => this.#deliveries >= enough);
  }

  answered(more: number): Promise<void> {
    const enough = this.#answers + more;
    return this.#until(() => this.#answers >= enough);
  }

  close(): void {
    for (const { socket } of this.#pollers) socket.destroy();
  }

  async #join(number: number, after: number): Promise<void> {
    const port = this.#ports[number % this.#ports.length] ?? 0;
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const poller: Poller = { socket, after, pending: "" };
    socket.on("data", (chunk) => this.#take(poller, chunk.toString("latin1")));
    this.#pollers.push(poller);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    socket.on("error", (error) => this.#fail(error));
    this.#poll(poller);
  }

  #poll({ socket, after }: Poller): void {
    socket.write(`GET /messages?after=${after} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }

  #take(poller: Poller, text: string): void {
    const all = poller.pending + text;
    const headEnd = all.indexOf(HEAD_END);
    const length = headEnd < 0 ? undefined : /content-length: (\d+)/i.exec(all)?.[1];
    const end = headEnd + HEAD_END.length + Number(length);
    if (length === undefined || all.length < end) {
      poller.pending = all;
      return;
    }
    poller.pending = all.slice(end);
    if (!all.startsWith("HTTP/1.1 200")) this.#fail(new Error(all.slice(0, 200)));
    this.#count(poller, all.slice(headEnd + HEAD_END.length, end));
    this.#poll(poller);
    this.#look();
  }

  #count(poller: Poller, body: string): void {
    this.#answers += 1;
    for (const [, id] of body.matchAll(/"id":(\d+)/g)) {
      this.#deliveries += 1;
      poller.after = Math.max(poller.after, Number(id));
    }
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ isSo, resolve, reject });
      if (this.#failure) this.#fail(this.#failure);
      else this.#look();
    });
  }

  #look(): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter(({ isSo, resolve }) => {
      if (!isSo()) return true;
      resolve();
      return false;
    });
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
