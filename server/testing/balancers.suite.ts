/** What the balancers of a whole cluster do for and against clients: who gets in, and where to. */
import { afterEach, describe, expect, it } from "vitest";
import { PATTERN_PREFIX, PATTERNS } from "../../shared/contracts/ids.ts";
import { newRoom, send } from "../replica/testing/long-poll-client.ts";
import { SocketClient } from "../replica/testing/socket-client.ts";
import { ask } from "./bare-http.ts";
import type { WholeCluster } from "./whole-cluster.ts";

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const SOCKET_PATH = "/socket.io/?EIO=4&transport=websocket";
const FOREIGN = { host: "evil.example", origin: "http://evil.example" };
const json = { "content-type": "application/json" };

export function balancersSuite(cluster: () => WholeCluster): void {
  describe.each(PATTERNS)("the balancer of %s", (pattern) => {
    const url = () => cluster().urls[pattern];
    const prefix = PATTERN_PREFIX[pattern];

    it.each(["host", "origin"] as const)("LB12 turns a foreign %s away", async (header) => {
      const room = newRoom();
      const headers = { ...json, [header]: FOREIGN[header] };
      const get = await ask(`${url()}/test`, { headers });
      expect([get.status, JSON.parse(get.body).error.code]).toEqual([403, expect.any(String)]);
      const post = { method: "POST", headers, body: '{"message":"from afar"}' };
      expect((await ask(`${url()}/messages?room=${room}`, post)).status).toBe(403);
      const upgrade = { headers: { ...UPGRADE, [header]: FOREIGN[header] } };
      expect((await ask(url() + SOCKET_PATH, upgrade)).status).toBe(403);
      // Nothing of it was taken.
      expect((await send(url(), room, "from here")).message.id).toBe(1);
    });

    it("LB12 lets the pages of localhost origins in", async () => {
      for (const origin of ["http://localhost:5173", "http://127.0.0.1:8080"]) {
        const answer = await ask(`${url()}/test`, { headers: { origin } });
        expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([
          200,
          origin,
        ]);
      }
      if (pattern === "long-polling") return;
      const upgrade = { headers: { ...UPGRADE, origin: "http://localhost:5173" } };
      expect((await ask(url() + SOCKET_PATH, upgrade)).status).toBe(101);
    });

    it("LB11 sends a request to the replica it names", async () => {
      for (const id of [1, 1, 2, 2, 1].map((number) => `${prefix}-${number}`)) {
        const greeting = await ask(`${url()}/test?replica=${id}`);
        expect(JSON.parse(greeting.body).message).toBe(`Hello from ${id}!`);
        const post = { method: "POST", headers: json, body: '{"message":"to one"}' };
        const taken = await ask(`${url()}/messages?room=${newRoom()}&replica=${id}`, post);
        expect(JSON.parse(taken.body).server).toBe(id);
        const body = { pattern, text: "to one", replica: id };
        const sent = await cluster().playground.call("POST", "/api/messages", body);
        expect(sent).toMatchObject({ status: 201, body: { server: id } });
      }
      expect((await ask(`${url()}/test?replica=${prefix}-9`)).status).toBe(404);
    });

    it("LB6 takes turns", async () => {
      const greetings: string[] = [];
      for (let turn = 0; turn < 4; turn++) {
        greetings.push(JSON.parse((await ask(`${url()}/test`)).body).message);
      }
      expect(new Set(greetings.slice(0, 2)).size).toBe(2);
      expect(greetings.slice(2)).toEqual(greetings.slice(0, 2));
    });
  });

  describe("sessions", () => {
    let clients: SocketClient[] = [];
    const open = (count: number, transports: string[], room: string) => {
      clients = Array.from(
        { length: count },
        () => new SocketClient(cluster().urls["web-sockets"], { room, transports }),
      );
      return clients;
    };
    afterEach(() => {
      for (const client of clients) client.close();
    });

    it.each([[["polling"]], [["polling", "websocket"]]])(
      "LB16 sticky: clients over %s stay at the replica that knows them",
      async (transports) => {
        const room = newRoom();
        const all = open(4, transports, room);
        await Promise.all(all.map((client) => client.welcomed()));
        for (const text of ["one", "two"]) await send(cluster().urls["web-sockets"], room, text);
        for (const client of all) await client.socket.emitWithAck("send-message", { text: "mine" });
        await Promise.all(all.map((client) => client.has(6)));
        const given = all.map(({ ids }) => [...ids].sort((a, b) => a - b));
        expect(given).toEqual(all.map(() => [1, 2, 3, 4, 5, 6]));
      },
    );

    it("LB16 not sticky: polling clients come to replicas that do not know them", async () => {
      await cluster().set({ sticky: false });
      try {
        const [client] = open(1, ["polling"], newRoom());
        await client?.refused();
        expect(client?.histories).toEqual([]);
      } finally {
        await cluster().set({ sticky: true });
      }
    });
  });
}
