/** The page's frame: what stands where. Features know nothing of each other; they meet here. */
import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import styles from "./app.module.css";
import { welcome } from "./connection/commands.ts";
import { Controls } from "./features/controls/Controls.tsx";
import { FaultsBar } from "./features/faults/FaultsBar.tsx";
import { Figures } from "./features/figures/Figures.tsx";
import { FindButton } from "./features/find/FindButton.tsx";
import { FollowChip } from "./features/find/FollowChip.tsx";
import { Banners } from "./features/notices/Banners.tsx";
import { Notices } from "./features/notices/Notices.tsx";
import { FileDrop } from "./features/recording/FileDrop.tsx";
import { RecordingBar } from "./features/recording/RecordingBar.tsx";
import { RecordingMenu } from "./features/recording/RecordingMenu.tsx";
import { ReferenceRail } from "./features/reference/ReferenceRail.tsx";
import { SendBox } from "./features/send/SendBox.tsx";
import { ShortcutsSheet } from "./features/shortcuts/ShortcutsSheet.tsx";
import { useShortcuts } from "./features/shortcuts/use-shortcuts.ts";
import { stageSvg } from "./features/stage/export-svg.ts";
import { Stage } from "./features/stage/Stage.tsx";
import { TargetControls } from "./features/target/TargetControls.tsx";
import { TargetDoor } from "./features/target/TargetDoor.tsx";
import { TargetFigures } from "./features/target/TargetFigures.tsx";
import { TopBar } from "./features/topbar/TopBar.tsx";
import { TargetStrip } from "./features/topology/TargetStrip.tsx";
import { Topology } from "./features/topology/Topology.tsx";
import { HoldDrawer } from "./features/transport/HoldDrawer.tsx";
import { TransportBar } from "./features/transport/TransportBar.tsx";
import { FirstMinute } from "./features/welcome/FirstMinute.tsx";
import { SidePanel } from "./side-panel.tsx";
import { clusterStore } from "./stores/cluster-store.ts";
import { useCommands } from "./stores/commands.ts";
import { holdStore } from "./stores/hold-store.ts";
import { traceStore } from "./stores/trace-store.ts";
import { shownPatterns, viewStore } from "./stores/view-store.ts";
import { useMedia } from "./ui/use-media.ts";

/** From this width the reference diagrams stand beside the live ones; below, they are a tab. */
const RAIL_FROM = "(min-width: 1600px)";

export function App() {
  const { shown, projector, controlsShown, panelShown } = useStore(viewStore);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isFirst, setFirst] = useWelcome();
  const isWide = useMedia(RAIL_FROM);
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useKeys(openHelp);
  useTheme();
  const isRecording = useStore(
    traceStore,
    ({ opening, recording }) => opening !== null || recording !== null,
  );
  const isTarget = shown === "target";
  return (
    <div className={styles.app}>
      <TopBar onHelp={openHelp} />
      <Banners />
      <FaultsBar />
      <div className={styles.body}>
        {controlsShown && !projector && !isRecording && (
          <aside className={styles.controls} aria-label="Controls">
            {isTarget ? <TargetControls /> : <Controls />}
          </aside>
        )}
        <main className={styles.main}>
          {isRecording ? (
            <RecordingBar />
          ) : isTarget ? (
            <AboveTarget />
          ) : (
            <AboveStage isInviting={isFirst} onSent={() => setFirst(false)} />
          )}
          {isFirst && !isRecording && <FirstMinute onDismiss={() => setFirst(false)} />}
          <div className={styles.stage}>
            <Stage />
            <FollowChip />
          </div>
          <HoldDrawer />
        </main>
        {isWide && !projector && !isTarget && (
          <aside className={styles.rail} aria-label="Reference diagrams">
            {shownPatterns(shown).map((pattern) => (
              <ReferenceRail key={pattern} pattern={pattern} />
            ))}
          </aside>
        )}
        {panelShown && !projector && <SidePanel hasReference={!isWide} />}
      </div>
      <TransportBar
        files={
          <>
            <FindButton />
            <RecordingMenu stageSvg={stageSvg} />
          </>
        }
      />
      <Notices />
      <FileDrop />
      <ShortcutsSheet isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

/** The cluster, the box to send from, and what each pattern costs. */
function AboveStage({ isInviting, onSent }: { isInviting: boolean; onSent: () => void }) {
  const [first, second] = shownPatterns(useStore(viewStore, (view) => view.shown));
  return (
    <>
      <Topology />
      <div className={styles.send}>
        {first !== undefined && <Figures pattern={first} />}
        <SendBox isInviting={isInviting} onSent={onSent} />
        {second === undefined ? <span /> : <Figures pattern={second} alignEnd />}
      </div>
    </>
  );
}

function AboveTarget() {
  return (
    <>
      <TargetStrip />
      <div className={styles.target}>
        <TargetFigures />
        <TargetDoor />
      </div>
    </>
  );
}

function useKeys(openHelp: () => void): void {
  const { hold, step } = useCommands();
  const toggleHold = useCallback(() => {
    if (isLive()) void hold({ held: !holdStore.getState().held });
  }, [hold]);
  const stepNext = useCallback(() => {
    if (isLive() && holdStore.getState().held) void step({ count: 1 });
  }, [step]);
  useShortcuts({ openHelp, toggleHold, stepNext });
}

/** Keys that drive the cluster do nothing while a recording stands in its place. */
function isLive(): boolean {
  return traceStore.getState().recording === null;
}

function useTheme(): void {
  const { theme, projector } = useStore(viewStore);
  const prefersDark = useMedia("(prefers-color-scheme: dark)");
  useEffect(() => {
    const isDark = theme === "dark" || (theme === "system" && prefersDark);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }, [theme, prefersDark]);
  useEffect(() => {
    document.documentElement.dataset.projector = String(projector);
  }, [projector]);
}

/** Whether this page is the first that ever opened, as long as its first minute lasts. */
function useWelcome() {
  const [isFirst, setFirst] = useState(false);
  // A page may be open before the playground is ready: it is welcomed once the feed says so.
  const isUnwelcomed = useStore(
    clusterStore,
    ({ snapshot }) => snapshot?.cluster.welcomed === false,
  );
  useEffect(() => {
    if (isUnwelcomed) void welcome().then((isFirst) => isFirst && setFirst(true));
  }, [isUnwelcomed]);
  return [isFirst, setFirst] as const;
}
