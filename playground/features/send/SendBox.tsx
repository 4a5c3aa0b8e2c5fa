/**
 * Who sends what to whom. On the very first open it invites: it has the focus and a hint. Its
 * arrows draw below within the second.
 */
import { Send } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useStore } from "zustand";
import { MAX_TEXT_BYTES } from "../../../shared/contracts/chat-message.ts";
import { clusterStore } from "../../stores/cluster-store.ts";
import { useCommands } from "../../stores/commands.ts";
import { type Shown, viewStore } from "../../stores/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/Select.tsx";
import { usePending } from "../../ui/use-pending.ts";
import { outgoingOf, refusalOf, senderOptions } from "./outgoing.ts";
import styles from "./SendBox.module.css";

const TO_WORDS: Record<Shown, string> = {
  both: "Send to both",
  "long-polling": "Send",
  "web-sockets": "Send",
  target: "Send",
};

interface SendBoxProps {
  isInviting: boolean;
  onSent: () => void;
}

export function SendBox({ isInviting, onSent }: SendBoxProps) {
  const shown = useStore(viewStore, (view) => view.shown);
  const fleet = useStore(clusterStore, ({ snapshot }) => snapshot?.fleet);
  const { send } = useCommands();
  const [sender, setSender] = useState("1");
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, run] = usePending();
  const field = useRef<HTMLInputElement>(null);
  const refusalId = useId();

  useEffect(() => {
    if (isInviting) field.current?.focus();
  }, [isInviting]);

  const options = senderOptions(shown, fleet);
  const chosen = options.some(({ value }) => value === sender) ? sender : "visitor";
  const submit = () => {
    const refused = refusalOf(text, MAX_TEXT_BYTES);
    setRefusal(refused);
    field.current?.focus();
    if (refused !== null) return;
    run(async () => {
      if (!(await send(outgoingOf(shown, text, chosen)))) return;
      setText("");
      onSent();
    });
  };
  return (
    <form
      className={styles.box}
      aria-label="Send a message"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Select label="Who sends" value={chosen} options={options} onChange={setSender} />
      <input
        ref={field}
        id="send-text"
        className={styles.text}
        data-inviting={(isInviting && text === "") || undefined}
        aria-label="Message"
        aria-invalid={refusal !== null}
        aria-describedby={refusal === null ? undefined : refusalId}
        autoComplete="off"
        placeholder={isInviting ? "Say “lunch?”" : "lunch?"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setRefusal(null);
        }}
      />
      <Button type="submit" look="main" isPending={isPending}>
        <Send aria-hidden />
        {TO_WORDS[shown]}
      </Button>
      {refusal !== null && (
        <p id={refusalId} role="alert" className={styles.refusal}>
          {refusal}
        </p>
      )}
    </form>
  );
}
