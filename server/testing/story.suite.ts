/** Whether one message can be followed through a whole cluster, by what its bytes say on each link. */
import { afterEach, describe, expect, it } from "vitest";
import {
  type MessageKey,
  messageKey,
  PATTERN_PREFIX,
  type Participant,
  type Pattern,
} from "../../shared/contracts/ids.ts";
import type { EventKind, TraceEvent } from "../../shared/trace/event.ts";
import { newRoom } from "../replica/testing/long-poll-client.ts";
import { SocketClient } from "../replica/testing/socket-client.ts";
import { ask } from "./bare-http.ts";
import { PlainPoller } from "./plain-poller.ts";
import type { WholeCluster } from "./whole-cluster.ts";

/** Opens client `name` at that replica. */
type Open = (url: string, query: Record<string, string>) => () => Promise<void> | void;

interface Story {
  pattern: Pattern;
  /** What carries the message to a client. */
  carrier: EventKind;
  open: Open;
}

const stories: Story[] = [
  {
    pattern: "long-polling",
    carrier: "http.response",
    open(url, query) {
      const poller = new PlainPoller(url, query);
      return () => poller.stop();
    },
  },
  {
    pattern: "web-sockets",
    carrier: "packet",
    open(url, query) {
      const client = new SocketClient(url, { room: query.room ?? "", query });
      return () => client.close();
    },
  },
];

export function storySuite(cluster: () => WholeCluster): void {
  const leaving: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const leave of leaving.splice(0)) await leave();
  });

  describe.each(stories)("the story of one message: $pattern", ({ pattern, carrier, open }) => {
    const url = () => cluster().urls[pattern];
    const ids = [1, 2].map((number) => `${PATTERN_PREFIX[pattern]}-${number}`);
    const isOf = (traceId: string) => (event: TraceEvent) => event.traceId === traceId;

    it("TR2 TAP12 TAP21 LB19 its trace id is on every link, and every answer leads back to the POST", async () => {
      const room = newRoom();
      const before = await cluster().traceEnd();
      for (const replica of ids) {
        leaving.push(open(url(), { room, replica, client: `at-${replica}` }));
      }
      // A client waits once its replica has read the store for it.
      await cluster().untilTrace("both wait", before, (events) =>
        ids.every((id) => events.some((event) => isReadFor(id, event, events))),
      );
      const start = await cluster().traceEnd();
      const posted = await ask(`${url()}/messages?room=${room}&client=sender`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"message":"lunch?"}',
      });
      const message = JSON.parse(posted.body) as {
        id: number;
        server: string;
        traceparent: string;
      };
      const traceId = message.traceparent.split("-")[1] ?? "";
      const key = messageKey(pattern, room, message.id);
      const taker: Participant = `replica:${message.server}`;

      const wanted: Wanted[] = [
        { kind: "http.request", from: "client:sender", to: taker },
        { kind: "sql.statement", from: taker, to: "store" },
        { kind: "redis.command", from: taker, to: "broker" },
        ...ids.map((id) => pushTo(id)),
        { kind: "http.response", from: taker, to: "client:sender" },
        ...ids.map((id) => answerTo(id, carrier, key)),
      ];
      const seen = await cluster().untilTrace("the whole story", start, (events) => {
        const story = events.filter(isOf(traceId));
        return wanted.every((hop) => story.some((event) => fits(hop, event)));
      });
      const story = seen.filter(isOf(traceId));
      expect(wanted.map((hop) => story.filter((event) => fits(hop, event)).length)).toEqual(
        wanted.map(() => 1),
      );
      const post = story.find(({ kind }) => kind === "http.request");
      for (const id of ids) {
        const answer = story.find((event) => fits(answerTo(id, carrier, key), event));
        expect(rootsOf(answer, seen)).toContain(post?.seq);
        expect(answer?.at).toBeGreaterThanOrEqual(post?.at ?? Number.NaN);
      }
      const statement = story.find(({ kind }) => kind === "sql.statement");
      const publish = story.find(({ kind }) => kind === "redis.command");
      expect([statement?.label, publish?.info?.command]).toEqual(["INSERT “lunch?”", "PUBLISH"]);
    });
  });
}

interface Wanted {
  kind: EventKind;
  from: Participant;
  to: Participant;
  key?: MessageKey;
}

const pushTo = (id: string): Wanted => ({
  kind: "redis.push",
  from: "broker",
  to: `replica:${id}`,
});
const answerTo = (id: string, kind: EventKind, key: MessageKey): Wanted => ({
  kind,
  from: `replica:${id}`,
  to: `client:at-${id}`,
  key,
});

function fits({ kind, from, to, key }: Wanted, event: TraceEvent): boolean {
  const isKeyed = key === undefined || (event.messageIds ?? []).includes(key);
  return event.kind === kind && event.from === from && event.to === to && isKeyed;
}

function isReadFor(id: string, event: TraceEvent, events: TraceEvent[]): boolean {
  if (event.kind !== "sql.result" || event.to !== `replica:${id}`) return false;
  const asked = events.find(({ seq }) => event.causes?.includes(seq));
  return asked?.label.startsWith("SELECT") ?? false;
}

/** All seqs that led to this event, however far back. */
function rootsOf(event: TraceEvent | undefined, events: TraceEvent[]): number[] {
  const bySeq = new Map(events.map((one) => [one.seq, one]));
  const found = new Set<number>();
  const follow = (one: TraceEvent | undefined) => {
    for (const seq of one?.causes ?? []) {
      if (found.has(seq)) continue;
      found.add(seq);
      follow(bySeq.get(seq));
    }
  };
  follow(event);
  return [...found];
}
