/**
 * A link that opens at a hop of the journal: the view as the address has it, and where the playhead
 * stands. Who opens it gets the page frozen there; a hop older than the page's window is fetched with
 * the whole journal, which is opened as a recording.
 */
import type { Commands } from "../../stores/commands.ts";
import { notify } from "../../stores/notices-store.ts";
import { seekHop } from "../../stores/playback.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { openRecordingFile } from "./open-file.ts";

const AT = "at";
/** What lets somebody in is not handed on with a link. */
const SECRET = "token";

/** `null` where there is no hop to stand at. */
function linkToHop(address: string): string | null {
  const { diagram, recording, rowsShown } = traceStore.getState();
  const rows = diagram.sequence.rows.slice(0, rowsShown());
  const last = rows.findLast((row) => row.kind === "hop");
  const seq = viewStore.getState().selected ?? (last?.kind === "hop" ? last.event.seq : undefined);
  if (recording !== null || seq === undefined) return null;
  const link = new URL(address);
  link.searchParams.delete(SECRET);
  link.searchParams.set("hop", String(seq));
  link.searchParams.set(AT, String(seq));
  return link.href;
}

export async function copyLink(): Promise<void> {
  const link = linkToHop(location.href);
  if (link === null) return;
  try {
    await navigator.clipboard.writeText(link);
    notify({ key: "link", tone: "info", text: "The link to this hop was copied." });
  } catch {
    // Without leave to write there, a person can still copy it by hand.
    notify({ key: "link", tone: "info", text: link, advice: "Copy it from here." });
  }
}

/** Where the address names a hop to stand at: stands there as soon as there is a trace to stand in. */
export function openLink(journal: Commands["recording"]): void {
  const seq = Number(new URLSearchParams(location.search).get(AT));
  if (!Number.isSafeInteger(seq) || seq <= 0) return;
  const stop = traceStore.subscribe(({ diagram }) => {
    if (diagram.events.size === 0) return;
    stop();
    void standAt(seq, journal);
  });
  const stopAtThaw = viewStore.subscribe(({ frozen }, before) => {
    if (frozen || !before.frozen) return;
    stopAtThaw();
    forget();
  });
}

async function standAt(seq: number, journal: Commands["recording"]): Promise<void> {
  if (seekHop(seq)) return;
  const saved = await journal();
  if (saved !== null) await openRecordingFile(new File([saved], "journal of this playground"));
  if (seekHop(seq)) return;
  viewStore.setState({ frozen: false });
  notify({
    key: "link",
    tone: "bad",
    text: `Hop ${seq} is not in the journal any more.`,
    advice: "It keeps the newest 100,000 hops. A saved recording keeps them for good.",
  });
}

function forget(): void {
  const address = new URL(location.href);
  address.searchParams.delete(AT);
  history.replaceState(null, "", address);
}
