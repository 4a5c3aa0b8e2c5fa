/** What a client's state is called, and how much of its wait has passed, in protocol time. */

import { msWords } from "../../shared/contracts/ms-words.ts";
import type { SeenClient } from "./clients-store.ts";
import { protocolMs } from "./hold-store.ts";

export interface ClientState {
  /** `polling`, `connected`, `backing off`. */
  word: string;
  /** `6 of 10 s`; empty where it waits for nothing. */
  progress: string;
  /** How much of the wait is left, 1..0, where there is a wait. */
  left: number | null;
  isTroubled: boolean;
}

/** `wireMs`: the wire's clock now. Between two reports the wait goes on as fast as protocol time does. */
export function clientState(client: SeenClient, wireMs: number): ClientState {
  const { seenAtMs, waitsMs, state } = client;
  const word = stateWord(state);
  const isTroubled = state === "backing-off" || state === "reconnecting";
  if (waitsMs === undefined || waitsMs <= 0) return { word, progress: "", left: null, isTroubled };
  const inStateMs = client.inStateMs + protocolMs(seenAtMs, Math.max(seenAtMs, wireMs));
  const passed = Math.min(inStateMs, waitsMs);
  return { word, progress: progressWords(passed, waitsMs), left: 1 - passed / waitsMs, isTroubled };
}

export function stateWord(state: string): string {
  return state.replaceAll("-", " ");
}

function progressWords(passedMs: number, waitsMs: number): string {
  if (waitsMs < 2_000) return `of ${msWords(waitsMs)}`;
  return `${Math.floor(passedMs / 1_000)} of ${msWords(waitsMs)}`;
}
