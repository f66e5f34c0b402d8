// A family that no shipped spec has: parallel sublayers, multi-query attention and ALiBi, in a `.pt` file alone.

import { describe, expect, test } from "vitest";
import { trainPlan } from "../../runtime/training/loop.ts";
import { planOf } from "../harness/compiling.ts";
import { newFolder } from "../harness/cli.ts";

const text = `model falcon_like(layers = 2, width = 32, heads = 4, vocab = 300) {
  decoder {
    embed: tokens(vocab, width)
    repeat layers {
      residual { layernorm parallel { attention(heads, mask: causal, kv_heads: 1, positions: alibi, bias: off) mlp(4 * width, gelu, bias: off) } }
    }
    layernorm
  }
  head lm { tied }
}
data words { files: "words.txt"  format: lines }
tokenizer letters { kind: bytes  special: [<pad>] }
pretrain small {
  model: falcon_like
  tokenizer: letters
  data: words
  objective: causal_lm
  length: 16
  batch: 4 examples
  train: 40 steps
  optimizer: adamw(lr: 1e-2)
}
`;

describe("parallel sublayers, one key/value head, ALiBi", () => {
  const plan = planOf(text);
  test("weights: one key and value head, one norm a block, no positions", () => {
    const names = plan.parameters.map(({ name }) => name);
    expect(plan.parameters.find(({ name }) => name === "decoder.layers.0.attention.key.weight")!.shape).toEqual([8, 32]);
    expect(names.filter((name) => name.startsWith("decoder.layers.1."))).toEqual(["layernorm.weight", "layernorm.bias", "attention.query.weight", "attention.key.weight", "attention.value.weight", "attention.output.weight", "mlp.up.weight", "mlp.down.weight"].map((leaf) => `decoder.layers.1.${leaf}`));
    expect(plan.costs.parameters.total).toBe(257 * 32 + 2 * (2 * 32 + 32 * 32 * 2 + 8 * 32 * 2 + 32 * 128 * 2) + 2 * 32);
  });
  test("it learns a line by heart", async () => {
    const base = newFolder({ "words.txt": "the whale is white\n".repeat(8) });
    const outcome = await trainPlan(plan, { folder: `${base}/run`, base, backend: "cpu" });
    expect(outcome.loss).toBeLessThan(0.7);
  });
});
