/** Makes this browser tab a client like the fleet's, run by the same machine. */

import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { clientsStore } from "../../stores/clients-store.ts";
import { useCommands } from "../../stores/commands.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./JoinTab.module.css";

export function JoinTab({ pattern }: { pattern: Pattern }) {
  const isJoined = useStore(clientsStore, ({ tab }) => tab[pattern] !== undefined);
  const { joinTab, leaveTab } = useCommands();
  return (
    <Button
      small
      aria-label={`${isJoined ? "Leave" : "Join from this tab"}: ${PATTERN_NAMES[pattern]}`}
      onPress={() => (isJoined ? leaveTab(pattern) : joinTab(pattern))}
    >
      {isJoined ? "Leave" : "Join from this tab"}
    </Button>
  );
}

export function ConnectionLimitNote() {
  return (
    <p className={styles.note}>
      A browser opens at most six HTTP/1.1 connections to one host, over all its tabs. Each joined
      tab parks one poll, so the seventh would wait in the browser, before the wire. That is why the
      many clients live in their own process.
    </p>
  );
}
