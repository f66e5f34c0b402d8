// PT7208: a tensor of the file that no line of the map knows.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unmappedTensor = defineDiagnostic<{ tensor: string; model: string; suggestion?: string | undefined }>({
  code: "PT7208",
  slug: "unmapped-tensor",
  severity: "error",
  title: "A tensor has no place in the model.",
  message: ({ tensor, model }) => `the tensor \`${tensor}\` has no place in \`${model}\``,
  hint: ({ suggestion }) => suggestion ?? "the configuration and the weights may be of different models",
  page: "Every tensor of the file must be mapped by a line of the spec's `weights` block, or be known and not used (`off`). A tensor left over means that the model computes something that the spec does not.",
  failing: modelExample({ tensors: { "transformer.h.0.attn.rotary.weight": [4] } }),
  fixed: modelExample(),
});
