/** A button with words, and one that is only an icon (its name is read and shown as a tooltip). */
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  type ButtonProps,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";
import styles from "./Button.module.css";
import { cx } from "./cx.ts";

export interface PlainButtonProps extends Omit<ButtonProps, "className" | "style"> {
  look?: "plain" | "main" | "quiet" | "bad";
  small?: boolean;
  children: ReactNode;
}

export function Button({ look = "plain", small = false, ...props }: PlainButtonProps) {
  return (
    <AriaButton {...props} className={cx(styles.button, styles[look], small && styles.small)} />
  );
}

export interface IconButtonProps extends Omit<PlainButtonProps, "aria-label"> {
  name: string;
  /** The key that does the same, shown in the tooltip. */
  hotkey?: string;
}

export function IconButton({
  name,
  hotkey,
  look = "quiet",
  small = false,
  ...props
}: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <AriaButton
        {...props}
        aria-label={name}
        {...(hotkey === undefined ? {} : { "aria-keyshortcuts": hotkey })}
        className={cx(styles.button, styles.icon, styles[look], small && styles.small)}
      />
      <Tooltip className={cx(styles.tooltip)} offset={6}>
        {name}
        {hotkey !== undefined && <kbd className={styles.key}>{hotkey}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
