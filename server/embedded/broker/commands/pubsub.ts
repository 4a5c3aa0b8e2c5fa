/** Pub/Sub, the whole reason: publish, subscribe, and who is subscribed. */
import type { RespValue } from "../../../protocols/resp.ts";
import type { CommandContext } from "../command.ts";
import { matchesGlob } from "../glob.ts";
import { array, bulk, error, integer, NIL, push } from "../resp-encode.ts";
import { count, type Topic } from "../subscriptions.ts";

type Args = readonly Buffer[];

const NAME_TOO_LONG = error("ERR the name of a channel is too long");

export function publish(context: CommandContext, [channel, payload]: Args): RespValue {
  if ((channel?.length ?? 0) > context.maxNameBytes) return NAME_TOO_LONG;
  return integer(context.publish(name(channel), payload ?? Buffer.alloc(0)));
}

export const subscribe = subscriber("subscribe", "channels");
export const psubscribe = subscriber("psubscribe", "patterns");
export const unsubscribe = unsubscriber("unsubscribe", "channels");
export const punsubscribe = unsubscriber("punsubscribe", "patterns");

/** One confirmation per name, each with the count of subscriptions then. */
function subscriber(kind: string, topic: Topic) {
  return (context: CommandContext, args: Args): RespValue | undefined => {
    const { session, subscriptions, maxSubscriptions, maxNameBytes } = context;
    for (const arg of args) {
      if (arg.length > maxNameBytes) return NAME_TOO_LONG;
      const isNew = !session[topic].has(name(arg));
      if (isNew && count(session) >= maxSubscriptions) {
        return error("ERR max number of subscriptions reached");
      }
      const total = subscriptions.add(session, topic, name(arg));
      session.reply(push([bulk(kind), bulk(arg), integer(total)]));
    }
    return undefined;
  };
}

/** Without names: from all of that kind; from none, one confirmation of nothing. */
function unsubscriber(kind: string, topic: Topic) {
  return (context: CommandContext, args: Args): undefined => {
    const { session, subscriptions } = context;
    const names = args.length > 0 ? args.map(name) : [...session[topic]];
    for (const each of names) {
      const total = subscriptions.remove(session, topic, each);
      session.reply(push([bulk(kind), bulk(each), integer(total)]));
    }
    if (names.length === 0) session.reply(push([bulk(kind), NIL, integer(count(session))]));
  };
}

export function pubsubChannels({ subscriptions, said }: CommandContext, args: Args): RespValue {
  const [pattern, tooMuch] = args;
  if (tooMuch) {
    return error(
      `ERR unknown subcommand or wrong number of arguments for '${said[1]}'. Try PUBSUB HELP.`,
    );
  }
  const channels = [...subscriptions.channels.keys()];
  const wanted = pattern ? channels.filter((one) => matchesGlob(name(pattern), one)) : channels;
  return array(wanted.map(bulk));
}

export function pubsubNumsub({ subscriptions }: CommandContext, args: Args): RespValue {
  return array(
    args.flatMap((arg) => [bulk(arg), integer(subscriptions.subscribersOf(name(arg))?.size ?? 0)]),
  );
}

export function pubsubNumpat({ subscriptions }: CommandContext): RespValue {
  return integer(subscriptions.patterns.size);
}

/** Names are bytes; as latin1 strings they keep every byte and serve as keys. */
function name(arg: Buffer | undefined): string {
  return arg?.toString("latin1") ?? "";
}
