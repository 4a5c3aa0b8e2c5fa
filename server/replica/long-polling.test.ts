import { longPollingContract } from "./long-polling.suite.ts";
import { bareSettings } from "./testing/bare-settings.ts";

for (const setting of bareSettings("long-polling")) longPollingContract(setting);
