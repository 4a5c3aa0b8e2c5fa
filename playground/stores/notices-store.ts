/**
 * Short sentences about what a command did, or why it did nothing. A notice may offer one action
 * (Undo); notices with the same key replace each other. Failures stay until they are dismissed.
 */
import { createStore } from "zustand/vanilla";

export interface Notice {
  id: number;
  key: string;
  tone: "info" | "bad";
  text: string;
  /** What to do now, or why. */
  advice?: string;
  action?: { label: string; run: () => void };
}

export const noticesStore = createStore<{ notices: readonly Notice[] }>()(() => ({ notices: [] }));

const LIMIT = 4;
let lastId = 0;

export function notify(notice: Omit<Notice, "id" | "key"> & { key?: string }): void {
  lastId += 1;
  const id = lastId;
  const key = notice.key ?? `notice-${id}`;
  noticesStore.setState(({ notices }) => ({
    notices: [...notices.filter((other) => other.key !== key), { ...notice, id, key }].slice(
      -LIMIT,
    ),
  }));
}

export function dismiss(id: number): void {
  noticesStore.setState(({ notices }) => ({ notices: notices.filter((n) => n.id !== id) }));
}
