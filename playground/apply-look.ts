/** Puts theme and projector mode on the document, now and as view or system change. */
import { viewStore } from "./stores/view-store.ts";

export function applyLook(): void {
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme, projector } = viewStore.getState();
    const system = prefersDark.matches ? "dark" : "light";
    const { dataset } = document.documentElement;
    dataset.theme = theme === "system" ? system : theme;
    dataset.projector = String(projector);
  };
  prefersDark.addEventListener("change", apply);
  viewStore.subscribe(apply);
  apply();
}
