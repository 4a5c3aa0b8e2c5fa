/**
 * One client's machine, live: the statechart that it runs, where it is in it, how long it still
 * waits, and what it did last. All of it is what the client reports; the wire shows the rest.
 */
import type { ReactNode } from "react";
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { STATE_WORDS } from "../../../shared/patterns/state-words.ts";
import { CLIENT_CHARTS } from "../../../shared/patterns/statechart.ts";
import { clientState, stateWord } from "../../stores/client-state.ts";
import { clientsStore, everyClient, type SeenClient } from "../../stores/clients-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { clientName } from "../../ui/names.ts";
import { durationWords, wholeNumber } from "../../ui/numbers.ts";
import { Select } from "../../ui/Select.tsx";
import { useNow } from "../../ui/use-now.ts";
import { MachineChart } from "./MachineChart.tsx";
import styles from "./MachinePanel.module.css";
import { type SeenMove, useMoves } from "./use-moves.ts";

const LIT_MS = 1_500;

/** `beside`: what stands below the machine, for a pattern; the replica's side of it. */
export function MachinePanel({ beside }: { beside: (pattern: Pattern) => ReactNode }) {
  const { clients, client } = useChosenClient();
  const moves = useMoves(client?.id);
  if (client === undefined) {
    return (
      <p className={styles.empty}>
        No client says what it does. Add some on the left, or join from this tab.
      </p>
    );
  }
  return (
    <div className={styles.panel} data-pattern={client.pattern}>
      <div className={styles.bar}>
        <Select
          label="Client"
          value={client.id}
          options={clients.map(({ id, pattern }) => ({
            value: id,
            label: `${clientName(id)} · ${PATTERN_NAMES[pattern]}`,
          }))}
          onChange={(id) => viewStore.setState({ client: id })}
        />
      </div>
      <Live client={client} moves={moves} />
      {beside(client.pattern)}
    </div>
  );
}

function Live({ client, moves }: { client: SeenClient; moves: readonly SeenMove[] }) {
  useNow(100);
  const wireMs = traceStore.getState().wireNow();
  const chart = CLIENT_CHARTS[client.pattern];
  const state = clientState(client, wireMs);
  const [newest] = moves;
  const isFresh = newest !== undefined && wireMs - newest.atMs < LIT_MS;
  const stays = chart.states.find(({ name }) => name === client.state)?.stays ?? [];
  return (
    <>
      <MachineChart
        chart={chart}
        current={client.state}
        state={state}
        taken={isFresh ? newest : undefined}
      />
      <p className={styles.words}>
        <b>{state.word}.</b> {STATE_WORDS[client.pattern][client.state]}
        {stays.length > 0 && ` It stays on: ${stays.join(", ")}.`}
      </p>
      <dl className={styles.facts}>
        <Fact name="cursor" value={wholeNumber(client.cursor)} />
        <Fact
          name={client.pattern === "long-polling" ? "polls" : "connections"}
          value={wholeNumber(client.requests)}
        />
        <Fact name="updates" value={wholeNumber(client.updates)} />
        {client.pattern === "long-polling" && (
          <Fact name="empty answers" value={wholeNumber(client.idleAnswers)} />
        )}
      </dl>
      <Moves moves={moves} wireMs={wireMs} />
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Moves({ moves, wireMs }: { moves: readonly SeenMove[]; wireMs: number }) {
  if (moves.length === 0) {
    return <p className={styles.quiet}>◇ It has not moved since you look. Send a message.</p>;
  }
  return (
    <ol className={styles.moves} aria-label="Its newest moves">
      {moves.map(({ id, from, to, times, words, atMs }) => (
        <li key={id}>
          <span className={styles.way}>
            {from === to ? `${stateWord(from)} ↻` : `${stateWord(from)} → ${stateWord(to)}`}
            {times > 1 && ` ×${times}`}
          </span>
          <span className={styles.what} title={words}>
            {words}
          </span>
          <span className={styles.ago}>{durationWords(Math.max(100, wireMs - atMs))} ago</span>
        </li>
      ))}
    </ol>
  );
}

/** The chosen client, else the first of the shown patterns. */
function useChosenClient(): { clients: readonly SeenClient[]; client: SeenClient | undefined } {
  const all = useStore(clientsStore);
  const chosen = useStore(viewStore, (view) => view.client);
  const patterns = shownPatterns(useStore(viewStore, (view) => view.shown));
  const clients = everyClient(all);
  const client =
    clients.find(({ id }) => id === chosen) ??
    clients.find(({ pattern }) => patterns.includes(pattern));
  return { clients, client };
}
