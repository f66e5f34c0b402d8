// Every layer in a small model: the shapes of its weights, worked out by hand, and a graph that holds together with the
// shapes that phase 2 inferred.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { instancesOf } from "../../compiler/architecture.ts";
import { verify } from "../../compiler/graph/verify.ts";
import { layers } from "../../compiler/layers/index.ts";
import type { LayerDefinition } from "../../compiler/layers/define.ts";
import { callModel } from "../../compiler/model-call.ts";
import { positions } from "../../compiler/positions/index.ts";
import { forwardGraph, viewModel } from "../../compiler/show.ts";
import { check } from "../../runtime/index.ts";
import { root } from "../harness/compiling.ts";

/** `where` it stands in a decoder of width 8 over 11 tokens, and the leaves it has. */
interface Sample { readonly text: string; readonly where: "embed" | "stream" | "head"; readonly weights: Readonly<Record<string, readonly number[]>>; readonly width?: number }

const linear = (out: number, input: number, bias = true, name = ""): Record<string, number[]> => ({ [`${name}weight`]: [out, input], ...(bias ? { [`${name}bias`]: [out] } : {}) });

const samples: Readonly<Record<string, readonly Sample[]>> = {
  tokens: [{ text: "tokens(11, 8)", where: "embed", weights: { weight: [11, 8] } }],
  learned_positions: [{ text: "learned_positions(16)", where: "embed", weights: { weight: [16, 8] } }, { text: "learned_positions(16, offset: 2)", where: "embed", weights: { weight: [18, 8] } }],
  layernorm: [{ text: "layernorm", where: "stream", weights: { weight: [8], bias: [8] } }, { text: "layernorm(bias: off)", where: "stream", weights: { weight: [8] } }],
  rmsnorm: [{ text: "rmsnorm", where: "stream", weights: { weight: [8] } }, { text: "rmsnorm(offset: 1)", where: "stream", weights: { weight: [8] } }],
  attention: [
    { text: "attention(2, mask: causal)", where: "stream", weights: { ...linear(8, 8, true, "query."), ...linear(8, 8, true, "key."), ...linear(8, 8, true, "value."), ...linear(8, 8, true, "output.") } },
    { text: "attention(4, mask: causal, kv_heads: 2, head_width: 4, bias: off, positions: rope)", where: "stream", weights: { "query.weight": [16, 8], "key.weight": [8, 8], "value.weight": [8, 8], "output.weight": [8, 16] } },
    { text: "attention(2, mask: causal, qk_norm: on)", where: "stream", weights: { ...linear(8, 8, true, "query."), ...linear(8, 8, true, "key."), ...linear(8, 8, true, "value."), ...linear(8, 8, true, "output."), "query_norm.weight": [4], "key_norm.weight": [4] } },
    { text: "attention(2, mask: causal, positions: alibi)", where: "stream", weights: { ...linear(8, 8, true, "query."), ...linear(8, 8, true, "key."), ...linear(8, 8, true, "value."), ...linear(8, 8, true, "output.") } },
    { text: "attention(2, mask: causal, positions: relative_bias)", where: "stream", weights: { ...linear(8, 8, true, "query."), ...linear(8, 8, true, "key."), ...linear(8, 8, true, "value."), ...linear(8, 8, true, "output.") } },
    { text: "attention(2, mask: causal, qkv_bias: off)", where: "stream", weights: { "query.weight": [8, 8], "key.weight": [8, 8], "value.weight": [8, 8], ...linear(8, 8, true, "output.") } },
  ],
  mlp: [
    { text: "mlp(32, gelu)", where: "stream", weights: { ...linear(32, 8, true, "up."), ...linear(8, 32, true, "down.") } },
    { text: "mlp(32, swiglu, bias: off)", where: "stream", weights: { "gate.weight": [32, 8], "up.weight": [32, 8], "down.weight": [8, 32] } },
  ],
  moe: [
    { text: "moe(3, 16, silu)", where: "stream", weights: { "router.weight": [3, 8], ...Object.fromEntries([0, 1, 2].flatMap((e) => [[`experts.${e}.gate.weight`, [16, 8]], [`experts.${e}.up.weight`, [16, 8]], [`experts.${e}.down.weight`, [8, 16]]])) } },
    { text: "moe(2, 16, gelu, top: 1, gated: off, bias: on)", where: "stream", weights: { "router.weight": [2, 8], ...Object.assign({}, ...[0, 1].flatMap((e) => [linear(16, 8, true, `experts.${e}.up.`), linear(8, 16, true, `experts.${e}.down.`)])) } },
  ],
  dense: [{ text: "dense(5)", where: "head", weights: linear(5, 8), width: 5 }, { text: "dense(8, tanh, bias: off)", where: "stream", weights: { weight: [8, 8] } }],
  tied: [{ text: "tied", where: "head", weights: {}, width: 11 }],
  dropout: [{ text: "dropout(10%)", where: "stream", weights: {} }],
  scale: [{ text: "scale(0.5)", where: "stream", weights: {} }],
  pool: [{ text: "pool(last)", where: "head", weights: {} }, { text: "pool(first)", where: "head", weights: {} }, { text: "pool(first, token: 3)", where: "head", weights: {} }, { text: "pool(mean)", where: "head", weights: {} }],
  segments: [{ text: "segments(2)", where: "embed", weights: { weight: [2, 8] } }],
  sinusoidal_positions: [{ text: "sinusoidal_positions", where: "embed", weights: {} }],
  softcap: [{ text: "softcap(30)", where: "stream", weights: {} }],
  gate: [{ text: "gate", where: "stream", weights: { weight: [] } }],
  adapter: [{ text: "adapter(3)", where: "stream", weights: { ...linear(3, 8, true, "down."), ...linear(8, 3, true, "up.") } }],
};

