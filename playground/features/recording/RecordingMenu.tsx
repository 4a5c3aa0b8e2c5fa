/** Saving and opening, in the transport bar. */
import { FileClock } from "lucide-react";
import { useCommands } from "../../stores/commands.ts";
import { MenuButton } from "../../ui/MenuButton.tsx";
import { chooseRecording } from "./open-file.ts";
import { saveRecording } from "./save.ts";

export function RecordingMenu() {
  const { recording } = useCommands();
  return (
    <MenuButton
      name="Recording: save, open"
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
      ]}
    >
      <FileClock aria-hidden />
    </MenuButton>
  );
}
