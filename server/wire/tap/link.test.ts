import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type Admitted, type Gate, OPEN_GATE } from "./gate.ts";
import { Link } from "./link.ts";
import type { StreamDecoder, Unit } from "./unit.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Both ends of one TCP connection. */
async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer();
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const accepted = once(server, "connection");
  const near = connect(port, "127.0.0.1");
  const [far] = (await accepted) as [Socket];
  sockets.push(near, far);
  return [near, far];
}

/** Each line is a unit; an empty one cannot be decoded. */
function lines(): StreamDecoder {
  let rest = "";
  return {
    push: (chunk) => {
      const found = `${rest}${String(chunk)}`.split("\n");
      rest = found.pop() ?? "";
      if (found.includes("")) throw new Error("an empty line");
      return found.map((line) => lineUnit(line));
    },
  };
}

function lineUnit(line: string): Unit {
  const length = line.length + 1;
  return { length, hop: { kind: "raw", label: line, bytes: length } };
}

const PARTIES = { from: "replica:lp-1", to: "broker" } as const;

class TestGate implements Gate {
  open = false;
  readonly waiting: Admitted[] = [];
  isOpen(): boolean {
    return this.open;
  }
  admit(admitted: Admitted): void {
    this.waiting.push(admitted);
  }
  release(): void {
    this.waiting.shift()?.release("held");
  }
  watch(): void {}
  leave(): void {}
  cutFor(): undefined {}
}

/** A link of lines behind a gate: what is said goes in, `heard` is what has come out. */
async function startLines(gate: Gate) {
  const [sender, source] = await socketPair();
  const [target, reader] = await socketPair();
  const out = { heard: "", bytes: 0, labels: [] as string[] };
  reader.on("data", (chunk) => {
    out.bytes += chunk.length;
    if (out.bytes < 10_000) out.heard += String(chunk);
  });
  new Link({
    source,
    target,
    gate,
    parties: PARTIES,
    now: () => performance.now(),
    decoder: lines(),
    report: (hop) => out.labels.push(hop.label),
  });
  return { sender, source, out };
}

it("TAP8 a gate that closes within a unit lets the rest of that unit through and no more", async () => {
  const gate = new TestGate();
  gate.open = true;
  const { sender, out } = await startLines(gate);
  sender.write("first\nsec");
  await expect.poll(() => out.heard).toBe("first\nsec");
  gate.open = false;
  sender.write("ond\nthird\n");
  await expect.poll(() => gate.waiting.length).toBe(2);
  gate.release();
  await expect.poll(() => out.heard).toBe("first\nsecond\n");
  gate.release();
  await expect.poll(() => out.heard).toBe("first\nsecond\nthird\n");
});

it("TAP7 TAP8 what waits when the decoder fails goes on as part of the raw hop", async () => {
  const gate = new TestGate();
  const { sender, source, out } = await startLines(gate);
  sender.write("half");
  await expect.poll(() => source.bytesRead).toBe(4);
  sender.write("\n\nrest");
  await expect.poll(() => gate.waiting.length).toBe(1);
  gate.release();
  await expect.poll(() => out.heard).toBe("half\n\nrest");
  expect(out.labels).toEqual(["10 bytes"]);
});

it("TAP2 a link stops reading while much waits for the gate, and goes on when it is released", async () => {
  const gate = new TestGate();
  const { sender, source, out } = await startLines(gate);
  const line = `${"x".repeat(999)}\n`;
  sender.write(line.repeat(16_000));
  await expect.poll(() => source.isPaused()).toBe(true);
  const held = gate.waiting.reduce((sum, { length }) => sum + length, 0);
  expect(held).toBeLessThan(2 * 1024 * 1024);
  const release = (): number => {
    for (const { release } of gate.waiting.splice(0)) release("held");
    return out.bytes;
  };
  await expect.poll(release, { timeout: 10_000 }).toBe(16_000_000);
});

it("TAP2 a link stops reading while the other side does not, and goes on when it does", async () => {
  const [sender, source] = await socketPair();
  const [target, reader] = await socketPair();
  reader.pause();
  const lengths: number[] = [];
  new Link({
    source,
    target,
    gate: OPEN_GATE,
    parties: PARTIES,
    now: () => performance.now(),
    decoder: {
      push: (chunk) => [
        { length: chunk.length, hop: { kind: "raw", label: "", bytes: chunk.length } },
      ],
    },
    report: (hop) => lengths.push(hop.bytes),
  });
  const total = 32 * 1024 * 1024;
  sender.write(Buffer.alloc(total));
  await expect.poll(() => source.isPaused()).toBe(true);
  expect(target.writableLength).toBeLessThan(1024 * 1024);
  let received = 0;
  reader.on("data", (chunk) => {
    received += chunk.length;
  });
  reader.resume();
  await expect.poll(() => received, { timeout: 10_000 }).toBe(total);
  await expect.poll(() => lengths.reduce((sum, length) => sum + length, 0)).toBe(total);
});

it("TAP2 a unit too large to be gathered whole goes on in parts while the gate is not open", async () => {
  const gate = new TestGate();
  const { sender, out } = await startLines(gate);
  const much = 5_000_000;
  sender.write("x".repeat(much));
  const most = much - 2 * 1024 * 1024;
  await expect.poll(() => out.bytes, { timeout: 10_000 }).toBeGreaterThan(most);
  sender.write("\n");
  await expect.poll(() => gate.waiting.length).toBe(1);
  gate.release();
  await expect.poll(() => out.bytes, { timeout: 10_000 }).toBe(much + 1);
});
