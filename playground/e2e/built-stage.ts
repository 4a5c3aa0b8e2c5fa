/**
 * The stage alone, built as it is shipped, with made-up traffic: what drawing costs, without a
 * cluster that shares the processors. Its files are answered from memory, at an address of their own.
 */
import type { Page } from "@playwright/test";
import { build } from "vite";

const ADDRESS = "http://stage.test";
const TYPES: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  woff2: "font/woff2",
};

type Files = Map<string, string | Uint8Array>;

/** Takes about three seconds. */
export async function buildStage(): Promise<Files> {
  const built = await build({
    root: "playground/features/stage/testing",
    logLevel: "error",
    build: { write: false, target: "es2023", modulePreload: false },
  });
  const outputs = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(
    outputs.map((file) => [`/${file.fileName}`, file.type === "asset" ? file.source : file.code]),
  );
}

export async function openStage(page: Page, files: Files, query: string): Promise<void> {
  await page.route(`${ADDRESS}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === "/" ? "/index.html" : pathname;
    const body = files.get(name);
    if (body === undefined) return route.fulfill({ status: 404 });
    const contentType = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return route.fulfill({ body: Buffer.from(body), contentType });
  });
  await page.goto(`${ADDRESS}/${query}`);
}
