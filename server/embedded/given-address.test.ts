import { describe, expect, it } from "vitest";
import { readDatabaseUrl, readRedisUrl } from "./given-address.ts";

describe("given addresses", () => {
  it.each([
    ["redis://localhost", "redis://localhost", "localhost", 6379],
    ["redis://me:pw@10.0.0.1:7000/2", "redis://me@10.0.0.1:7000/2", "10.0.0.1", 7000],
    ["redis://:pw@[::1]:7000?password=pw", "redis://[::1]:7000", "::1", 7000],
  ])("BR19 %s", (url, publicUrl, host, port) => {
    expect(readRedisUrl(url)).toEqual({ url, publicUrl, host, port });
  });

  it.each([
    ["rediss://:secret@host", "asks for TLS (rediss://host), which is not supported yet."],
    ["http://secret@host", "must begin with redis://, not http://."],
    ["secret host", "is no address such as redis://127.0.0.1:6379."],
    ["redis://", "is no address such as redis://127.0.0.1:6379."],
  ])("BR19 %s is refused in plain words, without its password", (url, words) => {
    expect(() => readRedisUrl(url)).toThrow(`REDIS_URL ${words}`);
  });

  it.each([
    ["postgres://a:b@db/x", "postgres://a:b@db/x", "postgres://a@db/x", 5432],
    [
      "postgresql://db:6000/x?sslmode=disable",
      "postgresql://db:6000/x?sslmode=disable",
      "postgresql://db:6000/x?sslmode=disable",
      6000,
    ],
    [
      "postgres://db/x?sslmode=prefer",
      "postgres://db/x?sslmode=disable",
      "postgres://db/x?sslmode=disable",
      5432,
    ],
    ["postgres://db/x?ssl=false", "postgres://db/x", "postgres://db/x", 5432],
  ])("ST14 %s", (given, url, publicUrl, port) => {
    expect(readDatabaseUrl(given)).toEqual({ url, publicUrl, host: "db", port });
  });

  it.each([
    [
      "postgres://a:secret@db/x?sslmode=require",
      "asks for TLS (postgres://a@db/x?sslmode=require), which is not supported yet.",
    ],
    ["postgres://db/x?sslmode=verify-full", "asks for TLS"],
    ["postgres://db/x?ssl=true", "asks for TLS"],
    ["mysql://a:secret@db/x", "must begin with postgres://, not mysql://."],
    ["secret", "is no address such as"],
  ])("ST14 %s is refused in plain words, without its password", (url, words) => {
    expect(() => readDatabaseUrl(url)).toThrow(`DATABASE_URL ${words}`);
    expect(() => readDatabaseUrl(url)).not.toThrow("secret");
  });
});
