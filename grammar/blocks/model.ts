// model: stacks of layers and heads.

import { defineBlock } from "./define.ts";

export const model = defineBlock({
  word: "model",
  doc: "An architecture: stacks (`encoder`, `decoder`) of layers, and heads that read them.",
  form: "model",
  relations: ["extends"],
  fields: {},
  example: `model tiny(width = 64) {
  decoder {
    embed: tokens(256, width) + learned_positions(32)
    repeat 2 { residual { layernorm attention(4, mask: causal) } residual { layernorm mlp(4 * width, gelu) } }
    layernorm
  }
  head lm { tied }
}`,
});
