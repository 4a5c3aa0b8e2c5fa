/** One choice of several, folded into a button. */
import { ChevronDown } from "lucide-react";
import {
  Select as AriaSelect,
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
} from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./Select.module.css";

export interface Option<T extends string> {
  value: T;
  label: string;
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  isDisabled?: boolean;
  quiet?: boolean;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, options, onChange, isDisabled = false, quiet = false } = props;
  return (
    <AriaSelect
      aria-label={label}
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(String(key) as T)}
      isDisabled={isDisabled}
      className={cx(styles.select)}
    >
      <Button className={cx(styles.button, quiet && styles.quiet)}>
        <SelectValue className={cx(styles.value)} />
        <ChevronDown aria-hidden className={styles.arrow} />
      </Button>
      <Popover className={cx(styles.popover)} offset={4}>
        <ListBox className={cx(styles.list)}>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} className={cx(styles.option)}>
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
