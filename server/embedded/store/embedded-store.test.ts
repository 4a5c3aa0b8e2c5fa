import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Part } from "../part.ts";
import { nextChange, realClock, reports, temporaryFolder } from "../testing/fixture.ts";
import { startEmbeddedStore } from "./embedded-store.ts";

/** On a busy machine, too. */
const SOON = { timeout: 10_000 };

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {}); // the server goes away under it
  await client.connect();
  return client;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("embedded store", { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  const reporting = reports();
  let store: Part<"embedded">;
  const start = () =>
    startEmbeddedStore({
      dataDir: folder.dir,
      clock: realClock,
      random: Math.random,
      reports: reporting,
      storesElsewhere: join(folder.dir, "elsewhere"),
    });
  beforeAll(async () => {
    store = await start();
  });
  afterAll(async () => {
    await store.stop();
    folder.remove();
  });

  it("ST5 the first start says what it does, and makes a password of its own", async () => {
    expect(reporting.said.progress).toEqual(["Preparing the message store (first start only) …"]);
    const file = join(folder.dir, "store", "password");
    expect(store.url).toContain(`:${readFileSync(file, "utf8")}@127.0.0.1:${store.port}/`);
    if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(store.publicUrl).toBe(`postgres://playground@127.0.0.1:${store.port}/postgres`);
    expect(store).toMatchObject({ kind: "embedded", state: "up", host: "127.0.0.1" });
    expect(store.note).toMatch(/^Embedded: a real Postgres 18\.\d+, kept in the data folder\.$/);
  });

  it("ST6 it listens on loopback only and wants the password", async () => {
    const [settings] = await query(
      store.url,
      "SELECT current_setting('listen_addresses') AS hosts, current_setting('unix_socket_directories') AS sockets, current_setting('synchronous_commit') AS sync",
    );
    expect(settings).toEqual({ hosts: "127.0.0.1", sockets: "", sync: "on" });
    await expect(connect(store.url.replace(/:[^:@]+@/, ":wrong@"))).rejects.toThrow(
      "password authentication failed",
    );
  });

  it("ST8 killed, it comes back on its port with every acknowledged row", async () => {
    await query(store.url, "CREATE TABLE kept (n int PRIMARY KEY)");
    const writer = await connect(store.url);
    const acknowledged: number[] = [];
    const writing = (async () => {
      for (let n = 0; ; n++) {
        await writer.query("INSERT INTO kept VALUES ($1)", [n]);
        acknowledged.push(n);
      }
    })().catch((problem: Error) => problem);
    await expect.poll(() => acknowledged.length, SOON).toBeGreaterThan(50);
    const { port, pid } = store;
    const [down, up] = [nextChange(store, "down"), nextChange(store, "up")];
    process.kill(pid ?? 0, "SIGKILL");
    expect((await down).note).toBe(
      "The embedded message store was killed (SIGKILL); it is started again in 0.2 s.",
    );
    await up;
    expect(await writing).toBeInstanceOf(Error);
    expect(store).toMatchObject({ port, state: "up" });
    expect(store.pid).not.toBe(pid);
    const rows = await query(store.url, "SELECT n FROM kept ORDER BY n");
    expect(rows.map(({ n }) => n)).toEqual(expect.arrayContaining(acknowledged));
  });

  it("ST7 rows outlive a restart, and ST10 a postmaster.pid that names a stranger does no harm", async () => {
    const before = await query(store.url, "SELECT count(*) FROM kept");
    await store.stop();
    expect(store).toMatchObject({ state: "down", note: "Stopped.", pid: undefined });
    const pidFile = join(folder.dir, "store", "cluster", "postmaster.pid");
    writeFileSync(pidFile, `${process.pid}\n${join(folder.dir, "store", "cluster")}\n`);
    store = await start();
    expect(await query(store.url, "SELECT count(*) FROM kept")).toEqual(before);
    expect(reporting.said.progress).toHaveLength(1);
  });

  it("ST13 a database of another major version is refused, and left as it is", async () => {
    await store.stop();
    const file = join(folder.dir, "store", "cluster", "PG_VERSION");
    const version = readFileSync(file, "utf8");
    writeFileSync(file, "12\n");
    await expect(start()).rejects.toThrow(/was made by Postgres 12, and this is 18\./);
    writeFileSync(file, version);
    store = await start();
    expect(await query(store.url, "SELECT count(*) > 50 AS some FROM kept")).toEqual([
      { some: true },
    ]);
  });
});

describe("embedded store, started badly", { timeout: 60_000 }, () => {
  it("ST17 a port in use is an error in plain words", async () => {
    const folder = temporaryFolder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const starting = startEmbeddedStore({
      dataDir: folder.dir,
      port,
      clock: realClock,
      random: Math.random,
      reports: reports(),
      storesElsewhere: join(folder.dir, "elsewhere"),
    });
    await expect(starting).rejects.toThrow(
      /^The embedded message store could not be started: ended with code 1: could not create any TCP/,
    );
    other.close();
    folder.remove();
  });
});
