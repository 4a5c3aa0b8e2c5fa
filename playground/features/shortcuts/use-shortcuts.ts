/** Listens to the page's keys; never while someone types or a dialog is open. */
import { useEffect } from "react";
import { SHORTCUTS } from "./shortcuts.ts";

export interface Actions {
  openHelp(): void;
  /** Holds the traffic, or lets it go. */
  toggleHold(): void;
  stepNext(): void;
}

/** `actions`: each the same function as long as it does the same. */
export function useShortcuts({ openHelp, toggleHold, stepNext }: Actions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isBusy(event.target)) return;
      const action = { "?": openHelp, h: toggleHold, n: stepNext }[event.key];
      if (action !== undefined) action();
      else {
        const shortcut = SHORTCUTS.find(({ key }) => key === event.key);
        if (shortcut === undefined) return;
        shortcut.run();
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [openHelp, toggleHold, stepNext]);
}

/** Keys belong to what has the focus, where that takes text or is an overlay. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=dialog], [role=menu], [role=listbox]")) {
    return true;
  }
  if (target instanceof HTMLInputElement) return target.type !== "range" && target.type !== "radio";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
