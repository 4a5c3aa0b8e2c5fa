/**
 * Where systems of this kind go wrong, and what protects this one: one line of code each, what the
 * code would be without it, and the test that must notice. docs/spec/protections.md says it in words;
 * `npm run prove` takes each protection out of a copy and sees its test fail.
 *
 * @typedef {object} Protection
 * @property {string} name    what goes wrong without it
 * @property {string} file    where it is
 * @property {string} find    the protection; occurs once in the file
 * @property {string} without what stands there when it is taken out
 * @property {string} rule    the rule it keeps, which the test's title begins with
 * @property {string} test    the file of the test
 */

/** @type {Protection[]} */
export const PROTECTIONS = [
  {
    name: "ids from the newest message, without the counter's lock",
    file: "server/replica/message-store-sql.ts",
    find: `INSERT INTO rooms (pattern, room, last) VALUES ($1, $2, 1)
      ON CONFLICT (pattern, room) DO UPDATE SET last = rooms.last + 1
      RETURNING last`,
    without:
      "SELECT coalesce(max(id), 0) + 1 AS last FROM messages WHERE pattern = $1 AND room = $2",
    rule: "LP11 shows no id before all below it",
    test: "server/replica/message-store.test.ts",
  },
  {
    name: "a push that came before its predecessor is taken as it comes (long polling)",
    file: "shared/patterns/room-log.ts",
    find: 'if (message.id > this.#last + 1) return "gap";',
    without: "",
    rule: "LP20",
    test: "server/replica/long-polling-failures.test.ts",
  },
  {
    name: "a push that came before its predecessor is taken as it comes (WebSockets)",
    file: "shared/patterns/room-log.ts",
    find: 'if (message.id > this.#last + 1) return "gap";',
    without: "",
    rule: "WS14",
    test: "server/replica/web-sockets-failures.test.ts",
  },
  {
    name: "every broadcast passes, known or not",
    file: "server/replica/redis-adapter.ts",
    find: "return message && shouldPass(message) ? broadcast : NOTHING;",
    without: "if (message) shouldPass(message); return broadcast;",
    rule: "WS13",
    test: "server/replica/web-sockets-failures.test.ts",
  },
  {
    name: "a cursor that is a maximum",
    file: "shared/patterns/web-sockets/cursor.ts",
    find: "while (above.has(reached + 1)) reached += 1;",
    without: "reached = Math.max(reached, ...above);",
    rule: "FL10",
    test: "shared/patterns/web-sockets/client.test.ts",
  },
  {
    name: "no re-read after resubscription (long polling)",
    file: "server/replica/long-polling.ts",
    find: 'broker.on("subscribed", () => this.#rooms.resubscribed());',
    without: "",
    rule: "LP22",
    test: "server/replica/long-polling-failures.test.ts",
  },
  {
    name: "no re-read after resubscription (WebSockets)",
    file: "server/replica/web-sockets.ts",
    find: 'broker.on("subscribed", () => this.#rooms.resubscribed());',
    without: "",
    rule: "WS15",
    test: "server/replica/web-sockets-failures.test.ts",
  },
  {
    name: "a socket reads its history first, and joins its room after",
    file: "server/replica/web-sockets.ts",
    find: `await socket.join(room);
    const log = await this.#rooms.catchUp(room);`,
    without: `const log = await this.#rooms.catchUp(room);
    await socket.join(room);`,
    rule: "WS7 loses nothing",
    test: "server/replica/web-sockets-failures.test.ts",
  },
  {
    name: "what is known is trusted while the subscription is down",
    file: "server/replica/rooms.ts",
    find: "if (!this.#options.isSubscribed()) return undefined;",
    without: "",
    rule: "LP22",
    test: "server/replica/long-polling-failures.test.ts",
  },
  {
    name: "what could not be published is forgotten",
    file: "server/replica/broker.ts",
    find: 'this.#publisher.on("ready", () => void this.#publishOwed());',
    without: "",
    rule: "LP23",
    test: "server/replica/long-polling-failures.test.ts",
  },
  {
    name: "a silent subscription is believed",
    file: "server/replica/broker.ts",
    find: "this.#nextCheck = clock.after(CHECK_EVERY_MS, () => this.#checkAll());",
    without: "this.#nextCheck = clock.after(CHECK_EVERY_MS, () => undefined);",
    rule: "LP24",
    test: "server/replica/long-polling-failures.test.ts",
  },
  {
    name: "nobody says what a killed replica did not publish",
    file: "server/replica/replica.ts",
    find: "const announced = this.#announcements.announceMine();",
    without: "const announced = Promise.resolve();",
    rule: "LP38",
    test: "server/replica/announcements.test.ts",
  },
  {
    name: "nobody says what an INSERT did whose answer was lost",
    file: "server/replica/message-store.ts",
    find: "this.#onDoubt(draft.room);",
    without: "void this.#onDoubt;",
    rule: "LP39",
    test: "server/replica/announcements.test.ts",
  },
  {
    name: "a frozen replica goes on as if nothing had happened",
    file: "server/replica/broker.ts",
    find: 'this.emit("subscribed");',
    without: "",
    rule: "LP40",
    test: "server/replica/main.test.ts",
  },
  {
    name: "a POST waits for a frozen replica for ever",
    file: "server/wire/balancer/request-delivery.ts",
    find: "context.protocolNow() - this.#waitsSinceMs >= ANSWER_MS",
    without: "context.protocolNow() < this.#waitsSinceMs",
    rule: "LB25 a POST without",
    test: "server/wire/balancer/balancer-unanswered.test.ts",
  },
  {
    name: "a poll always waits, whatever came before it",
    file: "server/replica/long-polling.ts",
    find: "if (messages.length > 0) answer(",
    without: "if (messages.length > MAX_BATCH) answer(",
    rule: "LP1",
    test: "server/replica/long-polling.test.ts",
  },
  {
    name: "a replica closes idle connections before its clients do",
    file: "server/replica/replica.ts",
    find: "const KEEP_ALIVE_MS = 75_000;",
    without: "const KEEP_ALIVE_MS = 5_000;",
    rule: "LP18",
    test: "server/replica/long-polling-life.test.ts",
  },
  {
    name: "the balancer keeps idle connections for longer than a replica does",
    file: "server/wire/balancer/upstream-pool.ts",
    find: "const IDLE_LIMIT_MS = 60_000;",
    without: "const IDLE_LIMIT_MS = 90_000;",
    rule: "LB13 closes an idle",
    test: "server/wire/balancer/balancer-access.test.ts",
  },
  {
    name: "a leaving replica forgets its parked polls",
    file: "server/replica/long-polling.ts",
    find: "for (const { reply } of this.#parked.releaseAll()) this.#sendAway(reply);",
    without: "",
    rule: "LP30",
    test: "server/replica/long-polling-life.test.ts",
  },
  {
    name: "a leaving replica keeps its clients' connections",
    file: "server/replica/long-polling.ts",
    find: 'response.setHeader("Connection", "close");',
    without: "",
    rule: "LP30",
    test: "server/replica/long-polling-life.test.ts",
  },
  {
    name: "a leaving replica waits for ever",
    file: "server/replica/replica.ts",
    find: "await Promise.race([finished, pause(clock, deadlineMs)]);",
    without: "await finished;",
    rule: "LP30",
    test: "server/replica/long-polling-life.test.ts",
  },
  {
    name: "all sockets of a leaving replica come back at once",
    file: "server/replica/web-sockets.ts",
    find: "random() * deadlineMs * 0.8",
    without: "deadlineMs * 0.4 + 0 * random()",
    rule: "WS19",
    test: "server/replica/web-sockets-failures.test.ts",
  },
  {
    name: "sessions of the polling transport, and their upgrades, go to any replica",
    file: "server/wire/balancer/upstreams.ts",
    find: "if (sid !== undefined && this.#config.sticky) {",
    without: "if (sid !== undefined && !this.#config.sticky) {",
    rule: "LB16 keeps a session",
    test: "server/wire/balancer/balancer-websocket.test.ts",
  },
  {
    name: "each poll of a herd asks the store",
    file: "server/replica/rooms.ts",
    find: "return log && log.last >= cursor ? log : undefined;",
    without: "return log && log.last < cursor ? log : undefined;",
    rule: "LP41",
    test: "server/replica/what-it-costs.test.ts",
  },
  {
    name: "clients that failed together come back together",
    file: "shared/patterns/back-off.ts",
    find: "(fullMs / 2) * random",
    without: "(fullMs / 2) * (random > 2 ? 0 : 1)",
    rule: "FL5",
    test: "shared/patterns/long-polling/client.test.ts",
  },
  {
    name: "a poll whose client went keeps its place",
    file: "server/replica/long-polling.ts",
    find: 'response.once("close", () => this.#parked.leave(poll));',
    without: "void poll;",
    rule: "LP27",
    test: "server/replica/long-polling-life.test.ts",
  },
];
