/** Says that one message is followed and all else left out, and ends it. */
import { X } from "lucide-react";
import { useStore } from "zustand";
import { traceStore } from "../../stores/trace-store.ts";
import { viewStore } from "../../stores/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./Find.module.css";

export function FollowChip() {
  const follow = useStore(viewStore, (view) => view.follow);
  const story = useStore(traceStore, (trace) => trace.story);
  if (follow === null) return null;
  const hops = story(follow);
  const text = hops.find(({ info }) => info?.text !== undefined)?.info?.text;
  return (
    <p className={styles.chip}>
      <span>
        {hops.length === 0
          ? "The followed message is not in what is kept."
          : `Only ${text === undefined ? "one message" : `“${text.slice(0, 40)}”`}: all other hops are left out.`}
      </span>
      <Button small onPress={() => viewStore.setState({ follow: null })}>
        <X aria-hidden /> Show all hops
      </Button>
    </p>
  );
}
