// PT7232: weights that no line of a `weights` block names.

import { defineDiagnostic } from "./define.ts";
import { exportExample } from "./_export-example.ts";

export const unnamedWeights = defineDiagnostic<{ model: string; map: string; weights: readonly string[]; /** Whose layers they are. */ adaptation?: string | undefined }>({
  code: "PT7232",
  slug: "unnamed-weights",
  severity: "error",
  title: "Weights have no name in the other library.",
  message: ({ model, map, weights }) => `\`weights ${map}\` of \`${model}\` has no line for ${weights.slice(0, 3).map((name) => `\`${name}\``).join(", ")}${weights.length > 3 ? ` and ${weights.length - 3} more` : ""}`,
  hint: ({ adaptation }) => adaptation ? `they are what \`adapt: ${adaptation}\` added, which cannot become a part of the other weights; \`lora\` can` : "add lines for them, or take what they belong to out of the model",
  page: "A file without these weights would load there, and compute something else.",
  failing: exportExample({ model: "head lm { dense(vocab) }" }),
  fixed: exportExample(),
});
