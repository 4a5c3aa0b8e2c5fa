/** Health, replicas and settings: what the cluster is, and how it is changed. */
import { z } from "zod";
import { REPLICA_ACTIONS } from "../replica-actions.ts";
import { type SettingsPatch, settingsPatchSchema, settingsSchema } from "../settings.ts";
import { type Route, route } from "./route.ts";
import {
  clusterSchema,
  healthSchema,
  patternSchema,
  replicaSchema,
  scaleSchema,
} from "./schemas.ts";

const tag = "cluster";

export const clusterRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/health",
    tag,
    summary: "Whether all parts are up, and which broker and message store are in use.",
    answers: { 200: { description: "Health; passwords are left out.", schema: healthSchema } },
    handle: (_input, { plane }) => plane.view.health(),
  }),
  route({
    method: "get",
    path: "/api/cluster",
    tag,
    summary: "Both patterns: the balancer's URL and every replica.",
    answers: { 200: { description: "The cluster now.", schema: clusterSchema } },
    handle: (_input, { plane }) => plane.view.cluster(),
  }),
  route({
    method: "put",
    path: "/api/patterns/{pattern}/replicas",
    tag,
    summary: "Scales a pattern. Answers once new replicas are ready and leaving ones have drained.",
    params: z.object({ pattern: patternSchema }),
    body: scaleSchema,
    answers: { 200: { description: "The cluster afterwards.", schema: clusterSchema } },
    handle: async ({ params, body }, { plane, commands }) => {
      await commands.scale(params.pattern, body.count);
      return plane.view.cluster();
    },
  }),
  route({
    method: "post",
    path: "/api/replicas/{id}/{action}",
    tag,
    summary:
      "SIGKILL (kill); drain and stop (stop); SIGSTOP (freeze); SIGCONT (thaw); drain and start anew (restart).",
    params: z.object({ id: z.string(), action: z.enum(REPLICA_ACTIONS) }),
    answers: {
      200: { description: "The replica afterwards.", schema: replicaSchema },
      409: { description: "It makes no sense in the replica's present state." },
    },
    handle: ({ params }, { commands }) => commands.act(params.id, params.action),
  }),
  route({
    method: "get",
    path: "/api/settings",
    tag,
    summary: "All settings in force.",
    answers: { 200: { description: "Flat.", schema: settingsSchema } },
    handle: (_input, { plane }) => plane.settings.current,
  }),
  route({
    method: "patch",
    path: "/api/settings",
    tag,
    summary: "Changes some settings, all or none; answers once everybody has applied them.",
    body: settingsPatchSchema,
    answers: { 200: { description: "All settings, as they are now.", schema: settingsSchema } },
    handle: ({ body }, { commands }) => commands.changeSettings(body as SettingsPatch),
  }),
];
