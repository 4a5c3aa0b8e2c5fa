/** How many there are: a number that can be typed, and buttons that add or take some. */
import { Button as AriaButton, Input, Label, NumberField } from "react-aria-components";
import { Button } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import { useDraft } from "../../ui/use-draft.ts";
import styles from "./CountRow.module.css";

interface CountRowProps {
  label: string;
  value: number;
  max: number;
  /** Besides − and +: how many more at a press. */
  steps?: readonly number[];
  hint?: string;
  onChange: (count: number) => Promise<unknown>;
}

export function CountRow({ label, value, max, steps = [], hint, onChange }: CountRowProps) {
  const draft = useDraft(value, onChange);
  const set = (count: number) => {
    if (Number.isFinite(count)) draft.set(Math.min(max, Math.max(0, count)));
  };
  return (
    <div className={styles.count} title={hint} aria-busy={draft.isPending}>
      <NumberField
        value={draft.shown}
        minValue={0}
        maxValue={max}
        onChange={set}
        className={cx(styles.field)}
        data-pending={draft.isPending || undefined}
      >
        <Label className={cx(styles.label)}>{label}</Label>
        <AriaButton slot="decrement" className={cx(styles.step)}>
          −
        </AriaButton>
        <Input className={cx(styles.input)} />
        <AriaButton slot="increment" className={cx(styles.step)}>
          +
        </AriaButton>
      </NumberField>
      {steps.length > 0 && (
        <div className={styles.steps}>
          {steps.map((step) => (
            <Button
              key={step}
              small
              aria-label={`${label}: ${step} more`}
              isDisabled={draft.shown >= max}
              onPress={() => set(draft.shown + step)}
            >
              +{step}
            </Button>
          ))}
          <Button
            small
            aria-label={`${label}: none`}
            isDisabled={draft.shown === 0}
            onPress={() => set(0)}
          >
            none
          </Button>
        </div>
      )}
    </div>
  );
}
