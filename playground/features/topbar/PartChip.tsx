/** Which broker or message store is in use and whether it answers; a press tells the rest. */
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { Part } from "../../../shared/contracts/control.ts";
import { cx } from "../../ui/cx.ts";
import styles from "./PartChip.module.css";

interface PartChipProps {
  serves: "broker" | "store";
  product: string;
  part: Part;
}

const ROLE_WORDS = { broker: "Broker (Pub/Sub, keeps nothing)", store: "Message store" };

export function PartChip({ serves, product, part }: PartChipProps) {
  const isEmbedded = part.kind === "embedded";
  const place = isEmbedded ? "embedded" : hostOf(part.url);
  return (
    <DialogTrigger>
      <Button className={cx(styles.chip)} data-state={part.state}>
        <span aria-hidden className={styles.light} />
        <span className={styles.product}>{product}</span>
        <span className={styles.place}>{part.state === "down" ? "✕ down" : place}</span>
      </Button>
      <Popover className={cx(styles.popover)} offset={6}>
        <Dialog aria-label={ROLE_WORDS[serves]} className={cx(styles.dialog)}>
          <h2 className={styles.title}>{ROLE_WORDS[serves]}</h2>
          <dl className={styles.facts}>
            <dt>In use</dt>
            <dd>{part.note === "" ? `${product}, ${place}` : part.note}</dd>
            <dt>Address</dt>
            <dd className={styles.mono}>{part.url}</dd>
            <dt>State</dt>
            <dd>{part.state === "up" ? "answers" : "✕ does not answer"}</dd>
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** `127.0.0.1:6379` of a URL; the URL itself where it has no host. */
function hostOf(url: string): string {
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}
