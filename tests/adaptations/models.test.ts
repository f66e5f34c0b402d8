// Every adaptation on a small model of each family: what is trained, that nothing changes at the start, gradients, and that
// the backward pass makes no gradient of what is frozen.

import { describe, expect, test } from "vitest";
import { adapted } from "../../compiler/adapt.ts";
import { applicationOf, applyGraph, trainedWeights, weightShapes } from "../../compiler/apply.ts";
import { instancesOf, weightsOf, type Architecture, type Head } from "../../compiler/architecture.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf, type Graph } from "../../compiler/graph/node.ts";
import { initializerStream, type InitializerDefinition } from "../../compiler/initializers/define.ts";
import { initializers } from "../../compiler/initializers/index.ts";
import { callModel } from "../../compiler/model-call.ts";
import { stackSize } from "../../compiler/sizes.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import { callWord } from "../../compiler/word-call.ts";
import { catalog } from "../../runtime/catalog.ts";
import { checkText } from "../harness/compiling.ts";
import { inputData, normals } from "../harness/random.ts";

const [batch, length, vocab, width, hidden] = [2, 5, 30, 8, 24];

/** `head` is the one that is trained; `norm`: a name that only norms have. */
const models = [
  { name: "bert", call: `bert(layers: 2, width: ${width}, heads: 2, hidden: ${hidden}, vocab: ${vocab}, context: 9)`, head: "classify" },
  { name: "gpt2", call: `gpt2(layers: 2, width: ${width}, heads: 2, hidden: ${hidden}, vocab: ${vocab}, context: 9)`, head: "lm" },
  { name: "t5", call: `t5(layers: 2, width: ${width}, heads: 2, head_width: 4, hidden: ${hidden}, vocab: ${vocab})`, head: "lm" },
  { name: "llama", call: `llama(layers: 2, width: ${width}, heads: 2, hidden: ${hidden}, vocab: ${vocab})`, head: "lm" },
  { name: "mixtral", call: `mixtral(layers: 2, width: ${width}, heads: 2, kv_heads: 1, hidden: ${hidden}, experts: 3, vocab: ${vocab})`, head: "lm" },
  { name: "vit", call: `vit(layers: 2, width: ${width}, heads: 2, hidden: ${hidden}, patch: 4, image: 8)`, head: "classify" },
] as const;

/** By model the names that are trained; `added` is asked of what the model did not have. */
const isNorm = (name: string): boolean => /norm(_\d)?\.(weight|bias)$/.test(name);
const stacks = (name: string): boolean => /^(encoder|decoder)\./.test(name);
/** What a task's own head is made of; the pretraining heads of the others are frozen where an adaptation does not name them. */
const taskHead = (name: string): boolean => /^(pooler|classify)\./.test(name);
const anyHead = (name: string): boolean => /^(pooler|classify|lm|logits)\./.test(name);
/** The upper of two layers, and a norm above it; BERT's stands below all layers. */
const top = (name: string, model: string): boolean => /^(encoder|decoder)\.layers\.1\./.test(name) || (model !== "bert" && /^(encoder|decoder)\.(layer|rms)norm\./.test(name));

const cases: { readonly text: string; readonly trained: (name: string, model: string) => boolean; readonly not?: readonly string[] }[] = [
  { text: "everything", trained: () => true },
  { text: "head", trained: anyHead, not: ["gpt2", "t5"] },
  { text: "last(1)", trained: (name, model) => anyHead(name) || (model === "t5" ? name.startsWith("decoder.") && (top(name, model) || name === "decoder.bias.weight") : top(name, model)) },
  { text: "bias", trained: (name) => name.endsWith(".bias") || taskHead(name), not: ["t5", "llama", "mixtral"] },
  { text: "lora(rank: 3, alpha: 6, targets: [query, value])", trained: (name) => /\.(query|value)\.lora_[ab]$/.test(name) || taskHead(name) },
  { text: "lora(rank: 2, targets: [up, down, output])", trained: (name) => /\.(up|down|output)\.lora_[ab]$/.test(name) || taskHead(name) },
  { text: "adapter(5)", trained: (name) => /\.adapter(_\d)?\.(up|down)\.(weight|bias)$/.test(name) || (isNorm(name) && stacks(name)) || taskHead(name) },
  { text: "prompt(3)", trained: (name) => name.endsWith(".embed.prompt.weight") || taskHead(name), not: ["vit"] },
];

interface Model { readonly architecture: Architecture; readonly heads: readonly Head[] }

function modelOf({ name, call, head }: (typeof models)[number]): Model {
  const called = callModel(call, checkText(`import { ${name} } from "ptarmigan/${name}.pt"\n`));
  if ("diagnostics" in called) throw new Error(called.diagnostics.map(({ message }) => message).join("\n"));
  const { architecture } = called;
  return { architecture, heads: architecture.heads.filter((one) => one.name === head) };
}

function callOf(text: string): Call {
  const called = callWord(text, "adaptation", catalog, "test");
  if ("diagnostics" in called) throw new Error(called.diagnostics.map(({ message }) => message).join("\n"));
  return called.call;
}

function under(model: Model, text: string): Model {
  const result = adapted(model.architecture, model.heads, callOf(text), (record, data) => {
    throw new Error(record.message(data));
  });
  return result!;
}

