/** A setting that is on or off, its name on the left and a switch on the right. */
import { Switch } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./SwitchRow.module.css";

interface SwitchRowProps {
  label: string;
  value: boolean;
  hint?: string;
  isPending: boolean;
  isDisabled?: boolean;
  onChange: (value: boolean) => void;
}

export function SwitchRow({ label, value, hint, isPending, isDisabled, onChange }: SwitchRowProps) {
  return (
    <div title={hint} aria-busy={isPending}>
      <Switch
        isSelected={value !== isPending}
        isDisabled={isDisabled ?? false}
        // Not disabled while pending: that would take the focus away from under the keyboard.
        onChange={(next) => {
          if (!isPending) onChange(next);
        }}
        className={cx(styles.row)}
      >
        <span className={styles.label}>{label}</span>
        <span className={styles.state}>{value ? "on" : "off"}</span>
        <span className={styles.track} />
      </Switch>
    </div>
  );
}
