/** Which lines of the replica's source deal with which hop of long polling. */
import type { CodeOf, CodePlace } from "../code-place.ts";
import { storeCodeOf } from "../store-code.ts";
import { longPollingReference } from "./reference.ts";

export const LONG_POLLING_CODE = {
  ask: { file: "server/replica/long-polling.ts", member: "poll" },
  atOnce: { file: "server/replica/long-polling.ts", member: "#answerOrPark" },
  release: { file: "server/replica/long-polling.ts", member: "#release" },
  expire: { file: "shared/patterns/long-polling/parked-polls.ts", member: "#expireDue" },
  take: { file: "server/replica/messages-api.ts", member: "messagesApi" },
  publish: { file: "server/replica/long-polling.ts", member: "send" },
  published: { file: "server/replica/broker.ts", member: "publish" },
  subscribe: { file: "server/replica/broker.ts", member: "#subscribeAll" },
  hear: { file: "server/replica/long-polling.ts", member: "#hear" },
  refuse: { file: "server/replica/http-answers.ts", member: "refuse" },
} as const satisfies Record<string, CodePlace>;

export const longPollingCodeOf: CodeOf = (event, causeOf) => {
  const { kind, info, outcome } = event;
  switch (kind) {
    case "http.request":
      if (info?.poll === true) return LONG_POLLING_CODE.ask;
      return info?.method === "POST" ? LONG_POLLING_CODE.take : undefined;
    case "http.response":
      if (outcome === "error") return LONG_POLLING_CODE.refuse;
      if (outcome === "created") return LONG_POLLING_CODE.take;
      if (outcome === "idle") return LONG_POLLING_CODE.expire;
      if (outcome !== "messages") return undefined;
      return longPollingReference.stepOf(event, causeOf) === "respond-at-once"
        ? LONG_POLLING_CODE.atOnce
        : LONG_POLLING_CODE.release;
    case "redis.command":
      if (info?.command === "PUBLISH") return LONG_POLLING_CODE.publish;
      return info?.command === "PSUBSCRIBE" ? LONG_POLLING_CODE.subscribe : undefined;
    case "redis.reply":
      return info?.command === "PUBLISH" ? LONG_POLLING_CODE.published : undefined;
    case "redis.push":
      return LONG_POLLING_CODE.hear;
    default:
      return storeCodeOf(event);
  }
};
