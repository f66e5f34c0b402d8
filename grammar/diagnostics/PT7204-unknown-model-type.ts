// PT7204: a kind of model that no spec maps.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unknownModelType = defineDiagnostic<{ given: string; known: readonly string[]; suggestion?: string | undefined }>({
  code: "PT7204",
  slug: "unknown-model-type",
  severity: "error",
  title: "A model is of a kind that no spec describes.",
  message: ({ given }) => `no spec maps models of type ${given}`,
  hint: ({ known, suggestion }) => suggestion ?? `known types: ${known.join(", ")}; a spec with a \`weights huggingface\` block adds one (\`--spec FILE\`)`,
  page: "Import and export read a model's own `weights huggingface` block, which names the `model_type` it is for. A new family needs a spec with such a block and no code.",
  failing: modelExample({ config: { model_type: "gpt3" } }),
  fixed: modelExample(),
});
