/** Virtual clients: how many, what they send, how much. */
import { z } from "zod";
import { Reply, type Route, route } from "./route.ts";
import {
  errorSchema,
  fleetPatchSchema,
  fleetSchema,
  loadSchema,
  loadsSchema,
  messageSchema,
  sendSchema,
} from "./schemas.ts";

const tag = "clients";

/** Of a message: whether it surely was not stored, or may have been. */
const mayFail = {
  502: { description: "Its replica, or the fleet, went: it may be stored.", schema: errorSchema },
  503: { description: "Nobody can take or store it: it is not stored.", schema: errorSchema },
  504: { description: "Replica or store said nothing: it may be stored.", schema: errorSchema },
};

export const clientRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/fleet",
    tag,
    summary: "How many virtual clients each pattern has.",
    answers: { 200: { description: "Counts.", schema: fleetSchema } },
    handle: (_input, { plane }) => ({ ...plane.clients }),
  }),
  route({
    method: "put",
    path: "/api/fleet",
    tag,
    summary:
      "That many virtual clients; a pattern that is left out keeps its own. Starts are spread.",
    body: fleetPatchSchema,
    answers: { 200: { description: "Counts wanted now.", schema: fleetSchema } },
    handle: ({ body }, { commands }) => commands.setFleet(body),
  }),
  route({
    method: "post",
    path: "/api/messages",
    tag,
    summary: "A virtual client sends a message, through the replica named or any.",
    body: sendSchema,
    answers: {
      201: { description: "The stored message.", schema: messageSchema },
      ...mayFail,
    },
    handle: async ({ body }, { commands }) => {
      const { status, message } = await commands.send(body);
      return new Reply(status, message);
    },
  }),
  route({
    method: "post",
    path: "/api/messages/clear",
    tag,
    summary: "Empties the message store of both patterns; replicas and clients start anew.",
    answers: { 200: { description: "Done.", schema: z.object({ cleared: z.literal(true) }) } },
    handle: async (_input, { commands }) => {
      await commands.clearMessages();
      return { cleared: true };
    },
  }),
  route({
    method: "get",
    path: "/api/load",
    tag,
    summary: "Open-loop arrivals a second, per pattern.",
    answers: { 200: { description: "Rates.", schema: loadsSchema } },
    handle: (_input, { plane }) => ({ ...plane.load }),
  }),
  route({
    method: "put",
    path: "/api/load",
    tag,
    summary: "Open-loop arrivals a second (Poisson); 0 stops them.",
    body: loadSchema,
    answers: { 200: { description: "Rates now.", schema: loadsSchema } },
    handle: async ({ body }, { plane, commands }) => {
      await commands.setLoad(body.pattern, body.rate);
      return { ...plane.load };
    },
  }),
  route({
    method: "post",
    path: "/api/welcome",
    tag,
    summary: "A page opened: the first one, if nothing was changed before, gets clients to watch.",
    answers: { 200: { description: "Done or not.", schema: z.object({ welcomed: z.boolean() }) } },
    handle: async (_input, { commands }) => ({ welcomed: await commands.welcome() }),
  }),
];
