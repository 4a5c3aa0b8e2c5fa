/** Saving and opening, in the transport bar. */
import { FileClock } from "lucide-react";
import { useStore } from "zustand";
import { useCommands } from "../../stores/commands.ts";
import { traceStore } from "../../stores/trace-store.ts";
import { download } from "../../ui/download.ts";
import { MenuButton } from "../../ui/MenuButton.tsx";
import { chooseRecording } from "./open-file.ts";
import { recordingName, saveRecording } from "./save.ts";
import { copyLink } from "./share-link.ts";

/** `stageSvg`: the stage as it is seen just now. */
export function RecordingMenu({ stageSvg }: { stageSvg: () => string | null }) {
  const isRecording = useStore(traceStore, (trace) => trace.recording !== null);
  const { recording } = useCommands();
  return (
    <MenuButton
      name="Recording: save, open, share"
      entries={[
        {
          id: "save",
          label: "Save recording",
          explain: "All hops that are kept, with markers and bookmarks, as a file.",
          run: () => void saveRecording(recording),
        },
        {
          id: "open",
          label: "Open recording …",
          explain: "Or drop its file anywhere on this page.",
          run: chooseRecording,
        },
        {
          id: "link",
          label: "Copy link to this hop",
          explain: isRecording
            ? "A recording travels as its file, bookmarks included."
            : "Opens this playground’s journal, frozen at the selected hop.",
          isDisabled: isRecording,
          run: () => void copyLink(),
        },
        {
          id: "svg",
          label: "Save picture (SVG)",
          explain: "What is seen of the diagram, as it is seen.",
          run: () => {
            const svg = stageSvg();
            if (svg !== null) download([svg], "image/svg+xml", recordingName("svg"));
          },
        },
      ]}
    >
      <FileClock aria-hidden />
    </MenuButton>
  );
}
