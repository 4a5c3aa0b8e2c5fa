/** What a client's state is called on its card, and how much of its wait has passed. */

import type { SeenClient } from "../../stores/clients-store.ts";
import { msWords } from "../../stores/setting-words.ts";

export interface CardState {
  /** `polling`, `connected`, `backing off`. */
  word: string;
  /** `6 of 10 s`; empty where it waits for nothing. */
  progress: string;
  /** How much of the wait is left, 1..0, where there is a wait. */
  left: number | null;
  isTroubled: boolean;
}

export function cardState(client: SeenClient, nowMs: number): CardState {
  const inStateMs = client.inStateMs + Math.max(0, nowMs - client.seenAtMs);
  const word = client.state.replaceAll("-", " ");
  const isTroubled = client.state === "backing-off" || client.state === "reconnecting";
  const { waitsMs } = client;
  if (waitsMs === undefined || waitsMs <= 0) return { word, progress: "", left: null, isTroubled };
  const passed = Math.min(inStateMs, waitsMs);
  return { word, progress: progressWords(passed, waitsMs), left: 1 - passed / waitsMs, isTroubled };
}

function progressWords(passedMs: number, waitsMs: number): string {
  if (waitsMs < 2_000) return `of ${msWords(waitsMs)}`;
  return `${Math.floor(passedMs / 1_000)} of ${msWords(waitsMs)}`;
}
