/**
 * The control port's HTTP: who may come in, the table of routes, the page's files.
 * Every refusal and every fault is `{"error": {"code", "message"}}`.
 */
import { pipeline, Readable } from "node:stream";
import express, { type NextFunction, type Request, type Response } from "express";
import helmet from "helmet";
import { type Access, TOKEN_COOKIE } from "../access.ts";
import { Unanswered } from "../ask-link.ts";
import type { Log } from "../log.ts";
import { Refusal } from "../refusal.ts";
import type { Reply, Route } from "./route.ts";
import type { Surroundings } from "./surroundings.ts";

const BODY_LIMIT = "64kb";

export interface HttpOptions {
  access: Access;
  routes: readonly Route[];
  /** Present once everything is up; until then the API answers 503. */
  surroundings(): Surroundings | undefined;
  /** The built page. */
  pageDir: string;
  /** URLs the page may talk to besides its own: the balancers, http and ws. */
  connectTo: readonly string[];
  log: Log;
}

export function createControlApp(options: HttpOptions): express.Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(letIn(options.access));
  app.use(secured(options.connectTo));
  app.use("/api", express.json({ limit: BODY_LIMIT, strict: false }), onlyJson);
  for (const route of options.routes) {
    app[route.method](expressPath(route), (request, response) =>
      serve(route, options, request, response),
    );
  }
  for (const [path, allowed] of methodsByPath(options.routes)) {
    app.all(path, (request, response) => {
      response.set("Allow", allowed);
      const words = `${request.method} means nothing at ${request.path}; ${allowed} does.`;
      throw new Refusal(405, "method-not-allowed", words);
    });
  }
  app.use("/api", (request) => {
    throw new Refusal(404, "not-found", `There is no ${request.method} ${request.originalUrl}.`);
  });
  app.use(express.static(options.pageDir, { index: "index.html" }));
  app.get("/", (_request, response) => {
    response.status(503).type("html").send(NO_PAGE);
  });
  app.use((request) => {
    throw new Refusal(404, "not-found", `There is nothing at ${request.path}.`);
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const { status, code, message } = refusalOf(error, options.log);
    response.status(status).json({ error: { code, message } });
  });
  return app;
}

function expressPath(route: Route): string {
  return route.path.replace(/\{(\w+)\}/g, ":$1");
}

/** What each path answers to, as `Allow` has it. */
function methodsByPath(routes: readonly Route[]): Map<string, string> {
  const methods = new Map<string, string>();
  for (const route of routes) {
    const path = expressPath(route);
    const before = methods.get(path);
    const method = route.method === "get" ? "GET, HEAD" : route.method.toUpperCase();
    methods.set(path, before === undefined ? method : `${before}, ${method}`);
  }
  return methods;
}

const NO_PAGE =
  "<!doctype html><title>Realtime Playground</title><p>The page is not built. " +
  'The API works all the same: <a href="/api/openapi.json">what it offers</a>.';

function letIn(access: Access) {
  return (request: Request, response: Response, next: NextFunction) => {
    const refusal = access.refusal(request);
    if (refusal) throw refusal;
    if (access.cameWithToken(request)) {
      response.cookie(TOKEN_COOKIE, String(request.query.token), {
        httpOnly: true,
        sameSite: "strict",
      });
    }
    next();
  };
}

/** Styles are set by script (SVG, Mermaid, React Aria), so inline styles are allowed; scripts not. */
function secured(connectTo: readonly string[]) {
  return helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", ...connectTo],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  });
}

/** A body that is not declared as JSON is refused, not ignored. */
function onlyJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    Number(request.headers["content-length"] ?? 0) > 0 || request.headers["transfer-encoding"];
  if (hasBody && !request.is("application/json")) {
    throw new Refusal(415, "wrong-content-type", "The body must be application/json.");
  }
  next();
}

async function serve(route: Route, options: HttpOptions, request: Request, response: Response) {
  const around = options.surroundings();
  if (around === undefined) throw new Refusal(503, "starting", "The playground is still starting.");
  const { params, query, body } = request;
  send(response, await route.run({ params, query, body }, around), options.log);
}

function send(response: Response, { status, body, type, headers }: Reply, log: Log): void {
  response.status(status).set(headers).type(type);
  if (type === "application/json") response.json(body);
  else if (typeof body === "string") response.send(body);
  else {
    pipeline(Readable.from(body as Iterable<string>), response, (error) => {
      if (error) log.info({ error }, "an answer was not read to its end");
    });
  }
}

/** Faults of body parsing carry a `type`; anything unknown is ours and goes to the log. */
function refusalOf(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type === "entity.too.large") {
    return new Refusal(413, "body-too-large", `A body may have ${BODY_LIMIT} at most.`);
  }
  if (type === "entity.parse.failed") return new Refusal(400, "not-json", "The body is not JSON.");
  if (status !== undefined && status >= 400 && status < 500) {
    return new Refusal(status, "bad-request", (error as Error).message);
  }
  log.error({ error }, "a request failed");
  const words = error instanceof Error ? error.message : String(error);
  return new Refusal(error instanceof Unanswered ? 503 : 500, "internal", words);
}
