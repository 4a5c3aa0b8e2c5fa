/** Stands on a link, hands every byte on, and remembers all that either side said. Nothing of ours is in it. */
import { connect, createServer, type Server, type Socket } from "node:net";

interface Conversation {
  up: Buffer[];
  down: Buffer[];
}

export class Witness {
  readonly #server: Server;
  readonly #conversations: Conversation[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(target: { port: number }) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const far = connect({ ...target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
      const conversation: Conversation = { up: [], down: [] };
      this.#conversations.push(conversation);
      this.#pass(near, far, conversation.up);
      this.#pass(far, near, conversation.down);
    });
  }

  static async before(port: number): Promise<Witness> {
    const witness = new Witness({ port });
    await new Promise<void>((resolve) => witness.#server.listen(0, "127.0.0.1", resolve));
    return witness;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address ? address.port : 0;
  }

  /** What was said on each connection, both ways, in an order of its own: who came first is not to the point. */
  heard(): string[] {
    return this.#conversations.map(({ up, down }) => `${hex(up)} | ${hex(down)}`).sort();
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #pass(from: Socket, to: Socket, said: Buffer[]): void {
    this.#sockets.add(from);
    from.on("data", (chunk: Buffer) => {
      said.push(chunk);
      to.write(chunk);
    });
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
  }
}

function hex(said: readonly Buffer[]): string {
  return Buffer.concat(said).toString("hex");
}
