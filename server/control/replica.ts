/**
 * One replica as the control plane sees it: a process that is started, watched, drained, frozen,
 * killed and started again, under one id.
 *
 * Stands between `Replicas` (how many, which) and `ChildRun` (one run of the process). Each change
 * of its state is told to the wire, which balances accordingly. It carries no traffic itself.
 */
import type { ChildProcess } from "node:child_process";
import type { Clock } from "../../shared/clock.ts";
import type { Marker, Replica as ReplicaView } from "../../shared/contracts/control.ts";
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import type { ReplicaReady, ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { BackOff, REPLICA_BACK_OFF } from "../processes/back-off.ts";
import type { Upstream } from "../wire/contract.ts";
import { ChildRun } from "./child-run.ts";
import { putSettings, readStats, startDrain } from "./replica-admin-client.ts";
import { ReplicaHealth } from "./replica-health.ts";
import { type Life, type Run, rotationOf, runOf } from "./replica-life.ts";
import { TaskQueue } from "./task-queue.ts";
import { guardFrozen } from "./thaw-guard.ts";

/** A busy machine starts slowly; to give up and begin again would make it busier. */
const READY_TIMEOUT_MS = 45_000;
/** What a drain may take beyond its deadline before the process is killed. */
const DRAIN_GRACE_MS = 1_000;
/** So often a replica is given its settings before whoever changed them waits no longer. */
const APPLY_TRIES = 5;
const APPLY_PAUSE_MS = 100;

export interface ReplicaContext {
  clock: Clock;
  /** Ms since the epoch. */
  wallMs(): number;
  fork(pattern: Pattern, id: ReplicaId, settings: ReplicaSettings): ChildProcess;
  settings(): ReplicaSettings;
  autoRestart(): boolean;
  /** Tells the wire; resolves once the balancer knows. */
  steer(): Promise<void>;
  mark(text: string, tone: Marker["tone"], pattern: Pattern): void;
}

export class Replica {
  readonly id: ReplicaId;
  readonly pattern: Pattern;
  readonly #context: ReplicaContext;
  readonly #backOff = new BackOff(REPLICA_BACK_OFF);
  #life: Life = { state: "stopped" };
  #health = new ReplicaHealth();
  #restarts = 0;
  #lastPort = 0;
  /** The settings object that its process has; replaced whole on each change. */
  #applied: ReplicaSettings | undefined;
  /** One at a time: an older one that arrives late must not win. */
  readonly #applying = new TaskQueue();
  /** It has left the cluster for good, and starts no more. */
  #isRetired = false;

  constructor(pattern: Pattern, id: ReplicaId, context: ReplicaContext) {
    this.pattern = pattern;
    this.id = id;
    this.#context = context;
  }

  /** One that has gone silent is `frozen` to whoever looks, whoever stopped it. */
  get state(): Life["state"] {
    const isSilent = this.#life.state === "ready" && !this.#health.isAnswering;
    return isSilent ? "frozen" : this.#life.state;
  }

  view(held: number): ReplicaView {
    const life = this.#life;
    const run = runOf(life);
    const note = "note" in life ? life.note : run && this.#health.note;
    return {
      id: this.id,
      state: this.state,
      restarts: this.#restarts,
      held,
      ...(run?.pid !== undefined && { pid: run.pid }),
      ...(note !== undefined && { note }),
      ...(life.state === "restarting" && { retryAt: life.retryAt }),
      ...(run && this.#health.costs),
    };
  }

  /** What its process said last that it uses; undefined while none runs. */
  get use() {
    const run = runOf(this.#life);
    const last = this.#health.last;
    return run?.pid !== undefined && last ? { pid: run.pid, ...last } : undefined;
  }

  upstream(): Upstream {
    const state = rotationOf(this.#life, this.#health.isAnswering);
    return { replica: this.id, host: "127.0.0.1", port: this.#lastPort, state };
  }

  /** Resolves once it is ready, or once this attempt has failed (the next is on its way). */
  async start(): Promise<void> {
    const { clock, fork, settings } = this.#context;
    if (this.#isRetired) return;
    if (this.#life.state === "restarting") this.#life.timer.cancel();
    else if (runOf(this.#life)) return;
    const applied = settings();
    this.#applied = applied;
    this.#health = new ReplicaHealth();
    const run: Run = new ChildRun<ReplicaReady>({
      child: fork(this.pattern, this.id, applied),
      clock,
      ready: (heard) => {
        const said = heard as ReplicaReady;
        return said.type === "ready" ? said : undefined;
      },
      readyTimeoutMs: READY_TIMEOUT_MS,
    });
    this.#life = { state: "starting", run };
    void run.exited.then(({ reason }) => this.#ended(run, reason));
    void this.#context.steer();
    try {
      const { port, adminPort } = await run.ready;
      if (runOf(this.#life) !== run) return;
      this.#lastPort = port;
      this.#life = { state: "ready", run, port, adminPort };
    } catch {
      run.signal("SIGKILL"); // Too slow, or gone already: `#ended` says what happens next.
      await run.exited;
      return;
    }
    await this.apply();
    await this.#context.steer();
  }

  /** SIGKILL: nothing is said to anybody. Resolves once it is gone. */
  async kill(): Promise<void> {
    const run = runOf(this.#life);
    run?.signal("SIGKILL");
    await run?.exited;
  }

  /** Takes no new work, finishes or sends away what it has, ends. */
  async drain(deadlineMs: number): Promise<void> {
    this.#unfreeze();
    const life = this.#life;
    if (life.state === "draining") return void (await life.run.exited);
    if (life.state === "ready") {
      this.#life = { ...life, state: "draining" };
      await this.#context.steer(); // First no new requests, then the drain: nothing is refused.
      await startDrain(life.adminPort, deadlineMs).catch(() => life.run.signal("SIGKILL"));
      await life.run.endWithin(deadlineMs + DRAIN_GRACE_MS);
    } else if (life.state === "starting") {
      this.#life = { state: "stopped" };
      await life.run.stop(DRAIN_GRACE_MS);
    } else {
      if (life.state === "restarting") life.timer.cancel();
      this.#life = { state: "stopped" };
    }
    await this.#context.steer();
  }

  /** Drains and never starts again, whoever was about to restart it. */
  retire(deadlineMs: number): Promise<void> {
    this.#isRetired = true;
    return this.drain(deadlineMs);
  }

  async restart(deadlineMs: number): Promise<void> {
    this.#backOff.reset();
    await this.drain(deadlineMs);
    this.#restarts++;
    await this.start();
  }

  /** SIGSTOP: it keeps its connections and says nothing more. */
  async freeze(): Promise<void> {
    if (this.#life.state !== "ready") return;
    const { run } = this.#life;
    run.signal("SIGSTOP");
    const guard = guardFrozen(run.pid ?? 0);
    void run.exited.then(() => guard.release());
    this.#life = { ...this.#life, state: "frozen", guard };
    await this.#context.steer();
  }

  /** SIGCONT, also where somebody else had stopped it. */
  async thaw(): Promise<void> {
    runOf(this.#life)?.signal("SIGCONT");
    this.#unfreeze();
    await this.apply();
    await this.#context.steer();
  }

  #unfreeze(): void {
    if (this.#life.state !== "frozen") return;
    const { guard, ...listening } = this.#life;
    listening.run.signal("SIGCONT");
    guard.release();
    this.#life = { ...listening, state: "ready" };
  }

  /**
   * Makes its process have the settings in force. Never rejects: one that goes meanwhile needs
   * none, and one that falls silent gets them with the first health check that it answers.
   */
  async apply(): Promise<void> {
    const { clock, settings, mark } = this.#context;
    const lacks = () => this.state === "ready" && this.#applied !== settings();
    for (let tried = 0; lacks() && tried < APPLY_TRIES; tried++) {
      if (tried > 0) {
        await new Promise<void>((resolve) => void clock.after(APPLY_PAUSE_MS, resolve));
      }
      await this.#putSettings().catch(() => undefined);
    }
    if (lacks()) mark(`${this.id} has not taken the new settings yet.`, "bad", this.pattern);
  }

  #putSettings(): Promise<void> {
    return this.#applying.run(async () => {
      const wanted = this.#context.settings();
      const life = this.#life;
      if (life.state !== "ready" || this.#applied === wanted) return;
      await putSettings(life.adminPort, wanted);
      if (runOf(this.#life) === life.run) this.#applied = wanted;
    });
  }

  /** One health check; a replica that misses several leaves the rotation until it answers. */
  async check(): Promise<void> {
    const life = this.#life;
    if (life.state !== "ready") return;
    const health = this.#health;
    const wasAnswering = health.isAnswering;
    try {
      health.answered(await readStats(life.adminPort), this.#context.clock.now());
      await this.#putSettings();
    } catch {
      if (this.#life === life) health.missed(); // Else it went, or was frozen, meanwhile.
    }
    if (health.isAnswering === wasAnswering || this.#life !== life) return;
    const text = wasAnswering ? "does not answer its health checks" : "answers again";
    this.#context.mark(`${this.id} ${text}.`, wasAnswering ? "bad" : "info", this.pattern);
    await this.#context.steer();
  }

  /** A failed one is tried again, as when `autoRestart` is switched on. */
  async revive(): Promise<void> {
    if (this.#life.state === "failed") await this.start();
  }

  /** At the very end: no drain that anybody waits for, no restart. Frozen ones are thawed first. */
  async shutDown(withinMs: number): Promise<void> {
    this.#isRetired = true;
    const life = this.#life;
    const run = runOf(life);
    if (life.state === "restarting") life.timer.cancel();
    this.#life = { state: "stopped" };
    if (run === undefined) return;
    if (life.state === "frozen") run.signal("SIGCONT");
    if ("adminPort" in life) {
      startDrain(life.adminPort, withinMs / 2).catch(() => run.signal("SIGKILL"));
    } else run.signal("SIGTERM");
    await run.endWithin(withinMs);
  }

  killNow(): void {
    this.#isRetired = true;
    const run = runOf(this.#life);
    this.#life = { state: "stopped" };
    run?.signal("SIGKILL");
  }

  #ended(run: Run, reason: string): void {
    if (runOf(this.#life) !== run) return;
    const wasDraining = this.#life.state === "draining";
    if (wasDraining) this.#life = { state: "stopped" };
    else this.#crashed(run, reason);
    void this.#context.steer();
  }

  #crashed(run: Run, reason: string): void {
    const { clock, wallMs, autoRestart, mark } = this.#context;
    if (!autoRestart()) {
      this.#life = { state: "failed", note: `It ${reason}; auto-restart is off.` };
      mark(`${this.id} ${reason}.`, "bad", this.pattern);
      return;
    }
    const waitMs = this.#backOff.next(clock.now() - run.startedMs);
    const note = `It ${reason}; starting it again after ${waitMs / 1_000} s.`;
    const timer = clock.after(waitMs, () => {
      this.#restarts++;
      void this.start().then(() => {
        if (this.#life.state === "ready") mark(`${this.id} is ready again.`, "info", this.pattern);
      });
    });
    this.#life = { state: "restarting", note, retryAt: wallMs() + waitMs, timer };
    mark(`${this.id} ${reason}; it starts again after ${waitMs / 1_000} s.`, "bad", this.pattern);
  }
}
