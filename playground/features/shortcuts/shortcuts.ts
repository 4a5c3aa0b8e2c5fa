/** The page's keys, one row each: read by the listener and by the sheet that explains them. */
import { type Lens, type Theme, viewStore } from "../../stores/view-store.ts";

export interface Shortcut {
  key: string;
  words: string;
  run(surroundings: { openHelp(): void }): void;
}

const NEXT_LENS: Record<Lens, Lens> = {
  reference: "plain",
  plain: "protocol",
  protocol: "reference",
};
const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

const { setState } = viewStore;

export const SHORTCUTS: readonly Shortcut[] = [
  {
    key: "s",
    words: "Write a message",
    run: () => document.getElementById("send-text")?.focus(),
  },
  {
    key: "f",
    words: "Freeze the view, or go live again",
    run: () => setState(({ frozen }) => ({ frozen: !frozen })),
  },
  { key: "1", words: "Long polling alone", run: () => setState({ shown: "long-polling" }) },
  { key: "2", words: "WebSockets alone", run: () => setState({ shown: "web-sockets" }) },
  { key: "3", words: "Both, side by side", run: () => setState({ shown: "both" }) },
  {
    key: "l",
    words: "Next lens: as in the reference, plain words, protocol",
    run: () => setState(({ lens }) => ({ lens: NEXT_LENS[lens] })),
  },
  {
    key: "b",
    words: "Show or hide the balancers' lifelines",
    run: () => setState(({ balancerShown }) => ({ balancerShown: !balancerShown })),
  },
  {
    key: "c",
    words: "Show or hide the controls",
    run: () => setState(({ controlsShown }) => ({ controlsShown: !controlsShown })),
  },
  {
    key: "i",
    words: "Show or hide the side panel",
    run: () => setState(({ panelShown }) => ({ panelShown: !panelShown })),
  },
  {
    key: "p",
    words: "Projector mode, to be read from 8 m",
    run: () => setState(({ projector }) => ({ projector: !projector })),
  },
  {
    key: "t",
    words: "Next theme: as the system, light, dark",
    run: () => setState(({ theme }) => ({ theme: NEXT_THEME[theme] })),
  },
  { key: "?", words: "This list", run: ({ openHelp }) => openHelp() },
];
