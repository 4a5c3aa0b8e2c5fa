/** Bytes in, bytes out, and nothing looked at: what any proxy on Node must cost at least. */
import { connect, createServer } from "node:net";
import { listen, TARGET_PORT } from "./settings.ts";

const server = createServer({ noDelay: true }, (client) => {
  const target = connect({ port: Number(TARGET_PORT), host: "127.0.0.1", noDelay: true });
  client.pipe(target).pipe(client);
  client.on("error", () => target.destroy());
  target.on("error", () => client.destroy());
});
await listen(server);
