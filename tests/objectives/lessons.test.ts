// What a run learns from a teacher: both losses and their gradients by hand, what is refused, what the plan says.

import { describe, expect, test } from "vitest";
import { taughtRun } from "../../grammar/diagnostics/_teacher-example.ts";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { sampleSpec } from "../../compiler/objectives/table.ts";
import { expectClose } from "../harness/allclose.ts";
import { checkText, planOf } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { benchPlan } from "../../runtime/training/bench.ts";

const codes = (text: string, files = {}): string[] => [...new Set(checkText(text, files).diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code))];

describe("by hand", () => {
  const [width, vocab, length, batch, temperature] = [3, 260, 12, 2, 2.5];
  const model = "model bare(vocab, width = 3) { encoder { embed: tokens(vocab, width) } head mlm { tied } }\n";
  const rest = "tokenizer: t  data: d  length: 12  batch: 2 examples  train: 1 steps  optimizer: sgd(lr: 1)";
  const plan = planOf(`${model}data d { files: "d.txt" }
tokenizer t { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>] }
pretrain big { model: bare()  objective: masked  ${rest} }
pretrain tiny { model: bare()  objective: 5 * distill(big, temperature: 2.5) + 2 * masked + 3 * match_hidden(big)  ${rest} }
`, { run: "tiny" });
  const graph = plan.graphs.train;
  const places = plan.objective.losses[0].places!;
  const [own, other] = ["encoder.embed.tokens.weight", "teacher:big:encoder.embed.tokens.weight"];
  const tokens = Int32Array.from({ length: batch * length }, (_, i) => (i * 37 + 5) % vocab);
  const real = Int32Array.from({ length: batch * length }, (_, i) => (i < 20 ? 1 : 0));
  const where = Int32Array.from({ length: batch * places }, (_, i) => i % places);
  const weights = Float64Array.from({ length: batch * places }, (_, i) => (i === 1 ? 0 : 1));
  const targets = Int32Array.from({ length: batch * places }, (_, i) => (11 * i + 3) % vocab);
  const counted = batch * places - 1;
  const feeds = new Map<string, OracleData>([
    ["tokens", tokens], ["real", real], ["mlm.places", where], ["mlm.weights", weights], ["mlm.targets", targets],
    ["mlm.count", Float64Array.of(counted)], ["match_hidden.count", Float64Array.of(20)], [own, normals(vocab * width, 1, "own")], [other, normals(vocab * width, 2, "other")],
  ]);
  const results = evaluateGraph(graph, feeds);
  const row = (name: string, id: number): number[] => Array.from({ length: width }, (_, j) => feeds.get(name)![id * width + j]);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, j) => sum + x * b[j], 0);
  const logProbabilities = (name: string, id: number, T: number): number[] => {
    const logits = Array.from({ length: vocab }, (_, v) => dot(row(name, id), row(name, v)) / T);
    const log = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
    return logits.map((x) => x - log);
  };

  test("the inputs are these and no others: the teacher's weights, and no dropout of it", () => {
    expect(Object.keys(graph.inputs).sort()).toEqual([...feeds.keys()].sort());
    expect(Object.keys(graph.outputs)).toEqual(["loss", "loss:mlm", "loss:distill", "loss:match_hidden", `gradient:${own}`]);
    expect(plan.parameters.map(({ name }) => name)).toEqual([own]);
  });

  test("soft targets over the positions that count, hidden states over the real ones", () => {
    let [distilled, hard, cosine] = [0, 0, 0];
    for (let i = 0; i < batch * places; i++) {
      if (weights[i] === 0) continue;
      const id = tokens[Math.floor(i / places) * length + where[i]];
      const [q, p] = [logProbabilities(own, id, temperature), logProbabilities(other, id, temperature)];
      distilled += temperature ** 2 * p.reduce((sum, log, v) => sum + Math.exp(log) * (log - q[v]), 0);
      hard -= logProbabilities(own, id, 1)[targets[i]];
    }
    for (let i = 0; i < 20; i++) {
      const [x, y] = [row(own, tokens[i]), row(other, tokens[i])];
      cosine += 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
    }
    expectClose(results.get("loss:mlm")!, [hard / counted], 1e-12, "mlm");
    expectClose(results.get("loss:distill")!, [distilled / counted], 1e-11, "distill");
    expectClose(results.get("loss:match_hidden")!, [cosine / 20], 1e-10, "match_hidden");
    expectClose(results.get("loss")!, [(5 * distilled + 2 * hard) / counted + (3 * cosine) / 20], 1e-11, "loss");
  });

  test("the gradient is the finite difference", () => {
    const table = feeds.get(own) as Float64Array;
    const gradient = results.get(`gradient:${own}`)!;
    const at = (i: number, step: number): number => {
      const moved = table.slice();
      moved[i] += step;
      return evaluateGraph(graph, new Map([...feeds, [own, moved]])).get("loss")![0];
    };
    const some = [5, 42, 79, 14, 200].flatMap((id) => [id * width, id * width + 2]);
    expectClose(some.map((i) => gradient[i]), some.map((i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5), 1e-6, "gradient");
  });

  test("zero rows have cosine 0, and gradients stay finite", () => {
    const zero = evaluateGraph(graph, new Map([...feeds, [own, new Float64Array(vocab * width)]]));
    expect(zero.get("loss:match_hidden")![0]).toBe(1);
    expect(zero.get(`gradient:${own}`)!.every((x) => Number.isFinite(x))).toBe(true);
  });
});

