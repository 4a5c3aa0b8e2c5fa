/** Who got what: the newest messages, a line each, and the clients that were there, a column each. */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { MessageReceipts, Receipt, ReceiptTable } from "../../../shared/trace/receipts.ts";
import { selectHop } from "../../stores/view-store.ts";
import { participantName } from "../../ui/names.ts";
import { receiptWords } from "./receipt-words.ts";
import styles from "./VerdictPanel.module.css";

export function Receipts({ table: { clients, messages } }: { table: ReceiptTable }) {
  if (messages.length === 0) {
    return <p className={styles.quiet}>No message yet. Send one, and see who gets it.</p>;
  }
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">message</th>
            {clients.map((client) => (
              <th key={client} scope="col">
                {participantName(client)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <Line key={message.key} message={message} clients={clients} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  message: MessageReceipts;
  clients: readonly Participant[];
}

function Line({ message: { key, text, seq, receipts }, clients }: LineProps) {
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          onClick={() => selectHop(seq)}
          title={`${key}: show where it came in`}
        >
          <span className={styles.id}>{key.split("/").at(-1)}</span> {text}
        </button>
      </th>
      {clients.map((client) => {
        const receipt = receipts.get(client);
        return receipt && <Cell key={client} receipt={receipt} client={client} />;
      })}
    </tr>
  );
}

function Cell({ receipt, client }: { receipt: Receipt; client: Participant }) {
  const { cell, sentence, isBad } = receiptWords(receipt, client);
  const { seq } = receipt;
  return (
    <td data-bad={isBad || undefined} title={sentence}>
      {seq === undefined ? (
        cell
      ) : (
        <button type="button" onClick={() => selectHop(seq)} aria-label={sentence}>
          {cell}
        </button>
      )}
    </td>
  );
}
