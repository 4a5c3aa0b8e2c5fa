/** The side panel: one tab each for looking closer. What is heavy loads when its tab is opened. */
import {
  ChartLine,
  CircuitBoard,
  Code,
  FileCode,
  ListChecks,
  type LucideIcon,
  ScanSearch,
  ScrollText,
  Users,
  Workflow,
} from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useStore } from "zustand";
import { ClientsPanel } from "./features/clients/ClientsPanel.tsx";
import { Inspector } from "./features/inspector/Inspector.tsx";
import { ReferenceRail } from "./features/reference/ReferenceRail.tsx";
import { TextTwin } from "./features/stage/TextTwin.tsx";
import { ConnectionLimitNote, JoinTab } from "./features/tab-client/JoinTab.tsx";
import styles from "./side-panel.module.css";
import { traceStore } from "./stores/trace-store.ts";
import { type SidePanel as Panel, shownPatterns, viewStore } from "./stores/view-store.ts";
import { cx } from "./ui/cx.ts";

const Charts = lazy(async () => ({
  default: (await import("./features/charts/Charts.tsx")).Charts,
}));
const CodePanel = lazy(async () => ({
  default: (await import("./features/code/CodePanel.tsx")).CodePanel,
}));
const MachinePanel = lazy(async () => ({
  default: (await import("./features/machine/MachinePanel.tsx")).MachinePanel,
}));
const VerdictPanel = lazy(async () => ({
  default: (await import("./features/verdict/VerdictPanel.tsx")).VerdictPanel,
}));
const MermaidPanel = lazy(async () => ({
  default: (await import("./features/mermaid/MermaidPanel.tsx")).MermaidPanel,
}));

interface PanelTab {
  id: Panel;
  label: string;
  Icon: LucideIcon;
  Content: ComponentType;
  /** It is about our own clients and replicas: of somebody else's server it has nothing to say. */
  isOurs?: true;
}

const PANELS: PanelTab[] = [
  { id: "clients", label: "Clients", Icon: Users, Content: Clients, isOurs: true },
  { id: "inspector", label: "Inspector", Icon: ScanSearch, Content: Inspector },
  { id: "charts", label: "Charts", Icon: ChartLine, Content: Charts },
  { id: "verdict", label: "Verdict", Icon: ListChecks, Content: VerdictPanel, isOurs: true },
  { id: "reference", label: "Reference", Icon: Workflow, Content: References, isOurs: true },
  { id: "mermaid", label: "Mermaid", Icon: FileCode, Content: MermaidPanel },
  { id: "machine", label: "Machine", Icon: CircuitBoard, Content: Machine, isOurs: true },
  { id: "code", label: "Code", Icon: Code, Content: CodePanel, isOurs: true },
  { id: "text", label: "Text", Icon: ScrollText, Content: TextTwin },
];

export function SidePanel({ hasReference }: { hasReference: boolean }) {
  const panel = useStore(viewStore, (view) => view.panel);
  const isTarget = useStore(viewStore, (view) => view.shown === "target");
  const panels = PANELS.filter(
    ({ id, isOurs }) => (hasReference || id !== "reference") && !(isTarget && isOurs),
  );
  const selected = panels.some(({ id }) => id === panel) ? panel : panels[0]?.id;
  return (
    <aside className={styles.side} aria-label="Side panel">
      <Tabs
        className={cx(styles.tabs)}
        selectedKey={selected ?? panel}
        onSelectionChange={(key) => viewStore.setState({ panel: key as Panel })}
      >
        <TabList className={cx(styles.list)} aria-label="Look closer">
          {panels.map(({ id, label, Icon }) => (
            <Tab key={id} id={id} aria-label={label} className={cx(styles.tab)}>
              <Icon aria-hidden className={styles.icon} />
              <span className={styles.label} title={label}>
                {label}
              </span>
            </Tab>
          ))}
        </TabList>
        {panels.map(({ id, Content }) => (
          <TabPanel key={id} id={id} className={cx(styles.panel)}>
            <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
              <Content />
            </Suspense>
          </TabPanel>
        ))}
      </Tabs>
    </aside>
  );
}

function Clients() {
  if (useStore(traceStore, ({ recording }) => recording !== null)) return <NotRecorded />;
  return (
    <ClientsPanel
      join={(pattern) => <JoinTab pattern={pattern} />}
      footnote={<ConnectionLimitNote />}
    />
  );
}

/** What clients say of themselves crosses no link, so that no recording holds it. */
function NotRecorded() {
  return (
    <p className={styles.loading}>
      A recording holds what crossed the wire, not what clients said of themselves. Click an arrow
      to look closer.
    </p>
  );
}

/** The client's machine, and beside it the replica's own lines. */
function Machine() {
  if (useStore(traceStore, ({ recording }) => recording !== null)) return <NotRecorded />;
  return <MachinePanel beside={(pattern) => <CodePanel of={pattern} />} />;
}

function References() {
  const shown = useStore(viewStore, (view) => view.shown);
  return shownPatterns(shown).map((pattern) => <ReferenceRail key={pattern} pattern={pattern} />);
}
