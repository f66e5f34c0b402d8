// PT7230: a model that does not say how its weights are named elsewhere.

import { defineDiagnostic } from "./define.ts";
import { exportExample } from "./_export-example.ts";

export const noWeightsMap = defineDiagnostic<{ model: string; map: string }>({
  code: "PT7230",
  slug: "no-weights-map",
  severity: "error",
  title: "A model does not say how its weights are named elsewhere.",
  message: ({ model, map }) => `\`${model}\` has no \`weights ${map}\``,
  hint: ({ map }) => `add \`weights ${map} { … }\` to the model, or extend one that has it, such as \`gpt2\` or \`llama\``,
  page: "An export writes the weights under the names, and the settings under the keys, that the `weights` block of the model gives them. Models of families that no library knows can be exported with `--to tfjs`, which needs no names.",
  failing: exportExample({ declared: "tiny(vocab)", model: "decoder { embed: tokens(vocab, 8)  residual { rmsnorm attention(2, mask: causal) } }  head lm { tied }" }),
  fixed: exportExample({ declared: "tiny(vocab)", model: "decoder { embed: tokens(vocab, 8)  residual { rmsnorm attention(2, mask: causal) } }  head lm { tied }", to: "tfjs" }),
});
