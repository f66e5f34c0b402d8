// PT4001: a residual or parallel whose widths do not agree.

import { defineDiagnostic } from "./define.ts";
import { tinyModel } from "./_run-example.ts";

export const widthChanges = defineDiagnostic<{ what: "residual" | "parallel" | "head of two branches"; before: number; after: number }>({
  code: "PT4001",
  slug: "width-changes",
  severity: "error",
  title: "a residual or parallel whose widths do not agree",
  message: ({ what, before, after }) => what === "residual" ? `\`residual\` changes the width: ${before} features go in, ${after} come out` : `the members of \`parallel\` differ: ${before} features from one, ${after} from another`,
  hint: ({ what, before }) => what === "residual" ? `end it with a layer of the input's width, such as \`dense(${before})\`` : undefined,
  page: "`residual { … }` adds its input to its result and `parallel { … }` adds the results of its members, so they must have one width.",
  failing: tinyModel.replace("mlp(4 * width, gelu", "dense(2 * width"),
  fixed: tinyModel.replace("mlp(4 * width, gelu", "dense(width"),
});
