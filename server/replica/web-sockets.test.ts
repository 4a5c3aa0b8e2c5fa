import { bareSettings } from "./testing/bare-settings.ts";
import { webSocketsContract } from "./web-sockets.suite.ts";

for (const setting of bareSettings("web-sockets")) webSocketsContract(setting);
