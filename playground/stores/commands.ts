/**
 * Everything the page can ask for. Features know only this; `connection/` does it over the
 * network. A command never throws: it answers whether it was done, and what went wrong is told
 * by a notice.
 */
import { createContext, useContext } from "react";
import type { Pattern, ReplicaId } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";

import type { Fault } from "../../shared/faults/faults.ts";
import type { HoldOrder, StepChoice } from "../../shared/hold/hold-state.ts";

export type ReplicaAction = "kill" | "stop" | "freeze" | "thaw" | "restart";

export interface Outgoing {
  pattern: Pattern;
  text: string;
  /** Which client sends; absent: a passing visitor. */
  client?: string;
}

/** The bytes of one hop, for the inspector. */
export interface RawHopView {
  text: string;
  decoded?: string;
  truncated: boolean;
}

/** A file of the source that runs. */
export interface SourceFile {
  file: string;
  text: string;
}

export interface Commands {
  /** True when every one was taken. */
  send(outgoing: readonly Outgoing[]): Promise<boolean>;
  changeSettings(patch: Partial<Settings>): Promise<boolean>;
  setClients(pattern: Pattern, count: number): Promise<boolean>;
  setReplicas(pattern: Pattern, count: number): Promise<boolean>;
  actOnReplica(id: ReplicaId, action: ReplicaAction): Promise<boolean>;
  setRate(pattern: Pattern, perSecond: number): Promise<boolean>;
  /** Holds the traffic, lets it go, or sets its pace. */
  hold(order: Partial<HoldOrder>): Promise<boolean>;
  /** Lets waiting hops through, or drops one. */
  step(choice: StepChoice): Promise<boolean>;
  addFault(fault: Fault): Promise<boolean>;
  healFault(id: string): Promise<boolean>;
  healAll(): Promise<boolean>;
  reset(): Promise<boolean>;
  clearMessages(): Promise<boolean>;
  /** `null`: the wire no longer has them. */
  rawHop(seq: number): Promise<RawHopView | null>;
  /** Paths of the replicas' source; empty when it cannot be had. */
  sourceFiles(): Promise<readonly string[]>;
  sourceFile(file: string): Promise<SourceFile | null>;
  /** The whole journal as a file; `null` when it cannot be had. */
  recording(): Promise<Blob | null>;
  joinTab(pattern: Pattern): void;
  leaveTab(pattern: Pattern): void;
}

const CommandsContext = createContext<Commands | null>(null);
export const CommandsProvider = CommandsContext.Provider;

export function useCommands(): Commands {
  const commands = useContext(CommandsContext);
  if (commands === null) throw new Error("No commands: the page was composed without a provider.");
  return commands;
}
