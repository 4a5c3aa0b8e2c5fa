/** The page as it is built, answered from its files at an address of its own: no server, no cluster. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";

const ADDRESS = "http://page.test";
const TYPES: Record<string, string> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

export async function openBuiltPage(page: Page, query = ""): Promise<void> {
  await page.route(`${ADDRESS}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const contentType = TYPES[name.split(".").at(-1) ?? ""];
    if (contentType === undefined || name.includes("..")) return route.abort();
    return route.fulfill({ body: readFileSync(join("dist/playground", name)), contentType });
  });
  await page.goto(`${ADDRESS}/${query}`);
}
