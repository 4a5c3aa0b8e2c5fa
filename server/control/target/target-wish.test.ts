import { describe, expect, it } from "vitest";
import { readTargetWish, refuseOwnPorts } from "./target-wish.ts";

describe("the target that is wished for", () => {
  it("TG1 a server, what it is like, and its Redis", () => {
    expect(readTargetWish({})).toBeUndefined();
    expect(readTargetWish({ target: "http://127.0.0.1:3000" })).toEqual({
      server: { host: "127.0.0.1", port: 3000 },
    });
    expect(
      readTargetWish({
        target: "http://[::1]/",
        targetPattern: "web-sockets",
        broker: "localhost:6379",
      }),
    ).toEqual({
      server: { host: "::1", port: 80 },
      looksLike: "web-sockets",
      broker: { host: "localhost", port: 6379 },
    });
  });

  const target = "http://127.0.0.1:3000";
  it.each([
    ["no address", { target: "3000" }, "must be an address such as http://127.0.0.1:3000"],
    ["TLS", { target: "https://127.0.0.1:3000" }, "cannot be watched over TLS"],
    ["another scheme", { target: "ws://127.0.0.1:3000" }, "must begin with http://"],
    ["a user", { target: "http://me:pw@127.0.0.1:3000" }, "takes no user or password"],
    ["a path", { target: "http://127.0.0.1:3000/app" }, "leave out /app"],
    ["a port that is none", { target: "http://127.0.0.1:99999" }, "must be an address"],
    ["a broker without port", { target, broker: "127.0.0.1" }, "must be HOST:PORT"],
    ["a broker's port that is none", { target, broker: "127.0.0.1:70000" }, "must be HOST:PORT"],
    ["a broker without target", { broker: "127.0.0.1:6379" }, "--broker needs --target"],
    ["an unknown pattern", { target, targetPattern: "sse" }, "long-polling or web-sockets"],
    ["a pattern alone", { targetPattern: "web-sockets" }, "needs --target"],
  ])("TG3 refuses %s in one line", (_what, options, words) => {
    expect(() => readTargetWish(options)).toThrow(words);
  });

  it("TG3 refuses the playground's own ports, and no others", () => {
    const wish = (port: number) => ({ server: { host: "127.0.0.1", port } });
    expect(() => refuseOwnPorts(wish(4001), [4000, 4001])).toThrow("this playground itself");
    expect(() => refuseOwnPorts(wish(3000), [4000, 4001])).not.toThrow();
  });
});
