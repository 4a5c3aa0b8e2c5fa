/** The replicas' source, for the page's Code panel. */
import { z } from "zod";
import { Refusal } from "../refusal.ts";
import { listSource, readSource } from "../source-files.ts";
import { type Route, route } from "./route.ts";

const tag = "about";

export const sourceRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/source",
    tag,
    summary: "Which files of the replicas' source can be read.",
    answers: { 200: { description: "Paths.", schema: z.object({ files: z.array(z.string()) }) } },
    handle: async () => ({ files: await listSource() }),
  }),
  route({
    method: "get",
    path: "/api/source/{file}",
    tag,
    summary: "One file of the replicas' source, by its path, with slashes as %2F.",
    params: z.object({ file: z.string() }),
    answers: {
      200: { description: "Its text.", schema: z.object({ file: z.string(), text: z.string() }) },
      404: { description: "Not one of the files that are shown." },
    },
    handle: async ({ params: { file } }) => {
      const text = await readSource(file);
      if (text === undefined) {
        throw new Refusal(404, "not-found", `${file} is not among the files of /api/source.`);
      }
      return { file, text };
    },
  }),
];
