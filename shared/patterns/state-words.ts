/** What a client does in each state of its machine, in a sentence for the page. */
import type { Pattern } from "../contracts/ids.ts";

export const STATE_WORDS: Record<Pattern, Readonly<Record<string, string>>> = {
  "long-polling": {
    polling:
      "It has asked for what came after its cursor. The replica parks the poll until a message comes or the poll timeout passes.",
    pausing:
      "It has been answered and waits out the poll gap. What is sent now, it gets with its next poll.",
    "backing-off":
      "Its poll failed. It waits, longer after each failure and never just as long as the others, so that they do not all come back at once.",
    stopped: "It has left.",
  },
  "web-sockets": {
    connecting: "It opens its connection, and says what it has if it was here before.",
    connected:
      "Its connection is open: each message comes by itself, and there is nothing to wait for.",
    reconnecting:
      "It has lost its connection. It waits, longer after each failure and never just as long as the others, so that they do not all come back at once.",
    stopped: "It has left.",
  },
};
