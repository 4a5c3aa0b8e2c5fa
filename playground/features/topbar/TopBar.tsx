/** The bar on top: what is shown and how it is told, and which broker and store are in use. */
import { CircleHelp, MonitorUp, Moon, PanelLeft, PanelRight, Sun, SunMoon } from "lucide-react";
import { useStore } from "zustand";
import { SIDE_NAMES } from "../../../shared/patterns/names.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { type Lens, type Shown, type Theme, viewStore } from "../../stores/view-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { Select } from "../../ui/Select.tsx";
import { PartChip } from "./PartChip.tsx";
import styles from "./TopBar.module.css";

const SHOWN: { value: Shown; label: string }[] = [
  { value: "long-polling", label: "Long polling" },
  { value: "web-sockets", label: "WebSockets" },
  { value: "both", label: "Side by side" },
];

/** There is one when a server was given with `--target`. */
const YOURS: (typeof SHOWN)[number] = { value: "target", label: SIDE_NAMES.target };

const LENSES: { value: Lens; label: string }[] = [
  { value: "reference", label: "As in the reference" },
  { value: "plain", label: "Plain words" },
  { value: "protocol", label: "Protocol" },
];

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const THEME_WORDS: Record<Theme, string> = {
  system: "Theme: as the system",
  light: "Theme: light",
  dark: "Theme: dark",
};
const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon };

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const view = useStore(viewStore);
  const hasTarget = useStore(
    clusterStore,
    ({ snapshot }) => snapshot?.cluster.patterns.target !== undefined,
  );
  return (
    <header className={styles.bar}>
      <h1 className={styles.name}>Realtime Playground</h1>
      <Segmented
        label="Patterns shown"
        value={view.shown}
        choices={hasTarget ? [YOURS, ...SHOWN] : SHOWN}
        onChange={(shown) => viewStore.setState({ shown })}
      />
      <div className={styles.lens}>
        <span aria-hidden className={styles.lensWord}>
          Labels
        </span>
        <Select
          label="How hops are told"
          value={view.lens}
          options={LENSES}
          onChange={(lens) => viewStore.setState({ lens })}
        />
      </div>
      <span className={styles.space} />
      {/* Our broker and store: somebody else's server has nothing to do with them. */}
      {view.shown !== "target" && <Parts />}
      <ViewButtons onHelp={onHelp} />
    </header>
  );
}

function Parts() {
  const health = useStore(clusterStore, ({ snapshot }) => snapshot?.health);
  if (health === undefined) return null;
  return (
    <>
      <PartChip serves="broker" part={health.broker} product={brokerProduct(health.broker.kind)} />
      <PartChip serves="store" part={health.store} product="Postgres" />
    </>
  );
}

function brokerProduct(kind: "redis" | "embedded"): string {
  return kind === "redis" ? "Redis" : "Broker";
}

function ViewButtons({ onHelp }: { onHelp: () => void }) {
  const { projector, theme, controlsShown, panelShown } = useStore(viewStore);
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <div className={styles.buttons}>
      {!projector && (
        <>
          <IconButton
            name={controlsShown ? "Hide the controls" : "Show the controls"}
            hotkey="c"
            onPress={() => viewStore.setState({ controlsShown: !controlsShown })}
          >
            <PanelLeft aria-hidden />
          </IconButton>
          <IconButton
            name={panelShown ? "Hide the side panel" : "Show the side panel"}
            hotkey="i"
            onPress={() => viewStore.setState({ panelShown: !panelShown })}
          >
            <PanelRight aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton
        name={projector ? "Leave projector mode" : "Projector mode, to be read from 8 m"}
        hotkey="p"
        onPress={() => viewStore.setState({ projector: !projector })}
      >
        <MonitorUp aria-hidden />
      </IconButton>
      <IconButton
        name={THEME_WORDS[theme]}
        hotkey="t"
        onPress={() => viewStore.setState({ theme: NEXT_THEME[theme] })}
      >
        <ThemeIcon aria-hidden />
      </IconButton>
      <IconButton name="Keys and help" hotkey="?" onPress={onHelp}>
        <CircleHelp aria-hidden />
      </IconButton>
    </div>
  );
}
