/** One replica in the strip: what it holds, its state in words, and what can be done to it. */
import type { Replica } from "../../../shared/contracts/control.ts";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { useCommands } from "../../stores/commands.ts";
import { ActionMenu } from "../../ui/ActionMenu.tsx";
import { cx } from "../../ui/cx.ts";
import { bytesWords, durationWords } from "../../ui/numbers.ts";
import { usePending } from "../../ui/use-pending.ts";
import type { Box, Detail } from "./places.ts";
import { countWords, offeredActions, stateWords } from "./replica-words.ts";
import styles from "./Topology.module.css";
import { useEpoch } from "./use-epoch.ts";

interface ReplicaBoxProps {
  pattern: Pattern;
  replica: Replica;
  box: Box;
  detail: Detail;
}

export function ReplicaBox({ pattern, replica, box, detail }: ReplicaBoxProps) {
  const { actOnReplica, addFault } = useCommands();
  const [isPending, run] = usePending();
  const nowMs = useEpoch(replica.state === "restarting");
  const state = stateWords(replica, nowMs);
  const counts = countWords(pattern, replica);
  const said = isPending ? "…" : (state ?? counts);
  const offers = offeredActions(replica.state);
  const act = (id: string): void => {
    const offer = offers.find(({ label }) => label === id);
    if (offer !== undefined) run(() => actOnReplica(replica.id, offer.action));
    else void addFault({ kind: "freeze", target: `replica:${replica.id}`, forMs: FREEZE_MS });
  };
  return (
    <ActionMenu
      name={`Replica ${replica.id}: ${state ?? "ready"}, ${counts}`}
      className={cx(styles.box, styles.replica)}
      data={{ "data-state": replica.state }}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      groups={[
        {
          title: headOf(replica, state ?? "ready", counts),
          actions: offers.map(({ label, explain }) => ({ id: label, label, explain })),
        },
        { title: "For a while", actions: replica.state === "ready" ? [FREEZE_FOR] : [] },
      ]}
      onAction={act}
    >
      <span className={styles.boxName}>
        {detail === "number" ? lastPart(replica.id) : replica.id}
      </span>
      {detail !== "number" && (
        <span className={styles.count}>{detail === "full" ? said : shortly(said)}</span>
      )}
    </ActionMenu>
  );
}

const FREEZE_MS = 10_000;
const FREEZE_FOR = {
  id: "freeze 10 s",
  label: "Freeze 10 s",
  explain: "It stands still, then runs again by itself.",
};

function headOf(replica: Replica, state: string, counts: string): string {
  const facts = [`${replica.id} · ${state}`, counts];
  if (replica.pid !== undefined) facts.push(`pid ${replica.pid}`);
  if (replica.rssBytes !== undefined) facts.push(bytesWords(replica.rssBytes));
  if (replica.loopLagMs !== undefined) facts.push(`loop lag ${durationWords(replica.loopLagMs)}`);
  if (replica.restarts > 0) facts.push(`restarted ${replica.restarts}×`);
  if (replica.note !== undefined) facts.push(replica.note);
  return facts.join(" · ");
}

/** `334 parked · 3%` → `334`; words of a state stay. */
function shortly(words: string): string {
  return words.replace(/ (parked|sockets).*$/, "");
}

function lastPart(id: string): string {
  return id.split("-").at(-1) ?? id;
}
