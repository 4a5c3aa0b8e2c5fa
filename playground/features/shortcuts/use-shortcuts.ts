/** Listens for the page's keys, except while somebody types, or a menu or dialog has them. */
import { useEffect } from "react";
import { SHORTCUTS } from "./shortcuts.ts";

const OWN_KEYS =
  "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]";

export function useShortcuts(openHelp: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(OWN_KEYS) !== null) return;
      const shortcut = SHORTCUTS.find(({ key }) => key === event.key);
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.run({ openHelp });
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [openHelp]);
}
