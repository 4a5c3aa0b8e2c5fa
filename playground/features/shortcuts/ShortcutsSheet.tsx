/** The sheet of keys, and what the drawing's marks mean. */
import { X } from "lucide-react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "../../ui/Button.tsx";
import { cx } from "../../ui/cx.ts";
import styles from "./ShortcutsSheet.module.css";
import { SHORTCUTS } from "./shortcuts.ts";

const IN_THE_DIAGRAM = [
  { key: "↑ ↓", words: "From hop to hop" },
  { key: "←", words: "To what caused it" },
  { key: "→", words: "To what it led to" },
  { key: "Enter", words: "Open it in the inspector" },
  { key: "Esc", words: "Let go of it" },
];

export function ShortcutsSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className={cx(styles.overlay)}
    >
      <Modal className={cx(styles.sheet)}>
        <Dialog className={cx(styles.dialog)}>
          <div className={styles.head}>
            <Heading slot="title" level={2} className={cx(styles.title)}>
              Keys
            </Heading>
            <IconButton name="Close" onPress={onClose}>
              <X aria-hidden />
            </IconButton>
          </div>
          <div className={styles.columns}>
            <Keys title="Anywhere" rows={SHORTCUTS} />
            <Keys title="In the diagram" rows={IN_THE_DIAGRAM} />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Keys({ title, rows }: { title: string; rows: readonly { key: string; words: string }[] }) {
  return (
    <section>
      <h3 className={styles.part}>{title}</h3>
      <dl className={styles.keys}>
        {rows.map(({ key, words }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
