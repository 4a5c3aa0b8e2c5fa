/** The left column: everything about the cluster that can be set, pattern by pattern. */

import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { Settings } from "../../../shared/contracts/settings.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { useCommands } from "../../stores/commands.ts";
import { metricsStore } from "../../stores/metrics-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { wholeNumber } from "../../ui/numbers.ts";
import { usePending } from "../../ui/use-pending.ts";
import styles from "./Controls.module.css";
import { CountRow } from "./CountRow.tsx";
import { RateControl } from "./RateControl.tsx";
import { SettingControl } from "./SettingControl.tsx";

const PATTERN_SETTINGS: Record<Pattern, readonly (keyof Settings)[]> = {
  "long-polling": ["pollTimeoutMs", "pollGapMs", "pollCursor"],
  "web-sockets": [
    "pingIntervalMs",
    "pingTimeoutMs",
    "transports",
    "upgrades",
    "sticky",
    "catchUp",
    "adapter",
  ],
};

const MAX_CLIENTS = 20_000;
const MAX_REPLICAS = 16;

export function Controls() {
  const shown = useStore(viewStore, (view) => view.shown);
  const isKnown = useStore(clusterStore, ({ snapshot }) => snapshot !== null);
  if (!isKnown) return <p className={styles.waiting}>Waiting for the cluster…</p>;
  return (
    <div className={styles.controls}>
      {shownPatterns(shown).map((pattern) => (
        <PatternControls key={pattern} pattern={pattern} />
      ))}
      <section className={styles.section} aria-labelledby="controls-traffic">
        <h2 id="controls-traffic" className={styles.title}>
          Traffic
        </h2>
        <RateControl />
      </section>
      <section className={styles.section} aria-labelledby="controls-cluster">
        <h2 id="controls-cluster" className={styles.title}>
          Cluster
        </h2>
        <SettingControl setting="balancing" />
        <SettingControl setting="autoRestart" />
        <Clearing />
      </section>
    </div>
  );
}

function PatternControls({ pattern }: { pattern: Pattern }) {
  const clients = useStore(clusterStore, ({ snapshot }) => snapshot?.fleet[pattern] ?? 0);
  const replicas = useStore(
    clusterStore,
    ({ snapshot }) => snapshot?.cluster.patterns[pattern].replicas.length ?? 0,
  );
  const { setClients, setReplicas } = useCommands();
  const title = `controls-${pattern}`;
  return (
    <section className={styles.section} aria-labelledby={title} data-pattern={pattern}>
      <h2 id={title} className={styles.title}>
        <span aria-hidden className={styles.swatch} />
        {PATTERN_NAMES[pattern]}
      </h2>
      <CountRow
        label="Clients"
        hint="Virtual clients: real connections, each run by the pattern's client machine."
        value={clients}
        max={MAX_CLIENTS}
        steps={[10, 100]}
        onChange={(count) => setClients(pattern, count)}
      />
      <Connecting pattern={pattern} />
      <CountRow
        label="Replicas"
        hint="Server processes behind the load balancer. Taking one away drains it first."
        value={replicas}
        max={MAX_REPLICAS}
        onChange={(count) => setReplicas(pattern, count)}
      />
      {PATTERN_SETTINGS[pattern].map((setting) => (
        <SettingControl key={setting} setting={setting} />
      ))}
    </section>
  );
}

/** How far a fleet that is still starting, or in trouble, has come. */
function Connecting({ pattern }: { pattern: Pattern }) {
  const fleet = useStore(metricsStore, ({ latest }) => latest?.fleet?.[pattern]);
  if (fleet === undefined || fleet.connected >= fleet.wanted) return null;
  return (
    <p className={styles.note}>
      {wholeNumber(fleet.connected)} of {wholeNumber(fleet.wanted)} connected
      {fleet.trouble !== undefined && `: ${fleet.trouble}`}
    </p>
  );
}

function Clearing() {
  const { reset, clearMessages } = useCommands();
  const [isResetting, runReset] = usePending();
  const [isClearing, runClear] = usePending();
  return (
    <div className={styles.clearing}>
      <Confirm
        label="Reset figures"
        question="Empty the diagram and set all figures and the ledger to zero? Messages and clients stay."
        act="Reset"
        isPending={isResetting}
        onConfirm={() => runReset(reset)}
      />
      <Confirm
        label="Clear messages"
        question="Delete every stored message of both patterns? Ids start again at 1. This cannot be undone."
        act="Delete them"
        isPending={isClearing}
        onConfirm={() => runClear(clearMessages)}
      />
    </div>
  );
}
