// prefer: loss, rewards and gradients by hand, what the reference shares with the run, training and resuming bit for bit.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateGraph, type OracleData } from "../../compiler/graph/evaluate.ts";
import { teacherInputs } from "../../compiler/lessons.ts";
import { loadCheckpoint } from "../../runtime/checkpoints/checkpoint.ts";
import { benchPlan } from "../../runtime/training/bench.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { openSession } from "../../runtime/session.ts";
import { runFolder } from "../../runtime/training/run-folder.ts";
import { expectClose } from "../harness/allclose.ts";
import { folderWith, pt, read } from "../harness/cli.ts";
import { planOf } from "../harness/compiling.ts";
import { normals } from "../harness/random.ts";
import { endOf } from "../training/folders.ts";
import { folderOf } from "./specs.ts";
import { textCases, textSpec, type Writer } from "./texts.ts";

describe("by hand", () => {
  const [width, vocab, length, beta, smoothing] = [3, 259, 12, 0.7, 0.2];
  const plan = planOf(`model bare(vocab, width = 3) { decoder { embed: tokens(vocab, width) } head lm { tied } }
data d { files: "d.txt" }
data pairs { files: "p.jsonl"  format: jsonl  columns { prompt: string  chosen: string  rejected: string } }
tokenizer t { kind: bytes  special: [<pad>, <bos>, <eos>] }
pretrain base { model: bare()  tokenizer: t  data: d  objective: causal_lm  length: 12  batch: 2 examples  train: 1 steps  optimizer: sgd(lr: 1) }
finetune liked from base { data: pairs  task: prefer(prompt, chosen, rejected, beta: 0.7, label_smoothing: 0.2, targets: 5)  batch: 2 examples  train: 1 steps  optimizer: sgd(lr: 1) }
`, { run: "liked" });
  const graph = plan.graphs.train;
  const [own, other] = ["decoder.embed.tokens.weight", "teacher:reference:decoder.embed.tokens.weight"];
  // Two pairs are four rows; of the second pair half the weight counts.
  const tokens = Int32Array.from({ length: 4 * length }, (_, i) => (i * 37 + 5) % vocab);
  const places = Int32Array.from({ length: 4 * 5 }, (_, i) => 4 + (i % 5));
  const targets = Int32Array.from({ length: 4 * 5 }, (_, i) => (11 * i + 3) % vocab);
  const weights = Float64Array.from({ length: 4 * 5 }, (_, i) => (i % 5 < [3, 5, 2, 4][Math.floor(i / 5)] ? 1 : 0));
  const pairs = Float64Array.of(1, 0.5);
  const feeds = new Map<string, OracleData>([
    ["tokens", tokens], ["lm.places", places], ["lm.targets", targets], ["lm.weights", weights], ["lm.pairs.weights", pairs], ["lm.count", Float64Array.of(2)],
    [own, normals(vocab * width, 1, "own")], [other, normals(vocab * width, 2, "other")],
  ]);
  const row = (name: string, id: number): number[] => Array.from({ length: width }, (_, j) => feeds.get(name)![id * width + j]);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, j) => sum + x * b[j], 0);
  const logProbability = (name: string, id: number, target: number): number => {
    const logits = Array.from({ length: vocab }, (_, v) => dot(row(name, id), row(name, v)));
    return logits[target] - Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
  };
  const text = (name: string, r: number): number => Array.from({ length: 5 }, (_, k) => weights[5 * r + k] * logProbability(name, tokens[r * length + places[5 * r + k]], targets[5 * r + k])).reduce((sum, x) => sum + x, 0);
  const reward = (r: number): number => beta * (text(own, r) - text(other, r));
  const logSigmoid = (x: number): number => -Math.log1p(Math.exp(-x));

  test("the inputs are these and no others", () => {
    expect(Object.keys(graph.inputs).sort()).toEqual([...feeds.keys()].sort());
    expect(Object.keys(graph.outputs)).toEqual(["loss", `gradient:${own}`]);
  });

  test("the loss is −log σ of the rewards' difference, a share of the labels the wrong way round", () => {
    const losses = [0, 1].map((pair) => {
      const z = reward(2 * pair) - reward(2 * pair + 1);
      return -(1 - smoothing) * logSigmoid(z) - smoothing * logSigmoid(-z);
    });
    expectClose(evaluateGraph(graph, feeds).get("loss")!, [(losses[0] + 0.5 * losses[1]) / 2], 1e-12, "loss");
    const { "lm.count": _, ...held } = Object.fromEntries(feeds);
    const measured = evaluateGraph(plan.graphs.evaluate, new Map(Object.entries(held)));
    expectClose(measured.get("sum:lm")!, [losses[0] + 0.5 * losses[1]], 1e-12, "sum");
    expectClose(measured.get("output:lm")!, [0, 1, 2, 3].map(reward), 1e-12, "rewards");
  });

  test("the gradient is the finite difference, and nothing flows into the reference", () => {
    const table = feeds.get(own) as Float64Array;
    const gradient = evaluateGraph(graph, feeds).get(`gradient:${own}`)!;
    const at = (i: number, step: number): number => {
      const moved = table.slice();
      moved[i] += step;
      return evaluateGraph(graph, new Map([...feeds, [own, moved]])).get("loss")![0];
    };
    const some = [3, 14, 153, 190, 5].flatMap((id) => [id * width, id * width + 2]);
    expectClose(some.map((i) => gradient[i]), some.map((i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5), 1e-6, "gradient");
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
  });
});

