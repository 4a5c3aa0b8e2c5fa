/**
 * The control plane's end of the fleet process: how many clients, with which settings, and what
 * they send. See server/fleet/contract.ts for what may be said.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { ProcessState } from "../../shared/contracts/control.ts";
import type {
  FleetAnswer,
  FleetAsk,
  FleetConfig,
  FromFleet,
  SendRequest,
  SendResult,
} from "../fleet/contract.ts";
import { SteeredProcess, type SteeredState } from "./steered-process.ts";

/** Longer than the fleet itself waits for a replica's answer, so that it can say what happened. */
const SEND_TIMEOUT_MS = 20_000;

export interface FleetLinkOptions {
  fork(): ChildProcess;
  clock: Clock;
  desired(): FleetConfig;
  onViews(views: ClientView[]): void;
  onState(state: SteeredState): void;
}

type Started = Extract<FromFleet, { type: "started" }>;

export class FleetLink {
  readonly #process: SteeredProcess<FleetAsk, FleetAnswer, Started>;

  constructor(options: FleetLinkOptions) {
    this.#process = new SteeredProcess({
      name: "fleet",
      fork: options.fork,
      clock: options.clock,
      started: (heard) => {
        const said = heard as FromFleet;
        return said.type === "started" ? said : undefined;
      },
      configureAsk: () => ({ type: "configure", config: options.desired() }),
      onSaid: (heard) => {
        const said = heard as FromFleet;
        if (said.type === "views") options.onViews(said.views);
      },
      onState: options.onState,
    });
  }

  get state(): SteeredState {
    return this.#process.state;
  }

  get process(): ProcessState {
    const { state, pid } = this.#process;
    return { ...state, ...(pid !== undefined && { pid }) };
  }

  start(): Promise<void> {
    return this.#process.start();
  }

  steer(): Promise<void> {
    return this.#process.steer();
  }

  async send(send: SendRequest): Promise<SendResult> {
    const answer = await this.#process.ask({ type: "send", send }, SEND_TIMEOUT_MS);
    if (answer.type !== "sent") throw new Error(`The fleet answered ${answer.type}.`);
    return answer.result;
  }

  stop(withinMs: number): Promise<void> {
    return this.#process.stop(withinMs);
  }

  kill(): void {
    this.#process.kill();
  }
}
