// PT7205: a class of a known model whose heads are not mapped.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unknownModelClass = defineDiagnostic<{ given: string; type: string; known: readonly string[]; suggestion?: string | undefined }>({
  code: "PT7205",
  slug: "unknown-model-class",
  severity: "error",
  title: "The class of a model is not known.",
  message: ({ given, type }) => `the class ${given} of the type \`${type}\` is not mapped`,
  hint: ({ known, suggestion }) => suggestion ?? `known classes: ${known.join(", ")}`,
  page: "`architectures` in config.json names the class that wrote the weights, and with it the heads that they have. The spec's `weights` block lists the classes it knows.",
  failing: modelExample({ config: { architectures: ["GPT2DoubleHeadsModel"] } }),
  fixed: modelExample(),
});
