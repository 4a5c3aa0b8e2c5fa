/** The least an HTTP server can do: the physical limit of a round trip. */
import { createServer } from "node:http";
import { listen } from "./settings.ts";

const HELLO = Buffer.from("hello");
await listen(
  createServer((_request, response) => {
    response.writeHead(200, { "Content-Length": HELLO.length });
    response.end(HELLO);
  }),
);