function modelWith({ text, where }: Sample): string {
  const embed = where === "embed" && !text.startsWith("tokens") ? `tokens(11, 8) + ${text}` : where === "embed" ? text : "tokens(11, 8)";
  return `model sample { decoder { embed: ${embed} ${where === "stream" ? text : ""} } head own { ${where === "head" ? text : "rmsnorm"} } }\n`;
}

const mirrors = readdirSync(join(root, "tests/layers")).map((file) => readFileSync(join(root, "tests/layers", file), "utf8")).join("\n");

describe.each(Object.values(layers as unknown as Readonly<Record<string, LayerDefinition>>))("$word", (definition) => {
  const own = samples[definition.word];
  if (!own) {
    test("has values worked out by hand in tests/layers", () => {
      expect(mirrors).toMatch(new RegExp(`\\b${definition.word}\\b`));
    });
  }
  for (const sample of own ?? []) {
    test(sample.text, () => {
      const result = check(modelWith(sample));
      expect(result.diagnostics).toEqual([]);
      const called = callModel("sample", result);
      if ("diagnostics" in called) return expect(called.diagnostics).toEqual([]);
      const { architecture } = called;
      const instance = instancesOf(architecture, architecture.heads).find((one) => one.definition.word === definition.word && one.place.text.slice(one.place.span.start, one.place.span.end) === sample.text)!;
      expect(Object.fromEntries(Object.entries(instance.weights).map(([leaf, weight]) => [leaf, weight.shape]))).toEqual(sample.weights);
      expect(instance.definition.width(instance.args, instance.input)).toBe(sample.width ?? 8);

      const graph = forwardGraph(architecture, architecture.heads, 6);
      expect(verify(graph)).toEqual([]);
      const pooled = sample.text.startsWith("pool");
      expect(graph.values[graph.outputs.own].shape).toEqual([1, ...(pooled ? [] : [6]), sample.where === "head" ? (sample.width ?? 8) : 8]);
      const view = viewModel(architecture, architecture.heads, 6);
      expect(view.parameters).toBe(Object.values(graph.inputs).map((value) => graph.values[value]).filter((info) => info.dtype === "float32").reduce((sum, info) => sum + info.shape.reduce((a, b) => a * b, 1), 0));
    });
  }
});

test("position schemes inside attention are known to samples", () => {
  for (const word of Object.keys(positions)) expect(JSON.stringify(samples)).toContain(`positions: ${word}`);
});
