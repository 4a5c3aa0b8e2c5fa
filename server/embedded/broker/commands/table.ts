/**
 * All commands of the embedded broker. One more: one small function, one line here.
 */
import type { CommandTable } from "../command.ts";
import {
  clientGetname,
  clientId,
  clientInfo,
  clientList,
  clientSetinfo,
  clientSetname,
  onOrOff,
} from "./client.ts";
import { auth, echo, hello, ping, quit, reset, select } from "./connection.ts";
import {
  psubscribe,
  publish,
  pubsubChannels,
  pubsubNumpat,
  pubsubNumsub,
  punsubscribe,
  subscribe,
  unsubscribe,
} from "./pubsub.ts";
import { command, commandCount, commandDocs, info } from "./server.ts";

const whileSubscribed = true;
const beforeAuth = true;

export const COMMANDS: CommandTable = {
  auth: { arity: -2, beforeAuth, run: auth },
  "client|getname": { arity: 2, run: clientGetname },
  "client|id": { arity: 2, run: clientId },
  "client|info": { arity: 2, run: clientInfo },
  "client|list": { arity: -2, run: clientList },
  "client|no-evict": { arity: 3, run: onOrOff },
  "client|no-touch": { arity: 3, run: onOrOff },
  "client|setinfo": { arity: 4, run: clientSetinfo },
  "client|setname": { arity: 3, run: clientSetname },
  command: { arity: -1, run: command },
  "command|count": { arity: 2, run: commandCount },
  "command|docs": { arity: -2, run: commandDocs },
  echo: { arity: 2, run: echo },
  hello: { arity: -1, beforeAuth, run: hello },
  info: { arity: -1, run: info },
  ping: { arity: -1, whileSubscribed, run: ping },
  psubscribe: { arity: -2, whileSubscribed, run: psubscribe },
  publish: { arity: 3, run: publish },
  "pubsub|channels": { arity: -2, run: pubsubChannels },
  "pubsub|numpat": { arity: 2, run: pubsubNumpat },
  "pubsub|numsub": { arity: -2, run: pubsubNumsub },
  punsubscribe: { arity: -1, whileSubscribed, run: punsubscribe },
  quit: { arity: -1, whileSubscribed, beforeAuth, run: quit },
  reset: { arity: 1, whileSubscribed, beforeAuth, run: reset },
  select: { arity: 2, run: select },
  subscribe: { arity: -2, whileSubscribed, run: subscribe },
  unsubscribe: { arity: -1, whileSubscribed, run: unsubscribe },
};
