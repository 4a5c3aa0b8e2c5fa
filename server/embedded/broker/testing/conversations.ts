/** What is said to a broker and what it must answer, byte for byte; data of broker.suite.ts. */

type Conversation = [rule: string, said: string, answered: string];

const ONLY_SUBSCRIBER =
  "only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";

/** [what, said, answered]: each on a connection of its own. */
export const CONVERSATIONS: Conversation[] = [
  ["BR1 PING", "PING\r\nPING hi\r\n", "+PONG\r\n$2\r\nhi\r\n"],
  ["BR1 ECHO", "ECHO hi\r\n", "$2\r\nhi\r\n"],
  [
    "BR1 SELECT",
    "SELECT 1\r\nSELECT 16\r\nSELECT a\r\n",
    "+OK\r\n-ERR DB index is out of range\r\n-ERR value is not an integer or out of range\r\n",
  ],
  [
    "BR1 CLIENT SETNAME and GETNAME",
    "CLIENT GETNAME\r\nCLIENT SETNAME a\r\nCLIENT GETNAME\r\n",
    "$-1\r\n+OK\r\n$1\r\na\r\n",
  ],
  [
    "BR1 a name with blanks is refused",
    'CLIENT SETNAME "a b"\r\n',
    "-ERR Client names cannot contain spaces, newlines or special characters.\r\n",
  ],
  [
    "BR1 RESET",
    "SUBSCRIBE a\r\nRESET\r\nECHO a\r\n",
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+RESET\r\n$1\r\na\r\n",
  ],
  [
    "BR1 PUBSUB of nobody",
    "PUBSUB CHANNELS\r\nPUBSUB NUMSUB a\r\nPUBSUB NUMPAT\r\n",
    "*0\r\n*2\r\n$1\r\na\r\n:0\r\n:0\r\n",
  ],
  [
    "BR1 AUTH without a password set",
    "AUTH x\r\nAUTH default x\r\nAUTH me x\r\n",
    "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n+OK\r\n-WRONGPASS invalid username-password pair or user is disabled.\r\n",
  ],
  [
    "BR1 UNSUBSCRIBE from nothing",
    "UNSUBSCRIBE\r\nPUNSUBSCRIBE a\r\n",
    "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n*3\r\n$12\r\npunsubscribe\r\n$1\r\na\r\n:0\r\n",
  ],
  [
    "BR1 subscribing twice counts once",
    "SUBSCRIBE a a\r\nPSUBSCRIBE a\r\n",
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$10\r\npsubscribe\r\n$1\r\na\r\n:2\r\n",
  ],
  [
    "BR2 unknown command",
    "FOO a b\r\nPING\r\n",
    "-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n+PONG\r\n",
  ],
  [
    "BR2 unknown command with line ends",
    "*2\r\n$3\r\nfoo\r\n$4\r\na\r\nb\r\n",
    "-ERR unknown command 'foo', with args beginning with: 'a  b' \r\n",
  ],
  [
    "BR2 unknown command, long",
    `foo ${"x".repeat(200)} b\r\n`,
    `-ERR unknown command 'foo', with args beginning with: '${"x".repeat(128)}' \r\n`,
  ],
  [
    "BR2 too few arguments",
    "PUBLISH a\r\n",
    "-ERR wrong number of arguments for 'publish' command\r\n",
  ],
  [
    "BR2 too many arguments",
    "PING a b\r\n",
    "-ERR wrong number of arguments for 'ping' command\r\n",
  ],
  [
    "BR2 a subcommand's arguments",
    "CLIENT SETNAME\r\n",
    "-ERR wrong number of arguments for 'client|setname' command\r\n",
  ],
  [
    "BR2 unknown subcommand",
    "CLIENT fly\r\nPUBSUB\r\n",
    "-ERR unknown subcommand 'fly'. Try CLIENT HELP.\r\n-ERR wrong number of arguments for 'pubsub' command\r\n",
  ],
  [
    "BR2 syntax of subcommands",
    "PUBSUB CHANNELS a b\r\nCLIENT NO-EVICT x\r\n",
    "-ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.\r\n-ERR syntax error\r\n",
  ],
  [
    "BR3 inline commands, quotes and empty lines",
    "\r\nECHO \"a\\x41\\n\"\r\nECHO 'b c'\r\nECHO \xc3\xa0\r\n",
    "$3\r\naA\n\r\n$3\r\nb c\r\n$2\r\n\xc3\xa0\r\n",
  ],
  ["BR3 empty and null arrays are passed over", "*0\r\n*-1\r\nPING\r\n", "+PONG\r\n"],
  [
    "BR4 another protocol is refused",
    "HELLO 4\r\nHELLO x\r\nHELLO 3 FOO\r\nCLIENT GETNAME\r\n",
    "-NOPROTO unsupported protocol version\r\n-ERR Protocol version is not an integer or out of range\r\n-ERR Syntax error in HELLO option 'FOO'\r\n$-1\r\n",
  ],
  [
    "BR5 a RESP2 subscriber may do little",
    "SUBSCRIBE a\r\nECHO x\r\nCLIENT ID\r\nPING\r\nPING x\r\nUNSUBSCRIBE\r\nPING\r\n",
    `*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n-ERR Can't execute 'echo': ${ONLY_SUBSCRIBER}\r\n-ERR Can't execute 'client|id': ${ONLY_SUBSCRIBER}\r\n*2\r\n$4\r\npong\r\n$0\r\n\r\n*2\r\n$4\r\npong\r\n$1\r\nx\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n+PONG\r\n`,
  ],
  ["BR8 nobody is there", "PUBLISH nobody x\r\n", ":0\r\n"],
];

