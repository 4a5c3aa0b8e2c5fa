import { describe, expect, it } from "vitest";
import { Diagram } from "../../../shared/trace/diagram.ts";
import { SampleTraffic } from "../../../shared/trace/testing/sample-traffic.ts";
import { captionOf } from "./caption.ts";
import { fitLabel } from "./fit-label.ts";
import { quietWords } from "./quiet-words.ts";

const settings = { pollTimeoutMs: 10_000, pingIntervalMs: 25_000 };

function captionsAfter(quietMs: number, act: (traffic: SampleTraffic) => void) {
  const traffic = new SampleTraffic();
  act(traffic);
  const diagram = new Diagram();
  diagram.append(traffic.take(), traffic.nowMs);
  return {
    "long-polling": captionOf(diagram, "long-polling", traffic.nowMs + quietMs, settings),
    "web-sockets": captionOf(diagram, "web-sockets", traffic.nowMs + quietMs, settings),
  };
}

describe("labels", () => {
  it("SD20 cuts a message's text before anything else", () => {
    expect(fitLabel("POST “lunch?”", 20)).toBe("POST “lunch?”");
    expect(fitLabel("POST “shall we go for lunch?”", 16)).toBe("POST “shall we…”");
  });

  it("SD20 leaves a command its name, and shows where a sentence was cut", () => {
    expect(fitLabel("PUBLISH messages:lobby", 12)).toBe("PUBLISH");
    expect(fitLabel("Respond with new message", 18)).toBe("Respond with new…");
    expect(fitLabel("Notify: message 15", 10)).toBe("Notify…");
    expect(fitLabel("2 receivers", 9)).toBe("2 receiv…");
  });

  it("says how long it was quiet", () => {
    expect([1_040, 9_949, 12_400, 70_000, 120_000].map(quietWords)).toEqual([
      "1.0 s",
      "9.9 s",
      "12 s",
      "1 min 10 s",
      "2 min",
    ]);
  });
});

describe("captions", () => {
  it("SD21 invites while nobody is there", () => {
    const captions = captionsAfter(0, () => {});
    expect(captions["long-polling"]).toMatch(/^No client yet/);
    expect(captions["web-sockets"]).toMatch(/^No client yet/);
  });

  it("SD21 says what quiet means once news is old", () => {
    const captions = captionsAfter(8_000, (traffic) => {
      for (const name of ["a", "b", "c"]) {
        traffic.poll(name);
        traffic.connect(name);
      }
    });
    expect(captions["long-polling"]).toBe(
      "That is the point: 3 polls wait, each for up to 10 s. Send one.",
    );
    expect(captions["web-sockets"]).toMatch(/^Quiet for 8.\d s. 3 sockets stay open/);
  });

  it("SD21 says what an empty answer cost", () => {
    const captions = captionsAfter(100, (traffic) => {
      traffic.poll("a");
      traffic.nowMs += 10_000;
      traffic.expire("a");
    });
    expect(captions["long-polling"]).toBe(
      "A poll came back empty. Nothing was said for 10 s, yet it cost a request and an answer.",
    );
  });

  it("SD21 says whom a message reached", () => {
    const captions = captionsAfter(100, (traffic) => {
      traffic.poll("a");
      traffic.poll("b");
      traffic.send("long-polling", "a", "lunch?");
    });
    expect(captions["long-polling"]).toMatch(
      /^Message 41 reached 2 clients through lp-1 and lp-2 in \d\.\d ms\.$/,
    );
  });
});