describe("a plan with teachers", () => {
  const text = taughtRun("5 * distill(large, temperature: 2, checkpoint: best) + 2 * masked + match_hidden(large, checkpoint: best)").replace("width = 8", "width = 128");
  const plan = planOf(text, { run: "small" });
  const large = planOf(text, { run: "large" });

  test("names them by hash, and counts what they cost", () => {
    expect(plan.teachers).toEqual([{ name: "large", run: "large", hash: large.hash, checkpoint: "best" }]);
    expect(large.teachers).toEqual([]);
    expect(plan.objective.lessons).toEqual([
      { name: "distill", kind: "distill", teacher: "large", weight: 5, temperature: 2, head: "mlm", stream: null },
      { name: "match_hidden", kind: "match_hidden", teacher: "large", weight: 1, temperature: null, head: null, stream: "inputs" },
    ]);
    expect(plan.parameters).toEqual(large.parameters);
    const scalars = large.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(plan.costs.parameters).toEqual(large.costs.parameters);
    expect(plan.costs.memory.weights).toBe(8 * scalars);
    expect(plan.costs.memory.optimizer).toBe(large.costs.memory.optimizer);
    // A forward pass more, and the losses.
    expect(plan.costs.flops.forward_per_token).toBe(large.costs.flops.forward_per_token);
    const more = plan.costs.flops.train_per_token - large.costs.flops.train_per_token;
    expect(more / large.costs.flops.forward_per_token).toBeGreaterThan(1);
    expect(more / large.costs.flops.forward_per_token).toBeLessThan(1.2);
  });

  const other = "import * as base from \"base.pt\"\n";
  const specs: Readonly<Record<string, readonly [string, Record<string, string>?]>> = {
    "of the same file": [text],
    "twice, with other temperatures and checkpoints": [taughtRun("masked + distill(large) + distill(large, temperature: 4, checkpoint: 5 steps)")],
    "of another file, and the run that it starts from": [`${other}pretrain small from base.large { data: base.novels  objective: masked + distill(base.large)  batch: 2 examples  train: 3 steps  optimizer: sgd(lr: 1) }\n`, { "base.pt": taughtRun("masked") }],
    "that has a teacher itself": [`${taughtRun("masked + distill(large)").replace("pretrain small", "pretrain middle")}pretrain small extends middle { objective: masked + match_hidden(middle) }\n`],
  };
  test.each(Object.entries(specs))("%s: the resolved spec compiles to the same plan", (_, [spec, files = {}]) => {
    const first = planOf(spec, { run: "small", files });
    const again = planOf(first.spec, { run: "small", file: "spec.pt" });
    expect(again.spec).toBe(first.spec);
    expect(again.hash).toBe(first.hash);
  });

  test("each teacher and each loss has a name of its own", () => {
    const twice = planOf(specs["twice, with other temperatures and checkpoints"][0], { run: "small" });
    expect(twice.teachers.map(({ name, checkpoint }) => [name, checkpoint])).toEqual([["large", "last"], ["large_2", 5]]);
    expect(Object.keys(twice.graphs.train.outputs).slice(0, 4)).toEqual(["loss", "loss:mlm", "loss:distill", "loss:distill_2"]);
  });

  const seeing = (architecture: Parameters<typeof sampleSpec>[0], objective: string, mask: string, more = ""): string => {
    const spec = sampleSpec(architecture, objective, mask, more);
    return `${spec}pretrain pupil extends small { objective: ${objective} + distill(small) + match_hidden(small) }\n`;
  };
  test.each([
    ["a decoder, packed", seeing("decoder", "causal_lm", "causal", "pack: on"), "inputs"],
    ["a prefix", seeing("decoder", "prefix_lm", "prefix"), "inputs"],
    ["an encoder-decoder", seeing("encoder_decoder", "span_corruption", "causal"), "targets"],
    ["a pair", seeing("encoder", "masked + sop", "full"), "inputs"],
  ])("%s: a step runs", async (_, spec, stream) => {
    const taught = planOf(spec, { run: "pupil" });
    expect(taught.objective.lessons.at(-1)!.stream).toBe(stream);
    expect((await benchPlan(taught, "cpu", 1)).tokens_per_second).toBeGreaterThan(0);
  });

  test("DistilBERT from BERT, as it was trained", () => {
    const rest = "tokenizer: t  data: d  batch: 2 examples  train: 3 steps  optimizer: adamw(lr: 5e-4)  length: 64";
    const [distilbert, bert] = ["distilbert", "bert_base"].map((run) => planOf(`import { bert } from "ptarmigan/bert.pt"
import { distilbert } from "ptarmigan/distilbert.pt"
data d { files: "d.txt" }
tokenizer t { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>] }
pretrain bert_base { model: bert(vocab: 30_522)  objective: masked + nsp  ${rest} }
pretrain distilbert { model: distilbert(vocab: 30_522)  objective: 5 * distill(bert_base, temperature: 2) + 2 * masked + match_hidden(bert_base)  ${rest} }
`, { run }));
    expect([distilbert.costs.parameters.total, bert.costs.parameters.total]).toEqual([66_985_530, 110_106_428]);
    const taught = Object.entries(distilbert.graphs.train.inputs).filter(([name]) => name.startsWith("teacher:bert_base:")).reduce((sum, [, value]) => sum + sizeOf(distilbert.graphs.train.values[value].shape), 0);
    // All of BERT but the head of sentence pairs.
    expect(bert.costs.parameters.total - taught).toBe(768 * 768 + 768 + 2 * 768 + 2);
  });

  test("segments that only the teacher looks at are in the batch", () => {
    const paired = taughtRun("masked + distill(large)", (teacher) => teacher.replace("learned_positions(16)", "learned_positions(16) + segments(2)").replace("objective: masked", "objective: masked + nsp"),
      (student) => `model plain(vocab) { encoder { embed: tokens(vocab, 4) + learned_positions(16) } head mlm { tied } }\n${student.replace("reader()", "plain()")}`);
    const taught = planOf(paired, { run: "small" });
    expect(taught.objective.streams.inputs.segments).toBe(true);
    expect(Object.keys(taught.graphs.train.inputs)).toContain("segments");
    expect(Object.keys(taught.graphs.evaluate.inputs)).not.toContain("segments");
  });
});