describe("the reference", () => {
  const namesOf = (writer: Writer, adapt: string) => {
    const plan = planOf(textSpec(writer, textCases.prefer, `adapt: ${adapt}`), { run: "small" });
    return { plan, copies: teacherInputs(plan.graphs.train).map(({ weight }) => weight), trained: plan.parameters.filter(({ trainable }) => trainable).map(({ name }) => name) };
  };

  test("has a copy of what the run trains, which the plan's memory counts", () => {
    const { plan, copies, trained } = namesOf("decoder", "everything");
    expect(new Set(copies)).toEqual(new Set(trained));
    expect(plan.teachers).toMatchObject([{ name: "reference", run: "base", hash: plan.from!.hash }]);
    expect(plan.costs.memory.weights).toBe(2 * 4 * plan.costs.parameters.total);
    const { copies: some, trained: few } = namesOf("encoder_decoder", "bias");
    expect(new Set(some)).toEqual(new Set(few));
  });

  test("under LoRA it is the model without it: no copy", () => {
    for (const writer of ["decoder", "encoder_decoder"] as const) {
      const { plan, copies } = namesOf(writer, "lora(rank: 2)");
      expect(copies).toEqual([]);
      expect(plan.costs.memory.weights).toBe(4 * plan.costs.parameters.total);
    }
  });

  test("under adapters it has copies of the norms, which are trained too, and no adapters", () => {
    const { plan, copies, trained } = namesOf("decoder", "adapter(4)");
    expect(copies.every((name) => name.includes("layernorm"))).toBe(true);
    expect(trained.filter((name) => name.includes("layernorm"))).toEqual(copies);
    expect(plan.graphs.train.nodes.some(({ scope }) => scope.startsWith("reference.") && scope.includes("adapter"))).toBe(false);
  });

  test("under `prompt` it has the same places in front, with vectors that stay", () => {
    expect(namesOf("decoder", "prompt(4)").copies).toHaveLength(1);
  });
});

