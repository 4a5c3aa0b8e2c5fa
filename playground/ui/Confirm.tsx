/** A button that asks once more before it does what cannot be taken back. */
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Button } from "./Button.tsx";
import styles from "./Confirm.module.css";
import { cx } from "./cx.ts";

interface ConfirmProps {
  label: string;
  question: string;
  /** The word on the button that does it. */
  act: string;
  isPending: boolean;
  onConfirm: () => void;
}

export function Confirm({ label, question, act, isPending, onConfirm }: ConfirmProps) {
  return (
    <DialogTrigger>
      <Button isDisabled={isPending}>{label}</Button>
      <Popover className={cx(styles.popover)} offset={6}>
        <Dialog aria-label={label} className={cx(styles.dialog)}>
          {({ close }) => (
            <>
              <p>{question}</p>
              <div className={styles.actions}>
                <Button onPress={close} autoFocus>
                  Keep
                </Button>
                <Button
                  look="bad"
                  onPress={() => {
                    close();
                    onConfirm();
                  }}
                >
                  {act}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
