/** What whoever runs a client holds of it, whatever its pattern. */
import type { ClientView } from "../contracts/client-view.ts";

export interface RunningClient<Settings> {
  view(): ClientView;
  /** From the next request or connection on; a running poll gap is measured anew at once. */
  apply(settings: Settings): void;
  /** Leaves: what is open is closed, nothing is called back any more. */
  stop(): void;
}
