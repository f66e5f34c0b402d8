// PT7235: heads that no class of the other library has.

import { defineDiagnostic } from "./define.ts";
import { exportExample } from "./_export-example.ts";

export const noModelClass = defineDiagnostic<{ model: string; heads: readonly string[]; known: { readonly [name: string]: readonly string[] } }>({
  code: "PT7235",
  slug: "no-model-class",
  severity: "error",
  title: "No class of the other library has these heads.",
  message: ({ model, heads }) => `\`${model}\` was trained with ${heads.length ? `the ${heads.length > 1 ? "heads" : "head"} ${heads.map((name) => `\`${name}\``).join(", ")}` : "no head"}, which no class in its \`architectures\` has`,
  hint: ({ known }) => `known: ${Object.entries(known).map(([name, heads]) => `${name} (${heads.join(", ")})`).join(", ")}`,
  page: "The `architectures` section of a `weights` block says which class has which heads. An export names the class that has exactly the heads that were trained.",
  failing: exportExample({ model: 'weights huggingface { model_type: "gpt2"  architectures { "GPT2ForSequenceClassification": [classify] } }' }),
  fixed: exportExample(),
});
