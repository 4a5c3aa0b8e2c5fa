/** A tiny long-polling server: parks every poll, notes every request, answers when told. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Parked {
  client: string;
  url: URL;
  /** The TCP connection it came by. */
  port: number;
  response: ServerResponse;
}

export async function startPollServer() {
  const parked: Parked[] = [];
  const posts: { url: URL; body: unknown }[] = [];
  let next = 0;
  let polls = 0;

  async function post(request: IncomingMessage, url: URL, response: ServerResponse) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const said: { message?: string } = JSON.parse(body);
    posts.push({ url, body: said });
    if (said.message === "say nothing") return;
    if (said.message === "hang up") {
      response.destroy();
      return;
    }
    if (said.message === "refuse") {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(`{"error":{"code":"bad-text","message":"say something else"}}`);
      return;
    }
    next += 1;
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify(message(next, said.message ?? "")));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://server");
    if (request.method === "POST") {
      post(request, url, response).catch((error: unknown) => response.destroy(error as Error));
      return;
    }
    polls += 1;
    const client = url.searchParams.get("client") ?? "";
    const poll = { client, url, port: request.socket.remotePort ?? 0, response };
    parked.push(poll);
    response.on("close", () => {
      const at = parked.indexOf(poll);
      if (at >= 0) parked.splice(at, 1);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    parked,
    posts,
    polls: () => polls,
    clients: () => parked.map(({ client }) => client).sort(),
    /** Answers everyone who waits. */
    answer(...ids: number[]) {
      const body = JSON.stringify({ messages: ids.map((id) => message(id, `message ${id}`)) });
      for (const { response } of [...parked]) response.end(body);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function message(id: number, text: string) {
  return { id, text, time: "2026-01-01T00:00:00.000Z", server: "lp-1", room: "lobby" };
}
