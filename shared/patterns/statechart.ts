/**
 * The statechart of a machine as data, read off the machine that runs: no second drawing of it to be
 * kept true by hand. Only what a chart of flat states needs.
 */
import type { AnyStateMachine } from "xstate";
import type { Pattern } from "../contracts/ids.ts";
import { longPollingMachine } from "./long-polling/client-machine.ts";
import { webSocketsMachine } from "./web-sockets/client-machine.ts";

/** An arrow: any of these events, `answered [hasGap]` where a guard must hold, leads from one state to another. */
export interface StatechartEdge {
  from: string;
  to: string;
  events: readonly string[];
}

export interface Statechart {
  initial: string;
  /** In the order in which the machine has them; final ones are left out. */
  states: readonly {
    name: string;
    /** Events that it takes and stays. */
    stays: readonly string[];
  }[];
  edges: readonly StatechartEdge[];
  /** Events that any state takes, and the final state that they lead to. */
  ends: readonly { event: string; to: string }[];
}

/** What runs in each client of a pattern. */
export const CLIENT_CHARTS: Record<Pattern, Statechart> = {
  "long-polling": statechartOf(longPollingMachine),
  "web-sockets": statechartOf(webSocketsMachine),
};

function statechartOf({ root }: AnyStateMachine): Statechart {
  const nodes = Object.values(root.states);
  const edges = new Map<string, { from: string; to: string; events: string[] }>();
  const states = nodes
    .filter(({ type }) => type !== "final")
    .map((node) => {
      const stays: string[] = [];
      for (const { event, guard, target } of transitionsOf(node)) {
        const words = guard === undefined ? event : `${event} [${guard}]`;
        if (target === undefined) stays.push(words);
        else {
          const key = `${node.key} ${target}`;
          const edge = edges.get(key) ?? { from: node.key, to: target, events: [] };
          edge.events.push(words);
          edges.set(key, edge);
        }
      }
      return { name: node.key, stays };
    });
  const [first] = root.initial.target;
  const ends = transitionsOf(root).flatMap(({ event, target }) =>
    target === undefined ? [] : [{ event, to: target }],
  );
  return { initial: first?.key ?? "", states, edges: [...edges.values()], ends };
}

type Node = AnyStateMachine["root"];

function transitionsOf(node: Node): { event: string; guard?: string; target?: string }[] {
  return [...node.transitions.values()].flat().map(({ eventType, guard, target }) => {
    const [to] = target ?? [];
    return {
      event: eventType,
      ...(typeof guard === "string" && { guard }),
      ...(to !== undefined && { target: to.key }),
    };
  });
}
