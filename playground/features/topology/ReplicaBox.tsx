/** One replica in the strip: what it holds, its state in words, and what can be done to it. */
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Text,
} from "react-aria-components";
import type { Replica } from "../../../shared/contracts/control.ts";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { type ReplicaAction, useCommands } from "../../stores/commands.ts";
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
  const { actOnReplica } = useCommands();
  const [isPending, run] = usePending();
  const nowMs = useEpoch(replica.state === "restarting");
  const state = stateWords(replica, nowMs);
  const counts = countWords(pattern, replica);
  const said = isPending ? "…" : (state ?? counts);
  return (
    <MenuTrigger>
      <Button
        className={cx(styles.box, styles.replica)}
        data-state={replica.state}
        aria-label={`Replica ${replica.id}: ${state ?? "ready"}, ${counts}`}
        style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      >
        <span className={styles.boxName}>
          {detail === "number" ? lastPart(replica.id) : replica.id}
        </span>
        {detail !== "number" && (
          <span className={styles.count}>{detail === "full" ? said : shortly(said)}</span>
        )}
      </Button>
      <Popover className={cx(styles.popover)} offset={5}>
        <Menu
          className={cx(styles.menu)}
          onAction={(key) => run(() => actOnReplica(replica.id, key as ReplicaAction))}
        >
          <MenuSection>
            <Header className={styles.menuHead}>{headOf(replica, state ?? "ready", counts)}</Header>
            {offeredActions(replica.state).map(({ action, label, explain }) => (
              <MenuItem key={label} id={action} textValue={label} className={cx(styles.menuItem)}>
                <Text slot="label">{label}</Text>
                <Text slot="description" className={styles.explain}>
                  {explain}
                </Text>
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

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
