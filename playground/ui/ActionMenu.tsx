/** A button that opens a menu of things to do, each with a word and a line that explains it. */
import type { CSSProperties, ReactNode } from "react";
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Text,
} from "react-aria-components";
import styles from "./ActionMenu.module.css";
import { cx } from "./cx.ts";

export interface MenuAction {
  id: string;
  label: string;
  explain: string;
}

export interface MenuGroup {
  title: string;
  actions: readonly MenuAction[];
}

interface ActionMenuProps {
  /** What the button is, read aloud. */
  name: string;
  className?: string | undefined;
  style?: CSSProperties;
  /** Facts that the button's looks depend on. */
  data?: Record<`data-${string}`, string | boolean | undefined>;
  children: ReactNode;
  groups: readonly MenuGroup[];
  onAction(id: string): void;
}

export function ActionMenu({
  name,
  className,
  style,
  data,
  children,
  groups,
  onAction,
}: ActionMenuProps) {
  return (
    <MenuTrigger>
      <Button className={cx(className)} aria-label={name} {...(style && { style })} {...data}>
        {children}
      </Button>
      <Popover className={cx(styles.popover)} offset={5}>
        <Menu className={cx(styles.menu)} onAction={(key) => onAction(String(key))}>
          {groups
            .filter(({ actions }) => actions.length > 0)
            .map(({ title, actions }) => (
              <MenuSection key={title}>
                <Header className={styles.head}>{title}</Header>
                {actions.map(({ id, label, explain }) => (
                  <MenuItem key={id} id={id} textValue={label} className={cx(styles.item)}>
                    <Text slot="label">{label}</Text>
                    <Text slot="description" className={styles.explain}>
                      {explain}
                    </Text>
                  </MenuItem>
                ))}
              </MenuSection>
            ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
