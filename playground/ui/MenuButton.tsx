/** A button that opens a list of things to do, each with a word on what it does. */
import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Text } from "react-aria-components";
import buttonStyles from "./Button.module.css";
import { cx } from "./cx.ts";
import styles from "./MenuButton.module.css";

export interface MenuEntry {
  id: string;
  label: string;
  explain?: string;
  hotkey?: string;
  isDisabled?: boolean;
  run(): void;
}

interface MenuButtonProps {
  name: string;
  entries: readonly MenuEntry[];
  isDisabled?: boolean;
  children: ReactNode;
}

export function MenuButton({ name, entries, isDisabled = false, children }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <Button
        aria-label={name}
        isDisabled={isDisabled}
        className={cx(buttonStyles.button, styles.button)}
      >
        {children}
      </Button>
      <Popover className={cx(styles.popover)} offset={5} placement="top end">
        <Menu
          className={cx(styles.menu)}
          disabledKeys={entries.filter((entry) => entry.isDisabled).map(({ id }) => id)}
          onAction={(key) => entries.find(({ id }) => id === key)?.run()}
        >
          {entries.map(({ id, label, explain, hotkey }) => (
            <MenuItem key={id} id={id} textValue={label} className={cx(styles.item)}>
              <Text slot="label">{label}</Text>
              {hotkey !== undefined && <kbd className={styles.key}>{hotkey}</kbd>}
              {explain !== undefined && (
                <Text slot="description" className={styles.explain}>
                  {explain}
                </Text>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
