// PT7215: a way to apply a model that there is not.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unknownTask = defineDiagnostic<{ task: string | null; heads: readonly string[]; known: readonly string[]; suggestion?: string | undefined }>({
  code: "PT7215",
  slug: "unknown-task",
  severity: "error",
  title: "A model cannot be applied in this way.",
  message: ({ task, heads }) => (task === null ? `there is no way yet to apply a model with ${heads.length ? `the head ${heads.map((head) => `\`${head}\``).join(" and ")}` : "no head"}` : `the model cannot be applied as \`${task}\``),
  hint: ({ task, heads, known, suggestion }) => suggestion ?? (task !== null && known.includes(task) ? `it has the head${heads.length === 1 ? "" : "s"} ${heads.map((head) => `\`${head}\``).join(", ")}` : `known tasks: ${known.map((word) => `\`${word}\``).join(", ")}`),
  page: "The heads of a model decide how it is applied; `--task` chooses where there are several.",
  failing: modelExample({ command: ["apply", "model", "--inputs", "inputs.json", "--outputs", "out.safetensors", "--task", "classify"] }),
  fixed: modelExample(),
});
