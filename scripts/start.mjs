/**
 * `npm start`: builds what changed, then becomes the playground (same process, so signals reach it).
 * A page that does not build is said and does not keep the cluster from starting.
 */
import { buildServerOrExit } from "./build.mjs";

await buildServerOrExit();
await import("../dist/server/main.js");
