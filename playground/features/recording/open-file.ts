/** Opens a file that somebody chose or dropped, or says why not; what is shown stays until it is read. */
import { RecordingReader, RecordingRefused } from "../../../shared/trace/recording-reader.ts";
import { notify } from "../../stores/notices-store.ts";
import type { OpenRecording } from "../../stores/open-recording.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { bytesWords } from "../../ui/numbers.ts";
import type { Told } from "./file-worker.ts";

/** Of 200,000 events; more is no recording that could be shown, whatever it holds. */
const MAX_BYTES = 512 * 1_024 * 1_024;
const KEY = "open recording";

export async function openRecordingFile(file: File): Promise<void> {
  try {
    traceStore.getState().openRecording(await readFile(file));
  } catch (error) {
    traceStore.setState({ opening: null });
    if (!(error instanceof RecordingRefused)) console.error("no recording", error);
    notify({
      key: KEY,
      tone: "bad",
      text: `“${shortName(file.name)}” was not opened.`,
      advice: error instanceof RecordingRefused ? error.message : "It could not be read.",
    });
  }
}

async function readFile(file: File): Promise<OpenRecording> {
  if (file.size > MAX_BYTES) {
    throw new RecordingRefused(`It is too large: ${bytesWords(file.size)}.`);
  }
  const reader = new RecordingReader();
  for await (const text of textOf(file)) {
    reader.push(text);
    // It is a recording: the stage gets the room it will have, so that all is folded for it once.
    if (traceStore.getState().opening === null) {
      traceStore.setState({ opening: file.name });
      await twoFrames();
    }
  }
  const recording = reader.end();
  if (recording.isCutShort) {
    notify({
      key: KEY,
      tone: "info",
      text: `“${shortName(file.name)}” ends in the middle of a line.`,
      advice: "It opened without that line; a hop or more at its end is missing.",
    });
  }
  return { ...recording, name: file.name };
}

/** Its text in pieces, as they come. Whoever stops listening ends the reading. */
async function* textOf(file: File): AsyncGenerator<string> {
  const worker = new Worker(new URL("./file-worker.ts", import.meta.url), { type: "module" });
  const told: Told[] = [];
  let wake = () => {};
  worker.onmessage = ({ data }: MessageEvent<Told>) => {
    told.push(data);
    wake();
  };
  worker.onerror = () => {
    told.push(false);
    wake();
  };
  try {
    worker.postMessage(file);
    for (;;) {
      while (told.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const text = told.shift();
      if (text === null) return;
      if (typeof text !== "string") throw new Error("The file could not be read.");
      yield text;
    }
  } finally {
    worker.terminate();
  }
}

/** Until what has changed is laid out; not for ever where nothing is drawn. */
function twoFrames(): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, 150);
    requestAnimationFrame(() => requestAnimationFrame(() => done()));
  });
}

function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

/** Lets a person choose one. */
export function chooseRecording(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".jsonl,application/jsonl";
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file !== undefined) void openRecordingFile(file);
  };
  input.click();
}
