// The reference's own examples, as far as their vocabulary exists.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { countedHeads } from "../../compiler/architecture.ts";
import { classifyMask } from "../../compiler/graph/mask.ts";
import { instantiate } from "../../compiler/phases/2-check/model.ts";
import { evaluateMaskThunk } from "../../compiler/phases/2-check/masks.ts";
import { thunkOf } from "../../compiler/phases/2-check/context.ts";
import { defaultExpression } from "../../compiler/phases/2-check/defaults.ts";
import { countOf } from "../../compiler/phases/2-check/run-fields.ts";
import { checkText, codes, planOf, root } from "../harness/compiling.ts";

const gpt2 = `/// GPT-2 (Radford et al. 2019): pre-norm decoder, learned positions, tied head.
model gpt2(layers = 12, width = 768, heads = 12, hidden = 4 * width, vocab = 50_257, context = 1_024, drop = 10%) {
  decoder {
    embed: tokens(vocab, width) + learned_positions(context)
    dropout(drop)
    repeat layers {
      residual { layernorm(eps: 1e-5) attention(heads, mask: causal, dropout: drop) dropout(drop) }
      residual { layernorm(eps: 1e-5) mlp(hidden, gelu_tanh) dropout(drop) }
    }
    layernorm(eps: 1e-5)
  }
  head lm { tied }
  head classify(classes) { pool(last) dense(classes, bias: off) }
}
`;

const palm = `model palm(layers = 118, width = 18_432, heads = 48, hidden = 73_728, vocab = 256_000) {
  decoder {
    embed: tokens(vocab, width)
    repeat layers {
      residual {
        layernorm(bias: off)
        parallel {
          attention(heads, head_width: 256, kv_heads: 1, mask: causal, positions: rope, bias: off)
          mlp(hidden, swiglu, bias: off)
        }
      }
    }
    layernorm(bias: off)
  }
  head lm { tied }
}
`;

const masks = `mask sliding(n) = causal & (query - key < n)
mask strided(n) = causal & ((query - key) mod n == 0)
mask longformer(n, g) = window(n) | key < g | query < g
`;

const runs = `${gpt2}
data novels { files: "texts/*.txt"  format: text  split { train: 90%  valid: 5%  test: 5% } }
tokenizer words { kind: bpe(vocab: 4_096)  trained_on: novels  special: [<pad>, <unk>, <cls>, <sep>, <mask>]  sentinels: 100 }
pretrain small {
  model: gpt2(layers: 4, width: 128, heads: 4, context: 128)     // \`vocab\` follows the tokenizer
  tokenizer: words
  data: novels
  objective: causal_lm
  length: 128
  pack: on                              // several documents a sequence: \`document\` is applied to every mask, positions restart
  batch: 32 examples                    // or tokens; split into micro-batches by memory, with the same loss and gradients
  train: 2k steps                       // or tokens, epochs, examples; tokens_per_parameter(20)
  optimizer: adamw(lr: 1e-3, betas: [0.9, 0.98], weight_decay: 0.1, clip: 1.0)
  schedule: cosine(warmup: 5%)
  precision: f32
  memory: 4 GB                          // optional limit: decides micro-batches and recomputation, never the result
  guard: stop                           // a non-finite loss: stop, skip (the batch) or rollback
  evaluate { every: 200 steps  data: novels.valid  metrics: [loss, perplexity, bits_per_byte] }
  checkpoint { every: 500 steps  keep: 3 }
  sample { every: 500 steps  prompt: "Call me"  tokens: 60  top_p: 0.9 }
  seed: 17
}
pretrain wider extends small { model.width: 256  model.heads: 8  remove sample }
pretrain longer from small(checkpoint: best) { length: 128  train: 500 steps  optimizer: adamw(lr: 1e-4)  schedule: constant  data: novels  objective: causal_lm  batch: 16 examples }
`;

describe("examples of the reference", () => {
  test("they check clean", () => {
    for (const text of [gpt2, palm, masks, runs]) expect(codes(checkText(text))).toEqual([]);
  });

  test("an override reaches the model, and `from` the weights", () => {
    const [small, wider, longer] = ["small", "wider", "longer"].map((run) => planOf(runs, { run }));
    const width = (plan: typeof small): number => plan.parameters[0].shape[1];
    expect([width(small), width(wider)]).toEqual([128, 256]);
    expect(small.samples).not.toBeNull();
    expect(wider.samples).toBeNull();
    expect(longer.from).toEqual({ run: "small", hash: small.hash, checkpoint: "best", imported: false });
    expect(longer.seeds.run).toBe(17);
  });

  test("PaLM has 540 billion parameters", () => {
    const { context, scope } = checkText(palm);
    const made = instantiate(scope.declarations[0], {}, { place: scope.declarations[0].place }, context)!;
    expect(countOf(made, countedHeads(made)) / 1e9).toBeCloseTo(540.35, 1);
  });

  test("masks are classified for kernels", () => {
    const { context, scope } = checkText(masks);
    const classOf = (text: string) => {
      const value = evaluateMaskThunk(thunkOf(defaultExpression(text), { ...scope, source: { ...scope.source, file: "call" } }), context);
      return value?.kind === "mask" ? classifyMask(value.mask) : null;
    };
    expect(classOf("sliding(4)")).toEqual({ class: "banded", document: false, band: [-3, 0] });
    expect(classOf("sliding(4) & document")).toMatchObject({ class: "banded", document: true });
    expect(classOf("full & causal")).toMatchObject({ class: "causal" });
    expect(classOf("window(2)")).toMatchObject({ class: "banded", band: [-1, 1] });
    expect(classOf("prefix")).toMatchObject({ class: "prefix" });
    expect(classOf("window(2) | global(1)")?.class).toBe("block-sparse");
    // Every block below the diagonal holds pairs: there is nothing to skip.
    expect(classOf("strided(3)")?.class).toBe("general");
    // Fractions and quotients are rounded: no band is claimed.
    for (const text of ["causal & ((query - key) * 0.01 < 0.2)", "causal & ((query - key) / 8 <= 8)"]) expect(classOf(text)?.class).toBe("block-sparse");
    expect(classOf("not document")).toMatchObject({ class: "general" });
  });
});

const published = new URL("../../../shared/models.pt", import.meta.url);

test.skipIf(!existsSync(published))("the shipped models are those published, with more lines of their maps at most (skipped without ../shared)", () => {
  const text = readFileSync(published, "utf8");
  for (const name of ["gpt", "gpt2", "llama"]) {
    const model = text.slice(text.indexOf(`\nmodel ${name}(`) + 1).split("\n}\n")[0].split("\n").map((line) => line.trim());
    const shipped = readFileSync(`${root}specs/${name}.pt`, "utf8").split("\n").map((line) => line.trim());
    expect(model.filter((line) => !shipped.includes(line))).toEqual([]);
    expect(shipped.filter((line) => line && !model.includes(line) && !line.startsWith("//") && !line.startsWith('"'))).toEqual([]);
  }
});