describe("training", { timeout: 120_000 }, () => {
  const prose = "the sea is deep and the sky is blue\n".repeat(20);
  const spec = (writer: Writer, more = ""): string => textSpec(writer, textCases.prefer, `evaluate { every: 10 steps }  checkpoint { every: 7 steps }  train: 20 steps  ${more}`).replace("train: 60 steps  ", "").replace("evaluate { data: again }  evaluate { every: 10 steps }", "evaluate { every: 10 steps  data: again }");
  const files = (writer: Writer, more?: string): Record<string, string> => {
    const rows = textCases.prefer.rows.map((one) => `${JSON.stringify(one)}\n`).join("");
    return { "main.pt": spec(writer, more), "data.jsonl": rows, "again.jsonl": rows, "prose.txt": prose };
  };

  test.each([["decoder", "everything", 0.5], ["decoder", "lora(rank: 4)", 0.6], ["encoder_decoder", "everything", 0.5], ["prefix_decoder", "prompt(4)", 0.67]] as const)("%s, %s: begins at log 2, learns every pair, and measures it", async (writer, adapt, most) => {
    const folder = folderWith(files(writer, `adapt: ${adapt}`));
    const ran = await pt(["train", "main.pt", "small"], folder);
    expect(ran.codes, ran.stdout + ran.stderr).toEqual([]);
    const shown = await pt(["inspect", "main.pt", "small"], folder);
    expect(shown.stdout, shown.stderr).toMatch(writer === "encoder_decoder" ? /^chosen, decoder$[^]*^rejected, decoder$/m : /^chosen$[^]*^rejected$/m);
    const plan = planOf(read(folder, "main.pt"), { run: "small" });
    const runs = join(folder, "runs");
    const lines = readFileSync(join(runFolder(runs, plan), "metrics.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as { loss?: number; evaluation?: Record<string, number> });
    expect(lines[0].loss).toBeCloseTo(Math.log(2), 5);
    const measured = lines.findLast(({ evaluation }) => evaluation)!.evaluation!;
    expect(measured.loss).toBeLessThan(most);
    expect(measured.preference_accuracy).toBe(1);
    expect(measured.reward_margin).toBeGreaterThan(0);
    const again = await pt(["evaluate", "main.pt", "small", "--json", "--checkpoint", "last"], folder);
    expect(again.code, again.stderr).toBe(0);
    expect((JSON.parse(again.stdout) as { metrics: object }).metrics).toEqual(measured);
  });

  test("an interrupted run resumes with the same reference, bit for bit; without it it stops", async () => {
    const folder = folderWith(files("decoder"));
    await pt(["train", "main.pt", "base"], folder);
    const [runs, plan, base] = [join(folder, "runs"), planOf(read(folder, "main.pt"), { run: "small" }), planOf(read(folder, "main.pt"), { run: "base" })];
    const initial = new Map([...initialParameters(plan), ...(await loadCheckpoint(runFolder(runs, base), "last"))!.weights]);
    const whole = join(runs, "whole");
    await trainPlan(plan, { folder: whole, base: folder, backend: "native", initial });
    const [stopped, controller] = [join(runs, "stopped"), new AbortController()];
    const first = await trainPlan(plan, { folder: stopped, base: folder, backend: "native", initial, signal: controller.signal, emit: (event) => event.event === "step" && event.step === 9 && controller.abort() });
    expect(first.status).toBe("interrupted");
    expect((await trainPlan(plan, { folder: stopped, base: folder, backend: "native" })).status).toBe("done");
    expect(endOf(stopped)).toEqual(endOf(whole));
    rmSync(runFolder(runs, base), { recursive: true });
    await expect(trainPlan(plan, { folder: join(runs, "late"), base: folder, backend: "native", initial })).rejects.toMatchObject({ diagnostics: [{ code: "PT8013" }] });
  });

  test("an answer that is missing, or the same one twice, leaves its row out", async () => {
    const rows = [...textCases.prefer.rows, { prompt: "Q", chosen: " a", rejected: " a" }, { prompt: "Q", chosen: " a", rejected: "" }];
    const text = textSpec("decoder", textCases.prefer).replaceAll("rejected: string }", "rejected: string }  malformed: 50%");
    const warnings: string[] = [];
    const { data } = await openInputs(planOf(text, { run: "small" }), { base: folderOf({ rows }), warn: ({ code, message }) => warnings.push(`${code} ${message}`) });
    expect(data.examples).toBe(4);
    expect(warnings.join("\n")).toMatch(/PT7055 2 of 6/);
  });
});

test("with a template texts become messages: the loss is on the answer and on what ends it", async () => {
  const text = textSpec("decoder", { ...textCases.prefer, task: "prefer(prompt, chosen, rejected, template: marked)" });
  const plan = planOf(text, { run: "small" });
  const { tokenizer, data } = await openInputs(plan, { base: folderOf({ rows: [{ prompt: "sea?", chosen: "deep", rejected: "dry" }] }) });
  const { fields, counts } = data.batch(0, 1);
  expect(counts).toEqual({ lm: 1 });
  const of = (name: string, answer: number): number[] => {
    const { data: values, row } = fields.get(name)!;
    return Array.from(values.slice((answer * row) / 2, ((answer + 1) * row) / 2));
  };
  const learned = [0, 1].map((answer) => tokenizer.decode(of("lm.targets", answer).filter((_, i) => of("lm.weights", answer)[i] > 0), { special: true }));
  expect(learned).toEqual(["deep;", "dry;"]);
  expect(tokenizer.decode(of("tokens", 0).filter((_, i) => of("real", 0)[i] === 1), { special: true })).toBe("<bos>Usea?\nAdeep");
  expect(fields.get("prefix")!.data.slice(0, 2)).toEqual(Int32Array.of(8, 8));
});

test("micro-batches of one pair give the loss and the gradients of the whole batch", async () => {
  const whole = planOf(textSpec("decoder", textCases.prefer), { run: "small" });
  const parts = planOf(textSpec("decoder", textCases.prefer, `memory: ${whole.costs.memory.peak - 1} B`), { run: "small" });
  expect(parts.batch.micro).toBeLessThan(whole.batch.micro);
  const results: { loss: number; gradient: number[] }[] = [];
  for (const plan of [whole, parts]) {
    const { data } = await openInputs(plan, { base: folderOf(textCases.prefer) });
    const session = await openSession("cpu");
    // The reference is not what the policy is, so that rewards are not all 0.
    const reference = new Map([...initialParameters(plan)].map(([name, { shape, data: values }]) => [`teacher:reference:${name}`, { shape, data: values.map((value) => 0.5 * value) }]));
    const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan), reference);
    const { loss, gradients } = await trainer.gradients(data.batch(0, 4), 1, 0);
    results.push({ loss, gradient: Array.from(await session.read(gradients.get("gradient:decoder.embed.tokens.weight")!)) });
    trainer.discard(gradients);
    trainer.dispose();
  }
  expect(results[1].loss).toBeCloseTo(results[0].loss, 5);
  expectClose(results[1].gradient, results[0].gradient, 1e-5, "gradient");
});

test("its speed is measured on synthetic pairs", async () => {
  for (const writer of ["decoder", "encoder_decoder"] as const) {
    expect((await benchPlan(planOf(textSpec(writer, textCases.prefer), { run: "small" }), "cpu", 1)).tokens_per_second).toBeGreaterThan(0);
  }
});
