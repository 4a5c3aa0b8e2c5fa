/** Every call of the control API, in one list. */
import { clientRoutes } from "./client-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { faultRoutes } from "./fault-routes.ts";
import { holdRoutes } from "./hold-routes.ts";
import { openApiOf } from "./openapi.ts";
import { Reply, type Route, route } from "./route.ts";
import { sourceRoutes } from "./source-routes.ts";
import { traceRoutes } from "./trace-routes.ts";

const described: Route[] = [
  ...clusterRoutes,
  ...clientRoutes,
  ...traceRoutes,
  ...sourceRoutes,
  ...holdRoutes,
  ...faultRoutes,
];

const openApiRoute = route({
  method: "get",
  path: "/api/openapi.json",
  tag: "about",
  summary: "This description.",
  answers: { 200: { description: "OpenAPI 3.1." } },
  handle: (_input, { plane }) => new Reply(200, openApiOf(routes, plane.options.version)),
});

export const routes: readonly Route[] = [...described, openApiRoute];
