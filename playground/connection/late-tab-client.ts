/** The tab's own client, loaded when somebody first joins: the first paint needs no state machines. */
import type { Pattern } from "../../shared/contracts/ids.ts";
import { notify } from "../stores/notices-store.ts";

async function withTabClient(
  act: (client: typeof import("./tab-client.ts")) => void,
): Promise<void> {
  try {
    act(await import("./tab-client.ts"));
  } catch (error) {
    console.error("no tab client", error);
    notify({
      key: "tab client",
      tone: "bad",
      text: "This tab cannot be a client: its program did not load.",
      advice: "Check that “npm start” still runs, then reload the page.",
    });
  }
}

export function joinTab(pattern: Pattern): void {
  void withTabClient((client) => client.joinTab(pattern));
}

export function leaveTab(pattern: Pattern): void {
  void withTabClient((client) => client.leaveTab(pattern));
}
