/** The page's keys, as data: what the sheet lists and the keyboard does. */
import { bookmarkHere, jump, step, togglePlay } from "../../stores/playback.ts";
import { type Lens, type Theme, viewStore } from "../../stores/view-store.ts";

export interface Shortcut {
  key: string;
  words: string;
  run: () => void;
}

const NEXT_LENS: Record<Lens, Lens> = {
  reference: "plain",
  plain: "protocol",
  protocol: "reference",
};
const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

function change(part: (view: ReturnType<typeof viewStore.getState>) => object): () => void {
  return () => viewStore.setState(part);
}

/** Idle answers are too many to be gone through by these keys. */
const EVENTFUL = ["loss", "refusal", "reconnect", "marker", "bookmark"] as const;

export const SHORTCUTS: readonly Shortcut[] = [
  {
    key: "/",
    words: "find a hop by its text, or leave lifelines out",
    run: () => document.getElementById("find-button")?.click(),
  },
  { key: "s", words: "write a message", run: () => document.getElementById("send-text")?.focus() },
  {
    key: "f",
    words: "freeze the view, or let it run",
    run: change((v) => ({ frozen: !v.frozen })),
  },
  { key: ",", words: "one hop back", run: () => step(-1) },
  { key: ".", words: "one hop on", run: () => step(1) },
  { key: "k", words: "play, or pause", run: togglePlay },
  {
    key: "[",
    words: "back to the loss, refusal, reconnection, marker or bookmark before",
    run: () => void jump(EVENTFUL, -1),
  },
  { key: "]", words: "on to the next of them", run: () => void jump(EVENTFUL, 1) },
  { key: "m", words: "bookmark this hop, or take the bookmark away", run: bookmarkHere },
  { key: "1", words: "long polling alone", run: change(() => ({ shown: "long-polling" })) },
  { key: "2", words: "WebSockets alone", run: change(() => ({ shown: "web-sockets" })) },
  { key: "3", words: "both side by side", run: change(() => ({ shown: "both" })) },
  {
    key: "l",
    words: "tell hops otherwise: reference, plain words, protocol",
    run: change((v) => ({ lens: NEXT_LENS[v.lens] })),
  },
  {
    key: "b",
    words: "show the balancers",
    run: change((v) => ({ balancerShown: !v.balancerShown })),
  },
  { key: "c", words: "controls", run: change((v) => ({ controlsShown: !v.controlsShown })) },
  { key: "i", words: "side panel", run: change((v) => ({ panelShown: !v.panelShown })) },
  { key: "p", words: "projector mode", run: change((v) => ({ projector: !v.projector })) },
  { key: "t", words: "theme", run: change((v) => ({ theme: NEXT_THEME[v.theme] })) },
  { key: "Escape", words: "let go of the selected hop", run: change(() => ({ selected: null })) },
];
