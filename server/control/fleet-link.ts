/**
 * The control plane's end of the fleet process: how many clients, with which settings, and what
 * they send. See server/fleet/contract.ts for what may be said.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { ProcessState } from "../../shared/contracts/control.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { FleetFigures } from "../../shared/contracts/metrics.ts";
import type {
  FleetAnswer,
  FleetAsk,
  FleetConfig,
  FromFleet,
  SendRequest,
  SendResult,
} from "../fleet/contract.ts";
import type { ProcessUse } from "../processes/own-use.ts";
import { SteeredProcess, type SteeredState } from "./steered-process.ts";

/** Longer than the fleet itself waits for a replica's answer, so that it can say what happened. */
const SEND_TIMEOUT_MS = 20_000;

export interface FleetLinkOptions {
  fork(): ChildProcess;
  clock: Clock;
  /** Stands still while traffic is held. */
  protocolClock: Clock;
  desired(): FleetConfig;
  onViews(views: ClientView[]): void;
  /** `use`: what the fleet process itself uses. */
  onFigures(figures: Record<Pattern, FleetFigures>, use: ProcessUse): void;
  onState(state: SteeredState): void;
}

type Started = Extract<FromFleet, { type: "started" }>;

export class FleetLink {
  readonly #protocolClock: Clock;
  readonly #process: SteeredProcess<FleetAsk, FleetAnswer, Started>;

  constructor(options: FleetLinkOptions) {
    this.#protocolClock = options.protocolClock;
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
        else if (said.type === "figures") options.onFigures(said.patterns, said.use);
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
    const answer = await this.#process.ask(
      { type: "send", send },
      SEND_TIMEOUT_MS,
      this.#protocolClock,
    );
    if (answer.type !== "sent") throw new Error(`The fleet answered ${answer.type}.`);
    return answer.result;
  }

  /** Its counts begin at nothing; its clients stay. */
  async reset(): Promise<void> {
    await this.#process.ask({ type: "reset" });
  }

  stop(withinMs: number): Promise<void> {
    return this.#process.stop(withinMs);
  }

  kill(): void {
    this.#process.kill();
  }
}
