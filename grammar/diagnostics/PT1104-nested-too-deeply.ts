// More nesting than a file may have.

import { defineDiagnostic } from "./define.ts";

interface Data { readonly brackets: number; readonly depth: number }

export const nestedTooDeeply = defineDiagnostic<Data>({
  code: "PT1104",
  slug: "nested-too-deeply",
  severity: "error",
  title: "More nesting than a file may have",
  message: ({ brackets, depth }) => `this is nested too deeply: at most ${brackets} brackets within one another, and ${depth} operators in one value`,
  page: `The bound is far above what a reader can follow; it keeps a damaged or generated file from exhausting the program. Give parts of the expression names with \`let\`.`,
  failing: `mask near = ${"(".repeat(70)}causal${")".repeat(70)}\n`,
  fixed: "mask near = (causal)\n",
});
