/** The sheet of keys (?), and in two sentences what the page shows. */
import { X } from "lucide-react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import styles from "./ShortcutsSheet.module.css";
import { SHORTCUTS } from "./shortcuts.ts";

const TRAFFIC_KEYS = [
  { key: "h", words: "hold the traffic, or let it go" },
  { key: "n", words: "while it is held: the next hop" },
];
const STAGE_KEYS = [
  { key: "↑ ↓", words: "in the diagram: from hop to hop" },
  { key: "Enter", words: "in the diagram: select the hop" },
  { key: "Tab", words: "everything else, in reading order" },
  { key: "?", words: "this sheet" },
];

interface ShortcutsSheetProps {
  isOpen: boolean;
  onClose: () => void;
}

export function ShortcutsSheet({ isOpen, onClose }: ShortcutsSheetProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(styles.overlay)}
    >
      <Modal className={cx(styles.modal)}>
        <Dialog className={cx(styles.dialog)}>
          <header className={styles.head}>
            <Heading slot="title" className={cx(styles.title)}>
              Keys
            </Heading>
            <IconButton name="Close" onPress={onClose}>
              <X aria-hidden />
            </IconButton>
          </header>
          <dl className={styles.keys}>
            {[...SHORTCUTS, ...TRAFFIC_KEYS, ...STAGE_KEYS].map(({ key, words }) => (
              <div key={key} className={styles.row}>
                <dt>
                  <kbd className={styles.key}>{key === "Escape" ? "Esc" : key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <p className={styles.about}>
            Every arrow is bytes that really crossed a link: taps between the processes report them,
            and the replicas do not know that they are watched. What clients say of themselves is
            drawn hollow (◇).
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
