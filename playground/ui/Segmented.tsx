/** One choice of a few, all visible: a radio group drawn as a segmented bar. */
import type { ReactNode } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./Segmented.module.css";

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  /** Read instead of the label, where that is short. */
  name?: string;
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
}

export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, value, choices, onChange, isDisabled = false } = props;
  return (
    <RadioGroup
      aria-label={label}
      orientation="horizontal"
      value={value}
      onChange={(next) => onChange(next as T)}
      isDisabled={isDisabled}
      className={cx(styles.group)}
    >
      {choices.map((choice) => (
        <Radio
          key={choice.value}
          value={choice.value}
          {...(choice.name === undefined ? {} : { "aria-label": choice.name })}
          className={cx(styles.choice)}
        >
          {choice.label}
        </Radio>
      ))}
    </RadioGroup>
  );
}
