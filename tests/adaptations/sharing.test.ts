// Adaptations of models whose layers share weights, of named layers, and of text generated with caches.

import { expect, test } from "vitest";
import { adapted } from "../../compiler/adapt.ts";
import { trainedWeights, weightShapes } from "../../compiler/apply.ts";
import { instancesOf, type Architecture, type Head } from "../../compiler/architecture.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf, type Graph } from "../../compiler/graph/node.ts";
import { decodeGraph, planParameters, prefillGraph } from "../../compiler/graphs.ts";
import { callModel } from "../../compiler/model-call.ts";
import { forward } from "../../compiler/phases/3-build.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import { stackSize } from "../../compiler/sizes.ts";
import { checkText } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";

interface Model { readonly architecture: Architecture; readonly heads: readonly Head[] }

function modelOf(text: string, call: string, head: string): Model {
  const called = callModel(call, checkText(text));
  if ("diagnostics" in called) throw new Error(called.diagnostics.map(({ message }) => message).join("\n"));
  return { architecture: called.architecture, heads: called.architecture.heads.filter(({ name }) => name === head) };
}

function under({ architecture, heads }: Model, word: string, args: Call["arguments"]): Model & { readonly codes: readonly string[] } {
  const codes: string[] = [];
  const result = adapted(architecture, heads, { word, arguments: args }, ({ code }) => codes.push(code));
  return { ...(result ?? { architecture, heads }), codes };
}

const lora = (targets: readonly string[]) => ({ rank: 2, alpha: 2, targets, dropout: 0 });
const trainedOf = ({ architecture, heads }: Model): string[] => [...trainedWeights(architecture, heads)].sort();

test("ALBERT: one set of weights has one update, each use an adapter of its own", () => {
  const model = modelOf('import { albert } from "ptarmigan/albert.pt"\n', "albert(layers: 3, width: 8, embedding: 4, heads: 2, hidden: 12, vocab: 20, context: 9)", "mlm");
  const query = trainedOf(under(model, "lora", lora(["query"])));
  expect(query).toHaveLength(2);
  const adapters = trainedOf(under(model, "adapter", { width: 2, activation: { word: "gelu", arguments: {} } })).filter((name) => name.includes("adapter"));
  expect(adapters).toHaveLength(3 * 2 * 4);
});

test("a decoder that shares its encoder's weights shares their updates; cross-attention has its own", () => {
  const model = modelOf('import { t5_shared } from "ptarmigan/t5_architectures.pt"\n', "t5_shared(layers: 2, width: 8, heads: 2, head_width: 4, hidden: 12, vocab: 20)", "lm");
  const names = trainedOf(under(model, "lora", lora(["value"])));
  expect(names).toEqual(["decoder.layers.0.cross_attention", "decoder.layers.1.cross_attention", "encoder.layers.0.attention", "encoder.layers.1.attention"].flatMap((path) => [`${path}.value.lora_a`, `${path}.value.lora_b`]));
  const shared = planParameters(under(model, "lora", lora(["value"])).architecture, model.heads).find(({ name }) => name === "encoder.layers.0.attention.value.lora_a");
  expect(shared?.shared_by).toEqual(["decoder.layers.0.attention.value.lora_a"]);
});

const named = `model m(width = 6) {
  encoder { embed: tokens(9, width)  let funnel = dense(width, tanh)  repeat 2 { residual { layernorm attention(2, mask: full) } funnel }  dense(width) }
  head mlm { dense(9) }
  head classify(classes = 3) { pool(first) dense(classes) }
}
`;

test("a dense is a target by its own name, but not one of the task's own head", () => {
  const model = modelOf(named, "m()", "classify");
  expect(trainedOf(under(model, "lora", lora(["funnel"]))).filter((name) => !name.startsWith("classify"))).toEqual(["encoder.funnel.lora_a", "encoder.funnel.lora_b"]);
  expect(trainedOf(under(model, "lora", lora(["dense"]))).filter((name) => name.includes("lora"))).toEqual(["encoder.dense.lora_a", "encoder.dense.lora_b"]);
  expect(trainedOf(under(modelOf(named, "m()", "mlm"), "lora", lora(["dense"])))).toContain("mlm.dense.lora_b");
  expect(under(model, "lora", lora(["gate"])).codes).toEqual(["PT5080"]);
  expect(under(model, "last", { layers: 3 }).codes).toEqual(["PT5081"]);
});

test("an adapter does not take the name of one that the model has", () => {
  const own = named.replace("layernorm attention(2, mask: full)", "layernorm attention(2, mask: full) adapter(2)");
  const { architecture, heads } = under(modelOf(own, "m()", "classify"), "adapter", { width: 3, activation: { word: "gelu", arguments: {} } });
  expect(instancesOf(architecture, heads).filter(({ definition }) => definition.word === "adapter").map(({ path }) => path)).toEqual([0, 1].flatMap((i) => [`encoder.layers.${i}.adapter`, `encoder.layers.${i}.adapter_2`]));
});

test.each([["prompt", { length: 2 }], ["lora", lora(["query", "key", "value", "up"])], ["adapter", { width: 3, activation: { word: "gelu", arguments: {} } }]] as const)("%s: text generated with caches sees what the whole sequence sees", (word, args) => {
  const model = under(modelOf('import { gpt2 } from "ptarmigan/gpt2.pt"\n', "gpt2(layers: 2, width: 8, heads: 2, hidden: 12, vocab: 20, context: 12)", "lm"), word, args);
  const [{ architecture, heads: [head] }, length] = [model, 7];
  const weights = new Map<string, OracleData>([...weightShapes(architecture, [head])].map(([name, shape]) => [name, normals(sizeOf(shape), 2, name).map((x) => 0.4 * x)]));
  const ids = [3, 9, 4, 1, 17, 5, 11];
  const run = (graph: Graph, fields: Record<string, OracleData>) => evaluateGraph(graph, new Map(Object.keys(graph.inputs).map((name) => [name, fields[name] ?? weights.get(name)!])));

  const pass = forward(architecture, [head], { batch: 1, size: (stack) => stackSize(stack, length), pack: false, padding: true, training: false });
  pass.b.output("logits", pass.head(head));
  const whole = run(pass.b.finish(), { tokens: Int32Array.from(ids), positions: Int32Array.from(ids.keys()), real: new Int32Array(length).fill(1) }).get("logits")!;

  // Four tokens after a place of padding, then one at a time.
  const sizes = { lengthOf: () => 5, cache: length + 1 };
  let found = run(prefillGraph(architecture, head, sizes), { tokens: Int32Array.of(0, ...ids.slice(0, 4)), positions: Int32Array.of(0, 0, 1, 2, 3), real: Int32Array.of(0, 1, 1, 1, 1), last: Int32Array.of(4) });
  const decode = decodeGraph(architecture, head, sizes);
  for (let t = 3; t < length; t++) {
    const logits = found.get("logits")!;
    logits.forEach((value: number, v: number) => expect(Math.abs(value - whole[t * 20 + v])).toBeLessThan(1e-12));
    if (t + 1 === length) break;
    const caches = Object.fromEntries([...found].filter(([name]) => name.startsWith("cache:")));
    found = run(decode, { ...caches, tokens: Int32Array.of(ids[t + 1]), positions: Int32Array.of(t + 1), offset: Int32Array.of(t + 2), real: Int32Array.from({ length: length + 1 }, (_, i) => (i > 0 && i <= t + 2 ? 1 : 0)) });
  }
});
