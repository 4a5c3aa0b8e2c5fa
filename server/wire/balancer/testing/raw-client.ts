/** A bare TCP client for tests: writes bytes, and waits for what comes back. */
import { connect, type Socket } from "node:net";

export class RawClient {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  readonly #waiting = new Set<() => void>();
  isClosed = false;
  hasEnded = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.#wake();
    });
    socket.on("end", () => {
      this.hasEnded = true;
      this.#wake();
    });
    // Resets are part of what tests provoke; they show as `isClosed`.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static open(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true, ...options });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
    });
  }

  send(text: string | Buffer): void {
    this.socket.write(text);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  async until(matches: (client: RawClient) => boolean, deadlineMs = 5_000): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!matches(this)) return;
        clearTimeout(deadline);
        this.#waiting.delete(look);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(
            `not within ${deadlineMs} ms; received: ${JSON.stringify(this.text.slice(-1_000))}`,
          ),
        );
      }, deadlineMs);
      this.#waiting.add(look);
      look();
    });
    return this.text;
  }

  /** Waits for text and takes everything up to its end off what was received. */
  async take(end: string): Promise<string> {
    await this.until((client) => client.text.includes(end));
    const at = this.received.indexOf(end, 0, "latin1") + end.length;
    const taken = this.received.toString("latin1", 0, at);
    this.received = this.received.subarray(at);
    return taken;
  }

  closed(): Promise<string> {
    return this.until((client) => client.isClosed || client.hasEnded);
  }

  leave(): void {
    this.socket.destroy();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
