/** The followed clients, a few cards for each pattern; "Join from this tab" is put in by the app. */

import type { ReactNode } from "react";
import { useStore } from "zustand";
import type { Pattern } from "../../../shared/contracts/ids.ts";
import { PATTERN_NAMES } from "../../../shared/patterns/names.ts";
import { clientsOf, clientsStore } from "../../stores/clients-store.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { shownPatterns, viewStore } from "../../stores/view-store.ts";
import { wholeNumber } from "../../ui/numbers.ts";
import { ClientCard } from "./ClientCard.tsx";
import styles from "./ClientsPanel.module.css";

interface ClientsPanelProps {
  join: (pattern: Pattern) => ReactNode;
  footnote: ReactNode;
}

export function ClientsPanel({ join, footnote }: ClientsPanelProps) {
  const shown = useStore(viewStore, (view) => view.shown);
  return (
    <div className={styles.panel}>
      <p className={styles.lead}>
        What clients say of themselves; the wire cannot see it, so it is drawn hollow (◇).
      </p>
      {shownPatterns(shown).map((pattern) => (
        <PatternClients key={pattern} pattern={pattern} join={join(pattern)} />
      ))}
      {footnote}
    </div>
  );
}

function PatternClients({ pattern, join }: { pattern: Pattern; join: ReactNode }) {
  const state = useStore(clientsStore);
  const fleet = useStore(clusterStore, ({ snapshot }) => snapshot?.fleet[pattern] ?? 0);
  const clients = clientsOf(state, pattern);
  const hidden = fleet - state.fleet.filter((client) => client.pattern === pattern).length;
  return (
    <section
      className={styles.section}
      data-pattern={pattern}
      aria-label={`${PATTERN_NAMES[pattern]} clients`}
    >
      <header className={styles.head}>
        <h3 className={styles.title}>{PATTERN_NAMES[pattern]}</h3>
        {join}
      </header>
      {clients.length === 0 ? (
        <p className={styles.lead}>No clients. Add some on the left, or join from this tab.</p>
      ) : (
        <ul className={styles.cards}>
          {clients.map((client) => (
            <ClientCard key={client.id} client={client} />
          ))}
        </ul>
      )}
      {hidden > 0 && <p className={styles.lead}>and {wholeNumber(hidden)} more, not shown</p>}
    </section>
  );
}
