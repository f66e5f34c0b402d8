// PT7206: a setting of config.json with a value that is not supported.

import { defineDiagnostic } from "./define.ts";
import { modelExample } from "./_model-example.ts";

export const unsupportedSetting = defineDiagnostic<{ key: string; given: string; wanted: string; suggestion?: string | undefined }>({
  code: "PT7206",
  slug: "unsupported-setting",
  severity: "error",
  title: "A setting of a model has a value that is not supported.",
  message: ({ key, given, wanted }) => `\`${key}\` is ${given}; supported is ${wanted}`,
  hint: ({ suggestion }) => suggestion,
  page: "The spec computes the model in one way, and this setting asks for another. Leaving it out would load the weights and give wrong results, so the model is refused.",
  failing: modelExample({ config: { scale_attn_by_inverse_layer_idx: true } }),
  fixed: modelExample(),
});
