/** One HTTP request that may say anything: `Host`, `Origin` and upgrades, which `fetch` forbids. */
import { type IncomingHttpHeaders, request } from "node:http";

export interface BareAnswer {
  /** 101 where the upgrade was agreed to; the connection is closed then. */
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<BareAnswer> {
  const { method = "GET", headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    asked.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
