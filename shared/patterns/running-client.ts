/** What whoever runs a client holds of it, whatever its pattern. */
import type { ClientView } from "../contracts/client-view.ts";

/** `starting`: neither let in nor refused yet. `away`: something failed, and it tries again. */
export type Standing = "starting" | "connected" | "away";

export interface RunningClient<Settings> {
  view(): ClientView;
  /** Whether it gets what is sent; cheap enough to ask thousands. */
  standing(): Standing;
  /** From the next request or connection on; a running poll gap is measured anew at once. */
  apply(settings: Settings): void;
  /** Leaves: what is open is closed, nothing is called back any more. */
  stop(): void;
}
