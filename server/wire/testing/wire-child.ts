/** The wire process as its parent sees it, started from the TypeScript source. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { FromWire, WireAnswer, WireAsk } from "../contract.ts";

export class WireChild {
  readonly process: ChildProcess;
  readonly messages: FromWire[] = [];
  #asked = 0;

  constructor() {
    this.process = fork(fileURLToPath(new URL("../main.ts", import.meta.url)), [], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.process.on("message", (message) => this.messages.push(message as FromWire));
  }

  get events(): TraceEvent[] {
    return this.messages.flatMap((message) => (message.type === "events" ? message.events : []));
  }

  /** Resolves with the answer; rejects with the words of a refusal. */
  async ask(question: WireAsk): Promise<WireAnswer> {
    const ask = ++this.#asked;
    this.process.send({ ...question, ask });
    const reply = await this.next((one) => "ask" in one && one.ask === ask);
    if (reply.type === "refused") throw new Error(reply.message);
    if (reply.type !== "answer") throw new Error(`unexpected ${reply.type}`);
    return reply.answer;
  }

  async next(fits: (message: FromWire) => boolean): Promise<FromWire> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      if (this.process.exitCode !== null) throw new Error("the wire process ended");
      await Promise.race([once(this.process, "message"), once(this.process, "exit")]);
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.disconnect();
    await gone;
  }
}
