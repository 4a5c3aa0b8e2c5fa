/** `npm run chaos`: builds what changed, then breaks it (`server/chaos`). */
import { buildServerOrExit } from "./build.mjs";

await buildServerOrExit();
await import("../dist/server/chaos/main.js");
