/**
 * One client as its user would see it: what it is doing, how often it updated its screen, and the
 * messages it shows. All of it is what the client reports, not what the wire shows; it is drawn
 * hollow for that.
 */
import { Zap } from "lucide-react";
import { useState } from "react";
import type { ChatMessage } from "../../../shared/contracts/chat-message.ts";
import { clientState } from "../../stores/client-state.ts";
import type { SeenClient } from "../../stores/clients-store.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { useLinkFaults } from "../../stores/use-link-faults.ts";
import { showMachine } from "../../stores/view-store.ts";
import { ActionMenu } from "../../ui/ActionMenu.tsx";
import { clientName } from "../../ui/names.ts";
import { counted } from "../../ui/numbers.ts";
import { useNow } from "../../ui/use-now.ts";
import styles from "./ClientCard.module.css";

const SHOWN_MESSAGES = 3;

export function ClientCard({ client }: { client: SeenClient }) {
  useNow(250);
  const state = clientState(client, traceStore.getState().wireNow());
  return (
    <li className={styles.card} data-pattern={client.pattern}>
      <div className={styles.head}>
        <button
          type="button"
          className={styles.name}
          title="Show its machine: its states, what it waits for, what led where."
          onClick={() => showMachine(client.id)}
        >
          {clientName(client.id)}
        </button>
        <Line client={client} />
        <span className={styles.state} data-troubled={state.isTroubled || undefined}>
          {state.word} {state.progress}
        </span>
      </div>
      <div className={styles.bar} aria-hidden="true" data-idle={state.left === null || undefined}>
        {state.left !== null && (
          <span className={styles.left} style={{ transform: `scaleX(${state.left})` }} />
        )}
      </div>
      {client.note !== undefined && <p className={styles.note}>{client.note}</p>}
      <Messages messages={client.messages} />
      <Counts client={client} />
    </li>
  );
}

/** What can be done to its line to the balancer, and what is. */
function Line({ client }: { client: SeenClient }) {
  const link = { from: `client:${client.id}`, to: `balancer:${client.pattern}` } as const;
  const { inForce, groups, act } = useLinkFaults(link);
  const isFaulty = inForce.length > 0;
  const name = clientName(client.id);
  return (
    <ActionMenu
      name={
        isFaulty ? `Line of ${name}, faulty: ${inForce.join("; ")}` : `Break the line of ${name}`
      }
      className={styles.line}
      data={{ "data-faulty": isFaulty || undefined }}
      groups={groups}
      onAction={act}
    >
      <Zap aria-hidden />
    </ActionMenu>
  );
}

function Messages({ messages }: { messages: readonly ChatMessage[] }) {
  const newest = messages.slice(-SHOWN_MESSAGES);
  if (newest.length === 0) return <p className={styles.empty}>no messages yet</p>;
  return (
    <ol className={styles.messages} aria-label="Its newest messages">
      {newest.map((message) => (
        <li key={message.id} className={styles.message}>
          <span className={styles.id}>{message.id}</span>
          <span className={styles.text}>{message.text}</span>
          <span className={styles.server}>{message.server}</span>
        </li>
      ))}
    </ol>
  );
}

function Counts({ client }: { client: SeenClient }) {
  const [atFirst] = useState(client.updates);
  const isPolling = client.pattern === "long-polling";
  return (
    <p className={styles.counts}>
      {/* A new key starts its flash anew; what it had when the card came is no news. */}
      <span
        key={client.updates}
        data-new={client.updates !== atFirst || undefined}
        className={styles.updates}
        title="How often it updated its list: “Update UI” of the reference."
      >
        ◇ {counted(client.updates, "UI update")}
      </span>
      {isPolling && (
        <span title="Empty answers, after which it changed nothing: “No UI update”.">
          {counted(client.idleAnswers, "empty answer")}
        </span>
      )}
      <span>{counted(client.requests, isPolling ? "request" : "connection")}</span>
      <span className={styles.source}>as the client reports</span>
    </p>
  );
}
