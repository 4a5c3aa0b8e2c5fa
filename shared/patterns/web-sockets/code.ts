/** Which lines of the replica's source deal with which hop of WebSockets. */
import type { TraceEvent } from "../../trace/event.ts";
import type { CodeOf, CodePlace } from "../code-place.ts";
import { storeCodeOf } from "../store-code.ts";

export const WEB_SOCKETS_CODE = {
  enter: { file: "server/replica/web-sockets.ts", member: "#enter" },
  welcome: { file: "server/replica/web-sockets.ts", member: "#welcome" },
  take: { file: "server/replica/messages-api.ts", member: "messagesApi" },
  takeBySocket: { file: "server/replica/web-sockets.ts", member: "#sendFor" },
  emit: { file: "server/replica/web-sockets.ts", member: "send" },
  hear: { file: "server/replica/redis-adapter.ts", member: "redisAdapter" },
  subscribe: { file: "server/replica/broker.ts", member: "#subscribeAll" },
  leave: { file: "server/replica/web-sockets.ts", member: "drain" },
  refuse: { file: "server/replica/http-answers.ts", member: "refuse" },
} as const satisfies Record<string, CodePlace>;

export const webSocketsCodeOf: CodeOf = (event) => {
  const { kind, info, outcome } = event;
  switch (kind) {
    case "socket.open":
      return event.from.startsWith("client:") ? WEB_SOCKETS_CODE.enter : undefined;
    case "http.request":
      return info?.method === "POST" && info.packet === undefined && info.path !== undefined
        ? takeAt(info.path)
        : undefined;
    case "http.response":
      if (outcome === "created") return WEB_SOCKETS_CODE.take;
      return outcome === "error" ? WEB_SOCKETS_CODE.refuse : undefined;
    case "packet":
      return packetCodeOf(event);
    case "redis.command":
      if (info?.command === "PUBLISH") return WEB_SOCKETS_CODE.emit;
      return /^P?SUBSCRIBE$/.test(info?.command ?? "") ? WEB_SOCKETS_CODE.subscribe : undefined;
    case "redis.push":
      return WEB_SOCKETS_CODE.hear;
    default:
      return storeCodeOf(event);
  }
};

/** Engine.IO's polling transport posts, too. */
function takeAt(path: string): CodePlace | undefined {
  return path.startsWith("/messages") ? WEB_SOCKETS_CODE.take : undefined;
}

const BY_EVENT: Record<string, CodePlace> = {
  messages: WEB_SOCKETS_CODE.welcome,
  message: WEB_SOCKETS_CODE.emit,
  "send-message": WEB_SOCKETS_CODE.takeBySocket,
  "reconnect-soon": WEB_SOCKETS_CODE.leave,
};

function packetCodeOf({ info }: TraceEvent): CodePlace | undefined {
  if (info?.packet === "ack") return WEB_SOCKETS_CODE.takeBySocket;
  if (info?.packet === "connect") return WEB_SOCKETS_CODE.enter;
  return info?.event === undefined ? undefined : BY_EVENT[info.event];
}
