/** What an empty stage will show, and how to fill it. */
import type { Pattern } from "../../../shared/contracts/ids.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";

const WORDS: Record<Pattern, string> = {
  "long-polling":
    "Each arrow will be bytes that crossed a link. Add a client: it asks a replica for messages, and the replica lets the question wait.",
  "web-sockets":
    "Each arrow will be bytes that crossed a link. Add a client: it opens a socket, once, and messages come to it by themselves.",
};

export function NothingYet({ plans }: { plans: readonly HalfPlan[] }) {
  return (
    <div className={style.nothing}>
      {plans.map(({ half }) => (
        <p key={half.pattern} data-pattern={half.pattern}>
          {WORDS[half.pattern]}
        </p>
      ))}
    </div>
  );
}
