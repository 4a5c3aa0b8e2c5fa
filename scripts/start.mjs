/**
 * `npm start`: builds what changed, then becomes the playground (same process, so signals reach it).
 * A page that does not build is said and does not keep the cluster from starting.
 */
import { build, explainFailure } from "./build.mjs";

const failures = await build();
for (const failure of failures) console.error(explainFailure(failure));
if (failures.some(({ name }) => name === "server")) process.exit(1);
await import("../dist/server/main.js");
