/** What a sender is told when no answer comes: above all, whether the message may have been stored. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { createHandClock, type HandClock } from "../../shared/patterns/testing/hand-clock.ts";
import { createSender, type Sender } from "./sender.ts";
import { startPollServer } from "./testing/poll-server.ts";
import { until } from "./testing/until.ts";

let server: Awaited<ReturnType<typeof startPollServer>>;
let clock: HandClock;
let sender: Sender;

beforeEach(async () => {
  server = await startPollServer();
  clock = createHandClock();
  sender = createSender(clock);
});
afterEach(async () => {
  sender.close();
  await server.stop();
});

const send = (text: string) =>
  sender.send(server.url, "lp-client-1", { pattern: "long-polling", text });

it("FL20 says 502 where the connection is cut: the message may have been stored", async () => {
  expect(await send("hang up")).toEqual({
    ok: false,
    status: 502,
    code: "unanswered",
    message:
      "The load balancer did not answer (the connection was cut). The message may have been stored: look before you send it again.",
  });
});

it("FL20 says 504 where no answer comes within 15 s: the message may have been stored", async () => {
  const sent = send("say nothing");
  await until("it is asked", () => server.posts.length === 1);
  clock.pass(14_999);
  expect(clock.waiting).toBe(1);
  clock.pass(1);
  expect(await sent).toMatchObject({ status: 504, code: "unanswered" });
});

it("FL20 says 503 for one that still waits for a connection: it was not sent", async () => {
  const ahead = Array.from({ length: 256 }, () => send("say nothing"));
  await until("all connections are taken", () => server.posts.length === 256);
  const behind = send("behind them");
  clock.pass(15_000);
  expect(await behind).toMatchObject({ status: 503, code: "unreachable" });
  for (const { status } of await Promise.all(ahead)) expect(status).toBe(504);
  expect(server.posts.length).toBe(256);
});
