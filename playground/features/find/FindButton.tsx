/** Looks for hops by text, from one to the next, and leaves lifelines out. Opened by its button or by “/”. */
import { ChevronDown, ChevronUp, Search } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useStore } from "zustand";
import { matchesOf } from "../../stores/search.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import buttonStyles from "../../ui/Button.module.css";
import { IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import { SwitchRow } from "../../ui/SwitchRow.tsx";
import styles from "./Find.module.css";

export function FindButton() {
  return (
    <DialogTrigger>
      <Button
        id="find-button"
        aria-label="Find hops, and choose lifelines"
        aria-keyshortcuts="/"
        className={cx(buttonStyles.button, buttonStyles.icon, buttonStyles.quiet)}
      >
        <Search aria-hidden />
      </Button>
      <Popover className={cx(styles.popover)} placement="top end" offset={6} isNonModal>
        <Dialog className={cx(styles.dialog)} aria-label="Find hops">
          <Find />
          <Lifelines />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Find() {
  const [query, setQuery] = useState("");
  const { diagram, rowsShown } = useStore(traceStore);
  const selected = useStore(viewStore, (view) => view.selected);
  const { sequence } = diagram;
  const { rows } = sequence;
  const end = rowsShown();
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change in place, and their number says so.
  const found = useMemo(
    () => matchesOf(rows.slice(0, end), query),
    [sequence, rows.length, end, query],
  );
  const row = selected === null ? undefined : sequence.rowOf(selected);
  const here = row === undefined ? -1 : found.findIndex((index) => rows[index] === row);
  const go = (by: 1 | -1) => {
    const next = here === -1 && by === 1 ? 0 : (here + by + found.length) % found.length;
    const hop = rows[found.at(here === -1 && by === -1 ? -1 : next) ?? -1];
    if (hop?.kind === "hop") viewStore.setState({ selected: hop.event.seq });
  };
  return (
    <search className={styles.find}>
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to type into it.
        autoFocus
        className={styles.text}
        aria-label="Find"
        placeholder="lunch?, lp-1, PUBLISH, #1204"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && found.length > 0) go(event.shiftKey ? -1 : 1);
        }}
      />
      <span className={styles.count} role="status">
        {countWords(query, here, found.length)}
      </span>
      <IconButton
        small
        name="The one before"
        isDisabled={found.length === 0}
        onPress={() => go(-1)}
      >
        <ChevronUp aria-hidden />
      </IconButton>
      <IconButton small name="The next one" isDisabled={found.length === 0} onPress={() => go(1)}>
        <ChevronDown aria-hidden />
      </IconButton>
    </search>
  );
}

function countWords(query: string, here: number, count: number): string {
  if (query.trim() === "") return "";
  if (count === 0) return "none";
  return here === -1 ? wholeNumber(count) : `${wholeNumber(here + 1)} of ${wholeNumber(count)}`;
}

function Lifelines() {
  const { balancerShown, brokerShown, storeShown } = useStore(viewStore);
  return (
    <div className={styles.lifelines}>
      <SwitchRow
        label="Balancers"
        value={balancerShown}
        isPending={false}
        onChange={(is) => viewStore.setState({ balancerShown: is })}
      />
      <SwitchRow
        label="Broker"
        value={brokerShown}
        isPending={false}
        onChange={(is) => viewStore.setState({ brokerShown: is })}
      />
      <SwitchRow
        label="Message store"
        value={storeShown}
        isPending={false}
        onChange={(is) => viewStore.setState({ storeShown: is })}
      />
    </div>
  );
}
