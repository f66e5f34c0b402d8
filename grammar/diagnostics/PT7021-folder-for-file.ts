// PT7021: a folder where a file is wanted.

import { defineDiagnostic } from "./define.ts";

export const folderForFile = defineDiagnostic<{ readonly file: string }>({
  code: "PT7021",
  slug: "folder-for-file",
  severity: "error",
  title: "a folder where a file is wanted",
  message: ({ file }) => `\`${file}\` is a folder; a \`.pt\` file is wanted`,
  hint: ({ file }) => `name the file in it: \`${file.replace(/\/$/, "")}/spec.pt\``,
  page: "Commands that work on one spec, and imports, name a file. `pt check` and `pt format` also take folders and mean every `.pt` file in them.",
  failing: { files: { "main.pt": 'import { near } from "masks"\nmask nearer = causal & near\n', "masks/near.pt": "mask near = window(4)\n" } },
  fixed: { files: { "main.pt": 'import { near } from "masks/near.pt"\nmask nearer = causal & near\n', "masks/near.pt": "mask near = window(4)\n" } },
});
