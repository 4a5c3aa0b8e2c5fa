/** The left column for a server that is not ours: where it is and how it is watched. Nothing of it can be set. */
import type { Target } from "../../../shared/contracts/control.ts";
import { useCommands } from "../../stores/commands.ts";
import { useTarget } from "../../stores/target.ts";
import { Confirm } from "../../ui/Confirm.tsx";
import { usePending } from "../../ui/use-pending.ts";
import styles from "./Target.module.css";

export function TargetControls() {
  const target = useTarget();
  const { reset } = useCommands();
  const [isResetting, runReset] = usePending();
  if (target === undefined) return null;
  return (
    <div>
      <section className={styles.section} aria-labelledby="target-title" data-pattern="target">
        <h2 id="target-title" className={styles.title}>
          <span aria-hidden className={styles.swatch} />
          Your server
        </h2>
        <Facts target={target} />
      </section>
      <section className={styles.section}>
        <p className={styles.note}>
          It is yours: nothing here starts, stops or changes it, and its bytes pass as they are. Its
          traffic can be held and stepped; its own timers go on meanwhile.
        </p>
        <Confirm
          label="Reset figures"
          question="Empty the diagram and set all figures to zero? Your server does not notice."
          act="Reset"
          isPending={isResetting}
          onConfirm={() => runReset(reset)}
        />
      </section>
    </div>
  );
}

function Facts({ target }: { target: Target }) {
  const { url, server, broker, replicas } = target;
  const [replica] = replicas;
  const isUp = replica?.state === "ready";
  return (
    <dl className={styles.facts}>
      <dt>Runs at</dt>
      <dd>
        <code>{server}</code>
        <span className={styles.state} data-up={isUp}>
          {isUp ? "answers" : replica?.state === "starting" ? "looking …" : "✕ no answer"}
        </span>
      </dd>
      <dt>Clients use</dt>
      <dd>
        <a href={url} target="_blank" rel="noreferrer">
          <code>{url}</code>
        </a>
      </dd>
      <dt>Its Redis</dt>
      <dd>
        {broker === undefined ? (
          <span className={styles.note}>
            not watched; start with <code>--broker HOST:PORT</code>
          </span>
        ) : (
          <>
            <code>{broker.tap}</code>
            <span className={styles.note}>
              leads to <code>{broker.address}</code>
            </span>
          </>
        )}
      </dd>
    </dl>
  );
}
