/** `npm run bench`: builds what changed, then measures it (`server/bench`). */
import { build, explainFailure } from "./build.mjs";

const failures = await build();
for (const failure of failures) console.error(explainFailure(failure));
if (failures.some(({ name }) => name === "server")) process.exit(1);
await import("../dist/server/bench/main.js");