/** [what, said, last words]: the broker answers and hangs up. */
export const LAST_WORDS: Conversation[] = [
  ["BR1 QUIT", "QUIT\r\nPING\r\n", "+OK\r\n"],
  ["BR3 not a bulk", "*1\r\n!4\r\nPING\r\n", "-ERR Protocol error: expected '$', got '!'\r\n"],
  ["BR3 bad count", "*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"],
  [
    "BR3 commands before it are answered",
    "PING\r\n*x\r\n",
    "+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n",
  ],
  ["BR3 nothing counts after QUIT", "QUIT\r\n*x\r\n", "+OK\r\n"],
  ["BR3 bad length", "*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"],
  ["BR3 unbalanced quotes", 'ECHO "a\r\n', "-ERR Protocol error: unbalanced quotes in request\r\n"],
  ["BR3 an endless line", "x".repeat(70_000), "-ERR Protocol error: too big inline request\r\n"],
  ["BR7 HTTP", "POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n", ""],
];

/** With the password `open sesame`; of the longer answers the beginning. */
export const WITH_PASSWORD: Conversation[] = [
  [
    "BR6 nothing is obeyed before it",
    "PING\r\nSUBSCRIBE a\r\n",
    "-NOAUTH Authentication required.\r\n-NOAUTH Authentication required.\r\n",
  ],
  [
    "BR6 AUTH",
    'AUTH wrong\r\nAUTH "open sesame"\r\nPING\r\n',
    "-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n+PONG\r\n",
  ],
  [
    "BR6 AUTH with a user",
    'AUTH me "open sesame"\r\nAUTH default "open sesame"\r\n',
    "-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n",
  ],
  [
    "BR6 RESET takes it back",
    'AUTH "open sesame"\r\nRESET\r\nPING\r\n',
    "+OK\r\n+RESET\r\n-NOAUTH Authentication required.\r\n",
  ],
  [
    "BR6 HELLO without it",
    "HELLO 3\r\n",
    "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO ",
  ],
  ["BR6 HELLO with it", 'HELLO 3 AUTH default "open sesame"\r\n', "%7\r\n"],
];
