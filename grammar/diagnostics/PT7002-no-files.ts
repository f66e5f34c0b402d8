// A pattern of `files` finds nothing.

import { dataExample } from "./_data-example.ts";
import { defineDiagnostic } from "./define.ts";

export const noFiles = defineDiagnostic<{ readonly pattern: string; readonly folder: string; readonly nearest?: string; readonly missingFolder?: string; readonly isFolder?: boolean }>({
  code: "PT7002",
  slug: "no-files",
  severity: "error",
  title: "A pattern of `files` finds no file.",
  message: (data) => `no file matches \`${data.pattern}\`` + (data.missingFolder ? `: there is no folder \`${data.missingFolder}\`` : ""),
  hint: (data) => (data.isFolder ? "this folder holds no file" : data.nearest ? `the nearest name is \`${data.nearest}\`` : `paths are relative to \`${data.folder}\``),
  page: "`files` holds paths and patterns (`*`, `**`, `?`, `[ab]`, `{a,b}`) relative to the folder of the `.pt` file that wrote them. Each must find at least one file, so that a misspelt name cannot silently shrink the data.",
  failing: dataExample({ files: "dota.txt" }),
  fixed: dataExample(),
});
