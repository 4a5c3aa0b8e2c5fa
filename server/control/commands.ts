/**
 * What people may ask of the cluster, each in plain words on the diagram (a marker) as it is done.
 * Input is valid when it comes here (`api/` sees to that); what cannot be done now is refused.
 */

import type { Fleet, Replica } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern, type ReplicaId } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import { PATTERN_NAMES } from "../../shared/patterns/names.ts";
import type { SendRequest } from "../fleet/contract.ts";
import { Unanswered } from "./ask-link.ts";
import type { ControlPlane } from "./control-plane.ts";
import { tooManyForFiles } from "./open-files.ts";
import { Refusal } from "./refusal.ts";
import { ACTIONS, assertCan, perform, type ReplicaAction } from "./replica-actions.ts";
import { DRAIN_DEADLINE_MS } from "./replicas.ts";
import { settingChange } from "./setting-words.ts";
import type { SettingsPatch } from "./settings.ts";
import { TaskQueue } from "./task-queue.ts";

/** The first open of a page: something to see within seconds. */
const WELCOME = {
  settings: { pollTimeoutMs: 10_000 },
  fleet: { "long-polling": 3, "web-sockets": 3 },
} as const;

export class Commands {
  readonly #plane: ControlPlane;
  readonly #clearStore: () => Promise<void>;
  /** Of settings, clients and messages: one after the other, so that a later wish always wins. */
  readonly #changes = new TaskQueue();
  /** Somebody changed settings or fleet: no welcome any more. */
  #isTouched = false;

  constructor(plane: ControlPlane, clearStore: () => Promise<void>) {
    this.#plane = plane;
    this.#clearStore = clearStore;
  }

  async scale(pattern: Pattern, count: number): Promise<void> {
    const before = this.#plane.replicas.of(pattern).length;
    const words = `${before} → ${counted(count, "replica")}`;
    this.#plane.mark(`${PATTERN_NAMES[pattern]}: ${words}.`, "info", pattern);
    await this.#plane.replicas.scale(pattern, count);
    this.#plane.changed();
  }

  async act(id: ReplicaId, action: ReplicaAction): Promise<Replica> {
    const { replicas } = this.#plane;
    const replica = replicas.find(id);
    assertCan(replica, action);
    const { words, tone } = ACTIONS[action];
    this.#plane.mark(`${id} ${words}.`, tone, replica.pattern);
    await perform(replica, action, DRAIN_DEADLINE_MS);
    this.#plane.changed();
    return replica.view(0);
  }

  changeSettings(patch: SettingsPatch): Promise<Settings> {
    this.#isTouched = true;
    return this.#changes.run(() => this.#applySettings(patch));
  }

  setFleet(fleet: Partial<Fleet>): Promise<Fleet> {
    this.#isTouched = true;
    return this.#changes.run(() => this.#applyFleet(fleet));
  }

  async setLoad(pattern: Pattern, rate: number): Promise<void> {
    this.#isTouched = true;
    this.#plane.load[pattern] = rate;
    const words = rate === 0 ? "no load" : `${counted(rate, "message")} a second`;
    this.#plane.mark(`${PATTERN_NAMES[pattern]}: ${words}.`, "info", pattern);
    await this.#plane.fleet.steer();
  }

  /** A virtual client sends; what the replica answered is passed on. */
  async send(send: SendRequest) {
    const { fleet } = this.#plane;
    if (fleet.state.state === "down") {
      throw new Refusal(503, "fleet-down", `${fleet.state.note} The message was not sent.`);
    }
    const result = await fleet.send(send).catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
      const words = `${error.message} The message may have been stored: look before you send it again.`;
      throw new Refusal(502, "unanswered", words);
    });
    if (result.ok) return { status: result.status, message: result.message };
    const isAnswer = result.status >= 400 && result.status < 600;
    throw new Refusal(isAnswer ? result.status : 502, result.code, result.message);
  }

  async metrics(): Promise<Metrics> {
    const { wire, costs } = this.#plane;
    if (wire.state.state === "down") throw new Refusal(503, "wire-down", wire.state.note);
    return costs.completed(await wire.metrics());
  }

  async reset(): Promise<void> {
    const { wire, fleet, costs, faults, options, watchers } = this.#plane;
    if (wire.state.state === "up") await wire.reset();
    if (fleet.state.state === "up") await fleet.reset();
    costs.reset();
    faults.forgetPast();
    options.journal.clear();
    watchers?.reset();
    this.#plane.mark("Journal, metrics and ledger were cleared.");
  }

  /** For the first page that opens, if nobody changed anything before, or came to watch a server of their own. */
  async welcome(): Promise<boolean> {
    const { isWelcomed, target } = this.#plane;
    if (isWelcomed || this.#isTouched || target) return false;
    this.#plane.isWelcomed = true;
    await this.#changes.run(async () => {
      await this.#applySettings(WELCOME.settings);
      await this.#applyFleet(WELCOME.fleet);
    });
    return true;
  }

  /**
   * Empties the message store. Cursors and logs of the old messages must go with it, so clients
   * leave, replicas drain and start anew, and as many clients come back.
   */
  clearMessages(): Promise<void> {
    return this.#changes.run(async () => {
      const { replicas, fleet, clients } = this.#plane;
      this.#plane.mark("All messages are cleared; replicas and clients start anew.", "warn");
      const wanted = { ...clients };
      Object.assign(clients, { "long-polling": 0, "web-sockets": 0 } satisfies Fleet);
      await fleet.steer();
      try {
        await replicas.renew(this.#clearStore);
      } finally {
        Object.assign(clients, wanted);
        await fleet.steer();
        this.#plane.changed();
      }
    });
  }

  async #applySettings(patch: SettingsPatch): Promise<Settings> {
    const { settings, replicas, fleet, faults } = this.#plane;
    const before = settings.current;
    const changed = settings.change(patch);
    if (changed.length === 0) return settings.current;
    for (const key of changed) {
      this.#plane.mark(`${settingChange(key, before, settings.current)}.`);
    }
    await Promise.all([
      replicas.applySettings(),
      this.#plane.steerWire(),
      faults.settle(),
      fleet.steer(),
    ]);
    if (changed.includes("autoRestart") && settings.current.autoRestart) {
      await replicas.reviveFailed();
    }
    return settings.current;
  }

  async #applyFleet(fleet: Partial<Fleet>): Promise<Fleet> {
    const { clients } = this.#plane;
    for (const pattern of PATTERNS) {
      const count = fleet[pattern] ?? clients[pattern];
      if (count === clients[pattern]) continue;
      const words = `${clients[pattern]} → ${counted(count, "client")}`;
      clients[pattern] = count;
      this.#plane.mark(`${PATTERN_NAMES[pattern]}: ${words}.`, "info", pattern);
    }
    const warning = tooManyForFiles(clients, this.#plane.costs.limits);
    if (warning !== undefined) this.#plane.mark(warning, "warn");
    await this.#plane.fleet.steer();
    this.#plane.changed();
    return { ...clients };
  }
}

/** `1 message`, `2 messages`. */
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