function graphOf({ architecture, heads }: Model, gradients: boolean): Graph {
  const image = { height: 8, width: 8 };
  return applyGraph(architecture, heads, applicationOf(architecture, heads)!, { batch, size: (stack) => stackSize(stack, length, image), loss: true, gradients });
}

type Values = Map<string, OracleData>;

/** Weights of a trained model: no zeros or ones anywhere, so that every gradient is something. */
function trainedValues({ architecture, heads }: Model): Values {
  return new Map([...weightShapes(architecture, heads)].map(([name, shape]) => [name, normals(sizeOf(shape), 7, name).map((x) => 0.3 * x + (isNorm(name) ? 1 : 0))]));
}

/** What an adaptation adds as it begins. */
function initialValues({ architecture, heads }: Model, known: Values): Values {
  const all: { readonly [word: string]: InitializerDefinition } = initializers;
  return new Map([...weightsOf(instancesOf(architecture, heads))].map(({ name, spec }) => {
    const data = new Float32Array(sizeOf(spec.shape));
    all[spec.initializer.word].fill(data, initializerStream(1, name), spec.shape, spec.initializer.arguments);
    return [name, known.get(name) ?? Float64Array.from(data)];
  }));
}

function fieldsOf(graph: Graph, weights: Values): Values {
  return new Map(Object.entries(graph.inputs).filter(([name]) => !weights.has(name)).map(([name, value]): [string, OracleData] => {
    const { shape, dtype } = graph.values[value];
    const count = sizeOf(shape);
    if (dtype === "float32") return [name, name.endsWith("pixels") ? normals(count, 3, name) : new Float64Array(count).fill(name.endsWith("count") ? batch * length : 1)];
    if (name.endsWith("positions")) return [name, Int32Array.from({ length: count }, (_, i) => i % shape.at(-1)!)];
    if (/(segments|targets)$/.test(name) && !name.startsWith("lm.")) return [name, Int32Array.from({ length: count }, (_, i) => i % 2)];
    if (name.endsWith("last")) return [name, new Int32Array(count).fill(length - 1)];
    return [name, name.endsWith("real") ? new Int32Array(count).fill(1) : (inputData({ shape, dtype, range: [1, vocab] }, 5, name) as Int32Array)];
  }));
}

const run = (graph: Graph, weights: Values, fields: Values) => evaluateGraph(graph, new Map([...weights, ...fields].filter(([name]) => Object.hasOwn(graph.inputs, name))));

describe.each(models)("$name", (definition) => {
  const model = modelOf(definition);
  const base = trainedValues(model);
  const plain = graphOf(model, false);
  const fields = fieldsOf(plain, base);
  const before = run(plain, base, fields);

  test.each(cases.filter(({ not = [] }) => !not.includes(definition.name)))("$text", ({ text, trained: expected }) => {
    const changed = under(model, text);
    const names = [...weightShapes(changed.architecture, changed.heads).keys()];
    const trained = trainedWeights(changed.architecture, changed.heads);
    expect([...trained].sort()).toEqual(names.filter((name) => expected(name, definition.name)).sort());
    expect(names.filter((name) => base.has(name))).toEqual([...base.keys()]);

    // The same fields: a prompt's placeholders are the first tokens of the text.
    const graph = graphOf(changed, true);
    const start = initialValues(changed, base);
    const allFields = new Map([...fieldsOf(graph, start), ...fields]);
    const first = run(graph, start, allFields);
    for (const [name, values] of before) expect(first.get(name), name).toEqual(values);

    const [whole, made] = [weightShapes(changed.architecture, changed.heads), new Set(graph.nodes.flatMap((node) => node.outputs.map((value) => graph.values[value].shape.join())))];
    const frozen = names.filter((name) => !trained.has(name) && whole.get(name)!.length === 2);
    const shapesOf = (list: Iterable<string>): Set<string> => new Set([...list].map((name) => whole.get(name)!.join()));
    const learned = shapesOf(trained);
    for (const shape of shapesOf(frozen)) if (!learned.has(shape)) expect(made.has(shape), `a gradient [${shape}] that nothing needs`).toBe(false);

    checkGradients(graph, trainedValues(changed), allFields, trained);
  });
});

/** Two numbers of each weight against central differences. */
function checkGradients(graph: Graph, weights: Values, fields: Values, trained: ReadonlySet<string>): void {
  const results = run(graph, weights, fields);
  expect([...results.keys()].filter((name) => name.startsWith("gradient:")).sort()).toEqual([...trained].map((name) => `gradient:${name}`).sort());
  const loss = (): number => run(graph, weights, fields).get("loss")![0];
  for (const name of trained) {
    const x = weights.get(name)!;
    const gradient = results.get(`gradient:${name}`)!;
    let largest = 0;
    gradient.forEach((value: number, i: number) => (Math.abs(value) > Math.abs(gradient[largest]) ? (largest = i) : 0));
    for (const i of new Set([largest, Math.floor(x.length / 2)])) {
      const value = x[i];
      x[i] = value + 1e-5;
      const above = loss();
      x[i] = value - 1e-5;
      const below = loss();
      x[i] = value;
      expect(Math.abs(gradient[i] - (above - below) / 2e-5), `${name}[${i}]`).toBeLessThan(1e-8 + 1e-6 * Math.abs(gradient[i]));
    }
  }
}
