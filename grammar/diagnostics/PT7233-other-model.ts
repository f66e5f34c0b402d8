// PT7233: a config.json that would describe another model than the one that was trained.

import { defineDiagnostic } from "./define.ts";
import { exportExample } from "./_export-example.ts";

export const otherModel = defineDiagnostic<{ model: string; type: string; difference: string }>({
  code: "PT7233",
  slug: "other-model",
  severity: "error",
  title: "The other library would compute another model.",
  message: ({ model, type, difference }) => `\`${model}\` is not what a model of type "${type}" computes: ${difference}`,
  hint: () => "`--to tfjs` exports what was trained, whatever it is",
  page: "A model that extends a published one keeps its `weights` block, also where its layers, masks or norms are changed. So an export reads its own config.json back, as an import would, and compares every weight and every operation of the forward pass with what was trained.",
  failing: exportExample({ model: "decoder { embed: tokens(vocab, width) + learned_positions(context)  repeat layers { residual { layernorm(eps: eps) attention(heads, mask: causal & window(4)) } residual { layernorm(eps: eps) mlp(hidden, activation) } } layernorm(eps: eps) }" }),
  fixed: exportExample(),
});