describe("what is refused", () => {
  const swapped = taughtRun("masked + distill(large)", (text) => text.replace("objective: masked", "objective: masked + distill(small)"));
  test.each<[string, string, string[]]>([
    ["teachers of each other", swapped, ["PT2016"]],
    ["a teacher that starts from its pupil", taughtRun("masked + distill(large)", (text) => text.replace("pretrain large {", "pretrain large from small {")), ["PT2016"]],
    ["an unknown run", taughtRun("masked + distill(lage)"), ["PT2002"]],
    ["a model as a teacher", taughtRun("masked + distill(reader)"), ["PT2015"]],
    ["no run", taughtRun("masked + distill()"), ["PT3009"]],
    ["a temperature of zero", taughtRun("masked + distill(large, temperature: 0)"), ["PT3005"]],
    ["a temperature of hidden states", taughtRun("masked + match_hidden(large, temperature: 2)"), ["PT3007"]],
    ["a wrong checkpoint", taughtRun("masked + distill(large, checkpoint: worst)"), ["PT3004"]],
    ["in a mixture", taughtRun("mixture(masked + distill(large), masked(30%))"), ["PT5021"]],
    ["two lessons alone", taughtRun("distill(large) + match_hidden(large)"), ["PT5050"]],
    ["soft targets beside a pair", taughtRun("nsp + distill(large)"), ["PT5050"]],
    ["a mistake of the teacher, once", taughtRun("masked + distill(large)", (text) => text.replace("objective: masked", "objective: causal_lm")), ["PT5012"]],
    ["another layout", `${sampleSpec("decoder", "causal_lm", "causal")}pretrain pupil extends small { objective: masked + match_hidden(small) }\n`, ["PT5052"]],
    ["two towers", `${sampleSpec("two_towers", "contrastive", "causal")}pretrain pupil extends small { objective: contrastive + match_hidden(small) }\n`, ["PT5052"]],
    ["a table of another size", taughtRun("masked + distill(large)", undefined, (text) => `model padded(width = 8) { encoder { embed: tokens(264, width) + learned_positions(16) } head mlm { tied } }\n${text.replace("reader()", "padded()")}`), ["PT5053"]],
  ])("%s", (_, text, wanted) => expect(codes(text)).toEqual(wanted));

  test("hidden states beside a pair are matched at every token", () => expect(codes(taughtRun("nsp + match_hidden(large)"))).toEqual([]));
  test("a lead is read by both", () => expect(codes(taughtRun("led_by(<sep>, masked + distill(large))"))).toEqual([]));
});
