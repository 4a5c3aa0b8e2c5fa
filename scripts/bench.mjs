/** `npm run bench`: builds what changed, then measures it (`server/bench`). */
import { buildServerOrExit } from "./build.mjs";

await buildServerOrExit();
await import("../dist/server/bench/main.js");
