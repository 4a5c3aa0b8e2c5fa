/** What an empty stage will show, and how to fill it. */
import type { Target } from "../../../shared/contracts/control.ts";
import { isPattern, type Pattern } from "../../../shared/contracts/ids.ts";
import { useTarget } from "../../stores/target.ts";
import type { HalfPlan } from "./geometry.ts";
import style from "./stage.module.css";

const WORDS: Record<Pattern, string> = {
  "long-polling":
    "Each arrow will be bytes that crossed a link. Add a client: it asks a replica for messages, and the replica lets the question wait.",
  "web-sockets":
    "Each arrow will be bytes that crossed a link. Add a client: it opens a socket, once, and messages come to it by themselves.",
};

/** `hasMarkers`: what was done stands there already, and for our own patterns that is enough. */
export function NothingYet({
  plans,
  hasMarkers,
}: {
  plans: readonly HalfPlan[];
  hasMarkers: boolean;
}) {
  const target = useTarget();
  if (hasMarkers && plans.every(({ half }) => isPattern(half.pattern))) return null;
  return (
    <div className={style.nothing}>
      {plans.map(({ half: { pattern } }) => (
        <p key={pattern} data-pattern={pattern}>
          <span>
            {isPattern(pattern) ? WORDS[pattern] : target && <Invitation target={target} />}
          </span>
        </p>
      ))}
    </div>
  );
}

function Invitation({ target: { url, server, broker, replicas } }: { target: Target }) {
  return (
    <>
      Each arrow will be bytes that crossed a link, unchanged.{" "}
      {replicas[0]?.state === "failed" && (
        <>
          Nothing answers at <code>{server}</code> yet: start your server.{" "}
        </>
      )}
      Use it at <code>{url}</code> instead of <code>{server}</code>: what its clients say is drawn
      here.
      {broker !== undefined && (
        <>
          {" "}
          Point your server’s Redis at <code>{broker.tap}</code>, and that link is drawn too.
        </>
      )}
    </>
  );
}
