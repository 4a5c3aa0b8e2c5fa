/**
 * Which decoder reads which link: one more protocol is one more line here.
 */
import { TARGET } from "../../../../shared/contracts/ids.ts";
import type { TapConfig } from "../../contract.ts";
import type { ConnectionDecoder } from "../unit.ts";
import { createPayloadReader, type PayloadReader } from "./chat-payload.ts";
import { createPostgresDecoder } from "./postgres-decoder.ts";
import { createRespDecoder } from "./resp-decoder.ts";

/** One for the whole process: every replica is pushed the same payloads. */
const readPayload = createPayloadReader();
/** What a stranger publishes is its own affair, be the channel called as ours are. */
const readNothing: PayloadReader = () => ({});

const DECODERS = {
  broker: ({ pattern }) => createRespDecoder(pattern === TARGET ? readNothing : readPayload),
  store: (config) => createPostgresDecoder({ pattern: config.pattern }),
} as const satisfies Record<TapConfig["link"], (config: TapConfig) => ConnectionDecoder>;

export function createDecoder(config: TapConfig): ConnectionDecoder {
  return DECODERS[config.link](config);
}
