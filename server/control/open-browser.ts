/** Opens the page in the person's browser, by the platform's own command, if there is a screen. */
import { spawn } from "node:child_process";
import type { Log } from "./log.ts";

function commandFor(url: string): [string, string[]] {
  if (process.platform === "darwin") return ["open", [url]];
  if (process.platform === "win32")
    return ["cmd", ["/c", "start", '""', url.replaceAll("&", "^&")]];
  return ["xdg-open", [url]];
}

export function hasScreen(env: NodeJS.ProcessEnv): boolean {
  if (env.CI) return false;
  const needsDisplay = process.platform !== "darwin" && process.platform !== "win32";
  return !needsDisplay || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** A browser that does not open is no failure: the address has been printed. */
export function openBrowser(url: string, log: Log): void {
  const [command, args] = commandFor(url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", (error) => log.info({ error }, "no browser could be opened"));
  child.unref();
}
