/**
 * The page's commands over the control API: does them, confirms them to the stores, and tells by
 * notice what happened, with Undo where a change can be taken back.
 */

import type { Pattern } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import { PATTERN_NAMES } from "../../shared/patterns/names.ts";
import {
  clusterStore,
  confirmFleet,
  confirmLoad,
  confirmSettings,
} from "../stores/cluster-store.ts";
import type { Commands, Outgoing, ReplicaAction } from "../stores/commands.ts";
import { holdStore } from "../stores/hold-store.ts";
import { notify } from "../stores/notices-store.ts";
import { settingName, settingValueWords } from "../stores/setting-words.ts";
import { api } from "./api.ts";
import { failureWords, mayBeDone } from "./failure-words.ts";

/** `what` is said where it was not done, `maybe` where nobody can tell. */
async function attempt(
  key: string,
  what: string,
  act: () => Promise<void>,
  maybe = what,
): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    notify({ key, tone: "bad", ...failureWords(mayBeDone(error) ? maybe : what, error) });
    return false;
  }
}

async function changeSettings(patch: Partial<Settings>): Promise<boolean> {
  const before = clusterStore.getState().snapshot?.settings;
  const key = `settings ${Object.keys(patch).join(" ")}`;
  return attempt(key, "The setting stays as it was.", async () => {
    confirmSettings(await api.patchSettings(patch));
    notify({ key, tone: "info", text: changeWords(patch), ...undoOf(patch, before) });
  });
}

function changeWords(patch: Partial<Settings>): string {
  return Object.entries(patch)
    .map(([key, value]) => `${settingName(key)}: ${settingValueWords(key, value)}`)
    .join(", ");
}

function undoOf(patch: Partial<Settings>, before: Settings | undefined) {
  if (before === undefined) return {};
  const old = Object.fromEntries(
    Object.keys(patch).map((key) => [key, before[key as keyof Settings]]),
  ) as Partial<Settings>;
  return { action: { label: "Undo", run: () => void changeSettings(old) } };
}

function setClients(pattern: Pattern, count: number): Promise<boolean> {
  return attempt(`fleet ${pattern}`, "The clients stay as they were.", async () => {
    await api.putFleet({ [pattern]: count });
    confirmFleet({ [pattern]: count });
  });
}

function setReplicas(pattern: Pattern, count: number): Promise<boolean> {
  return attempt(`replicas ${pattern}`, "The replicas stay as they were.", async () => {
    await api.putReplicas(pattern, count);
  });
}

const DONE: Record<ReplicaAction, string> = {
  kill: "was killed (SIGKILL): nothing was drained",
  stop: "was drained and stopped",
  freeze: "is frozen: its process stands still, its connections stay open",
  thaw: "runs again",
  restart: "was drained and started anew",
};

function actOnReplica(id: string, action: ReplicaAction): Promise<boolean> {
  return attempt(`replica ${id}`, `Could not ${action} ${id}.`, async () => {
    await api.actOnReplica(id, action);
    notify({
      key: `replica ${id}`,
      tone: "info",
      text: `${id} ${DONE[action]}.`,
      ...(action === "freeze"
        ? { action: { label: "Thaw", run: () => void actOnReplica(id, "thaw") } }
        : {}),
    });
  });
}

async function send(outgoing: readonly Outgoing[]): Promise<boolean> {
  const sending = Promise.all(
    outgoing.map((one) => {
      const name = PATTERN_NAMES[one.pattern];
      return attempt(
        `send ${one.pattern}`,
        `${name}: not sent.`,
        async () => void (await api.send(one)),
        `${name}: perhaps sent.`,
      );
    }),
  );
  // Held, it is on its way for as long as people like: they may send another meanwhile.
  if (holdStore.getState().held) return true;
  return (await sending).every(Boolean);
}

function setRate(pattern: Pattern, perSecond: number): Promise<boolean> {
  return attempt(`load ${pattern}`, "The rate stays as it was.", async () => {
    await api.putLoad(pattern, perSecond);
    confirmLoad(pattern, perSecond);
  });
}

export const commands: Omit<Commands, "joinTab" | "leaveTab"> = {
  send,
  changeSettings,
  setClients,
  setReplicas,
  actOnReplica,
  setRate,
  hold: (order) =>
    attempt("hold", "The traffic stays as it was.", async () => {
      // The feed says what waits, in order; this answer may be older than what it has said since.
      await api.putHold(order);
    }),
  step: (choice) =>
    attempt("hold", "Nothing was stepped.", async () => {
      await api.step(choice);
    }),
  // The feed says what is in force; the bar above the stage shows it.
  addFault: (fault) =>
    attempt("fault", "No fault was added.", async () => {
      await api.postFault(fault);
    }),
  healFault: (id) =>
    attempt("fault", "The fault stays.", async () => {
      await api.deleteFault(id);
    }),
  healAll: () =>
    attempt("fault", "The faults stay.", async () => {
      await api.deleteFaults();
    }),
  reset: () =>
    attempt("reset", "Nothing was cleared.", async () => {
      await api.reset();
      notify({ key: "reset", tone: "info", text: "Diagram, figures and ledger start anew." });
    }),
  clearMessages: () =>
    attempt("clear", "The messages are still there.", async () => {
      await api.clearMessages();
      notify({ key: "clear", tone: "info", text: "All messages were deleted; ids start at 1." });
    }),
  rawHop: async (seq) => {
    try {
      return (await api.traceEvent(seq)).raw;
    } catch (error) {
      // A hop that the journal has dropped is no failure: the inspector says that it is gone.
      console.debug(`no raw bytes for hop ${seq}`, error);
      return null;
    }
  },
  recording: async () => (await read("save", "The journal was not saved.", api.recording)) ?? null,
  sourceFiles: async () => {
    const answer = await read("source", "The source cannot be shown.", api.sourceFiles);
    return answer?.files ?? [];
  },
  sourceFile: async (file) =>
    (await read("source", `${file} cannot be shown.`, () => api.sourceFile(file))) ?? null,
};

async function read<T>(key: string, what: string, ask: () => Promise<T>): Promise<T | undefined> {
  let answer: T | undefined;
  await attempt(key, what, async () => {
    answer = await ask();
  });
  return answer;
}

/** On the very first open: three clients of each pattern join. True for the page that was first. */
export async function welcome(): Promise<boolean> {
  try {
    return (await api.welcome()).welcomed;
  } catch (error) {
    // The feed's banner says it when nobody answers; the playground works without a welcome.
    console.warn("no welcome", error);
    return false;
  }
}
