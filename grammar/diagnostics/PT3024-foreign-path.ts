// PT3024: a path that means something on one machine only.

import { defineDiagnostic } from "./define.ts";
import { smallRun } from "./_run-example.ts";

export const foreignPath = defineDiagnostic<{ path: string }>({
  code: "PT3024",
  slug: "foreign-path",
  severity: "error",
  title: "a path that means something on one machine only",
  message: ({ path }) => (path.trim() ? `\`${path}\` is an absolute path` : "the path is empty"),
  hint: () => "write it relative to this file, or as `npm:package/path`; a link in the project may lead elsewhere",
  page: "A spec and its plan mean the same on every machine, so they hold no path of one. Paths are relative to the file that writes them.",
  failing: smallRun.replace("texts/*.txt", "/home/me/texts/*.txt"),
  fixed: smallRun,
});
