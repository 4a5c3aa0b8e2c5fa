/** Calls that are promised but not built yet: they say so. */
import { Refusal } from "../refusal.ts";
import { type Method, type Route, route } from "./route.ts";

const later: [Method, string, string][] = [
  ["get", "/api/faults", "All faults in force."],
  ["post", "/api/faults", "Adds a fault to a link."],
  ["delete", "/api/faults", "Heals all links."],
  ["delete", "/api/faults/{id}", "Takes one fault away."],
];

export const laterRoutes: Route[] = later.map(([method, path, summary]) =>
  route({
    method,
    path,
    tag: "wire",
    summary: `${summary} Not built yet.`,
    answers: { 501: { description: "This playground cannot do that yet." } },
    handle: () => {
      throw new Refusal(501, "not-yet", "This playground cannot command the wire yet.");
    },
  }),
);
