// PT7212: tensors of heads that the class of the model does not have.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unusedTensors = defineDiagnostic<{ tensors: readonly string[]; heads: string }>({
  code: "PT7212",
  slug: "unused-tensors",
  severity: "warning",
  title: "Tensors of the file are not used.",
  message: ({ tensors, heads }) => `${tensors.slice(0, 3).map((name) => `\`${name}\``).join(", ")}${tensors.length > 3 ? ` and ${tensors.length - 3} more` : ""} ${tensors.length === 1 ? "is" : "are"} not used by the ${heads}`,
  hint: () => "`architectures` in config.json decides which heads the model has",
  page: "The file has more heads than the class that config.json names. What the class does not use is left out, as transformers does.",
  failing: modelExample({ tensors: { "score.weight": [2, 4] } }),
  fixed: modelExample(),
});
