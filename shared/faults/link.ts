/**
 * Which links a fault is done to: two ends, as trace events name participants, each one of them or
 * a group (`client:*`, `replica:lp-*`). A request is one hop from client to replica and crosses the
 * balancer on its way, so a hop is on every link whose two ends it passes.
 *
 *   client ── balancer ── replica ──┬── broker
 *                                   └── store         up: to the right; down: back
 */
import {
  isSide,
  PATTERN_PREFIX,
  type Participant,
  type Side,
  TARGET,
  TARGET_REPLICA,
} from "../contracts/ids.ts";

/** A participant, or a group of one kind: a name that ends in `*` stands for all that begin so. */
export type Selector = Participant | "balancer:*";

/** Either end may be named first. */
export interface FaultLink {
  from: Selector;
  to: Selector;
}

/** `up`: what goes towards broker and store. `down`: what comes back to clients. */
export const DIRECTIONS = ["both", "up", "down"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What crosses, or would: between whom, and on which side. */
export interface Ends {
  from: Participant;
  to: Participant;
  pattern?: Side;
}

const SELECTOR =
  /^client:(?:\*|[A-Za-z0-9_.:-]{1,64}\*?)$|^balancer:(?:\*|long-polling|web-sockets|target)$|^replica:(?:\*|target|(?:lp|ws)-(?:\*|\d{1,3}))$|^broker$|^store$/;

export function isSelector(text: string): text is Selector {
  return SELECTOR.test(text);
}

type Role = "client" | "balancer" | "replica" | "broker" | "store";
const RANK: Record<Role, number> = { client: 0, balancer: 1, replica: 2, broker: 3, store: 3 };
const LINKS: ReadonlySet<string> = new Set([
  "client balancer",
  "client replica",
  "balancer replica",
  "replica broker",
  "replica store",
]);

export function roleOf(end: Selector): Role {
  const colon = end.indexOf(":");
  return (colon < 0 ? end : end.slice(0, colon)) as Role;
}

/** The end nearer to the clients first. */
export function inOrder({ from, to }: FaultLink): FaultLink {
  return RANK[roleOf(from)] > RANK[roleOf(to)] ? { from: to, to: from } : { from, to };
}

/** Why there is no such link, in plain words; undefined where there is. */
export function linkRefusal(link: FaultLink): string | undefined {
  const { from, to } = inOrder(link);
  const [near, far] = [patternOf(from), patternOf(to)];
  if (near !== undefined && far !== undefined && near !== far)
    return `${from} and ${to} belong to different patterns: no link joins them.`;
  if (LINKS.has(`${roleOf(from)} ${roleOf(to)}`)) return undefined;
  return (
    `There is no link between ${from} and ${to}. Links join clients and balancer, balancer and ` +
    "replicas, replicas and broker, replicas and store."
  );
}

/** The side that an end is of; undefined where it may be of any. */
export function patternOf(end: Selector): Side | undefined {
  const name = end.slice(end.indexOf(":") + 1);
  if (roleOf(end) === "balancer") return isSide(name) ? name : undefined;
  if (roleOf(end) !== "replica") return undefined;
  if (name === TARGET_REPLICA) return TARGET;
  const prefix = name.slice(0, name.indexOf("-"));
  if (prefix === PATTERN_PREFIX["long-polling"]) return "long-polling";
  return prefix === PATTERN_PREFIX["web-sockets"] ? "web-sockets" : undefined;
}

export function linkPattern({ from, to }: FaultLink): Side | undefined {
  return patternOf(from) ?? patternOf(to);
}

/** Whether a crossing is on the link, in that direction. Made once, asked for every hop. */
export function crossingTest(link: FaultLink, direction: Direction): (ends: Ends) => boolean {
  const { from, to } = inOrder(link);
  const [isNear, isFar] = [selectorTest(from), selectorTest(to)];
  return (ends) => {
    const isUp = RANK[roleOf(ends.from)] < RANK[roleOf(ends.to)];
    if (direction !== "both" && isUp !== (direction === "up")) return false;
    const [near, far] = isUp ? [ends.from, ends.to] : [ends.to, ends.from];
    const between = near.startsWith("client:") && ends.pattern && `balancer:${ends.pattern}`;
    const passes = (is: (end: string) => boolean): boolean =>
      is(near) || is(far) || (between ? is(between) : false);
    return passes(isNear) && passes(isFar);
  };
}

function selectorTest(selector: Selector): (participant: string) => boolean {
  if (!selector.endsWith("*")) return (participant) => participant === selector;
  const start = selector.slice(0, -1);
  return (participant) => participant.startsWith(start);
}

const PATTERN_WORDS: Record<Side, string> = {
  "long-polling": "long polling",
  "web-sockets": "WebSockets",
  target: "the server watched",
};

/** `replica lp-1 ↔ broker`, `broker → all replicas`. */
export function linkWords(link: FaultLink, direction: Direction): string {
  const { from, to } = inOrder(link);
  const [near, far] = [endWords(from), endWords(to)];
  if (direction === "down") return `${far} → ${near}`;
  return `${near} ${direction === "both" ? "↔" : "→"} ${far}`;
}

export function endWords(end: Selector): string {
  const role = roleOf(end);
  if (role === "broker") return "broker";
  if (role === "store") return "message store";
  const name = end.slice(role.length + 1);
  const pattern = patternOf(end);
  if (role === "balancer") return pattern ? `balancer of ${PATTERN_WORDS[pattern]}` : "balancers";
  if (pattern === TARGET) return "the server watched";
  if (name === "*") return `all ${role}s`;
  if (!name.endsWith("*")) return `${role} ${name}`;
  if (role === "replica" && pattern) return `all replicas of ${PATTERN_WORDS[pattern]}`;
  return `${role}s ${name.slice(0, -1)}…`;
}
