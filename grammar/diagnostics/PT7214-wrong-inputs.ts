// PT7214: inputs that the model cannot be applied to.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const wrongInputs = defineDiagnostic<{ file: string; field: string | null; reason: string; suggestion?: string | undefined }>({
  code: "PT7214",
  slug: "wrong-inputs",
  severity: "error",
  title: "A model cannot be applied to the inputs.",
  message: ({ file, field, reason }) => (field === null ? `\`${file}\` cannot be used: ${reason}` : `\`${field}\` ${reason}`),
  hint: ({ suggestion }) => suggestion,
  page: "The inputs are a JSON object: `input_ids` is a list of rows of equal length; `attention_mask` has the same form, with 1 for what is real and 0 for padding; `labels` are what the loss is computed from, -100 where nothing counts.",
  failing: modelExample({ inputs: { input_ids: [[1, 2, 30]] } }),
  fixed: modelExample(),
});
