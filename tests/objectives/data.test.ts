// Batches of objectives from files: an example depends on its number alone, mixtures are drawn by their weights, pairs are
// made of sentences, and a step is the same whatever its micro-batches.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sampleSpec } from "../../compiler/objectives/table.ts";
import { trainGraph } from "../../compiler/graphs.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { sealPlan } from "../../compiler/plan/hash.ts";
import { rowOf, type Batch } from "../../runtime/data/fields.ts";
import { splitSentences } from "../../runtime/data/sentences.ts";
import { openSession } from "../../runtime/session.ts";
import { evaluateTotals, metricValues } from "../../runtime/training/evaluate.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, initialState, uploadAll } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { checkText, planOf } from "../harness/compiling.ts";
import { problems } from "../files/temporary.ts";

const folder = (lines: readonly string[]): string => {
  const base = mkdtempSync(join(tmpdir(), "pt-objective-data-"));
  writeFileSync(join(base, "data.txt"), lines.map((line) => `${line}\n`).join(""));
  return base;
};
const base = folder(Array.from({ length: 24 }, (_, i) => `Line ${i} says this. Then that! And ${i * 7}?`));
const open = async (plan: Plan, from = base) => openInputs(plan, { base: from });
const all = (batch: Batch): Record<string, number[]> => Object.fromEntries([...batch.fields].map(([name, { data }]) => [name, [...data]]));
const rows = (batch: Batch, first: number, count: number): Record<string, number[]> => Object.fromEntries([...batch.fields].map(([name, { data, row }]) => [name, [...data.subarray(first * row, (first + count) * row)]]));

const objectives: readonly (readonly [Parameters<typeof sampleSpec>[0], string, string])[] = [
  ["encoder", "masked + 0.5 * nsp", "full"], ["encoder_decoder", "bart", "causal"], ["decoder", "ul2", "prefix"], ["decoder", "causal_lm", "causal"],
];

describe.each(objectives)("%s: %s", (architecture, objective, mask) => {
  test("an example is the same in every batch that has it, in every epoch anew", async () => {
    const { data } = await open(planOf(sampleSpec(architecture, objective, mask)));
    const whole = data.batch(0, 2 * data.examples + 4);
    for (const first of [0, 3, data.examples - 1, data.examples, data.examples + 2]) expect(all(data.batch(first, 2))).toEqual(rows(whole, first, 2));
    expect(all(data.ordered(1, 2))).toEqual(all(data.ordered(1, 2)));
    expect(rows(whole, 0, data.examples)).not.toEqual(rows(whole, data.examples, data.examples));
  });

  test("a step has the same loss and gradients whatever its micro-batches", async () => {
    const text = sampleSpec(architecture, objective, mask, "").replace("batch: 2 examples", "batch: 4 examples");
    const plan = planOf(text);
    const run = checkText(text).runs.get("small")!;
    const small = sealPlan({ ...plan, graphs: { ...plan.graphs, train: trainGraph(run, 1, false) } });
    const { data } = await open(plan);
    const session = await openSession("cpu");
    const results = await Promise.all([plan, small].map(async (one) => {
      const trainer = createTrainer(session, one, initialParameters(plan), initialState(plan));
      const { loss, losses, gradients } = await trainer.gradients(data.batch(0, 4), 1, 0);
      const values = new Map(await Promise.all([...gradients].map(async ([name, handle]) => [name, await session.read(handle)] as const)));
      trainer.discard(gradients);
      trainer.dispose();
      return { loss, losses, values };
    }));
    expect(results[1].loss).toBeCloseTo(results[0].loss, 5);
    const { losses } = plan.objective;
    if (losses.length > 1) expect(losses.reduce((sum, { head, weight }) => sum + weight * results[0].losses[head]!, 0)).toBeCloseTo(results[0].loss, 5);
    for (const [name, gradient] of results[0].values) {
      const other = results[1].values.get(name)!;
      const scale = Math.max(1e-3, ...gradient.map(Math.abs));
      for (let i = 0; i < gradient.length; i++) expect(Math.abs(gradient[i] - other[i]) / scale, name).toBeLessThan(1e-4);
    }
  });
});

describe("mixtures", () => {
  test("entries are drawn by their weights; each has metrics of its own", async () => {
    const plan = planOf(sampleSpec("decoder", "ul2", "prefix", "evaluate { data: d.valid  metrics: [loss, perplexity] }").replace(/data d \{([^}]*)\}/, "data d {$1  split { train: 50%  valid: 50% } }"));
    const { data, evaluation } = await open(plan);
    const counts: Record<string, number> = {};
    for (let number = 0; number < 4_000; number++) counts[data.drawn(number)] = (counts[data.drawn(number)] ?? 0) + 1;
    expect(Math.abs(counts.s_mode - 2_000)).toBeLessThan(160);
    expect(Math.abs(counts.r_mode - 1_000)).toBeLessThan(140);
    const batch = data.batch(0, 40);
    for (let number = 0; number < 40; number++) expect(rowOf(batch, "tokens", number)![1]).toBe({ r_mode: 263, s_mode: 264, x_mode: 265 }[data.drawn(number)]);
    const session = await openSession("cpu");
    const weights = uploadAll(session, initialParameters(plan));
    const parts = await evaluateTotals(session, session.program(plan.graphs.evaluate), weights, evaluation!);
    const values = metricValues(plan.objective, parts, plan.evaluation!.metrics);
    session.dispose(weights.values());
    expect(Object.keys(values).sort()).toEqual(["loss", "perplexity", ...["r_mode", "s_mode", "x_mode"].flatMap((name) => [`${name}.loss`, `${name}.perplexity`])].sort());
    const total = parts.reduce((sum, part) => sum + part.nats, 0) / parts.reduce((sum, part) => sum + part.count, 0);
    expect(values.loss).toBeCloseTo(total, 10);
    expect(evaluation!.entries.reduce((sum, entry) => sum + entry.count, 0)).toBe(evaluation!.examples);
  });
});

test("a head that the batch has no example for has no loss", async () => {
  const plan = planOf(sampleSpec("encoder", "mixture(masked, nsp)", "full"));
  const { data } = await open(plan);
  const first = Array.from({ length: 60 }, (_, number) => number).find((number) => data.drawn(number) === "masked" && data.drawn(number + 1) === "masked")!;
  const session = await openSession("cpu");
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  const { loss, losses, gradients } = await trainer.gradients(data.batch(first, 2), 1, first);
  expect(losses.nsp).toBeNull();
  expect(losses.mlm).toBeCloseTo(loss, 5);
  trainer.discard(gradients);
  trainer.dispose();
});

describe("pairs", () => {
  test("neighbours are of one line, strangers of another, half and half; both fit", async () => {
    const plan = planOf(sampleSpec("encoder", "nsp", "full"));
    const { data, tokenizer } = await open(plan);
    let swapped = 0;
    const many = 400;
    const batch = data.batch(0, many);
    for (let i = 0; i < many; i++) {
      const ids = [...rowOf(batch, "tokens", i)!];
      const segments = [...rowOf(batch, "segments", i)!];
      const real = [...rowOf(batch, "real", i)!];
      const separators = ids.flatMap((id, at) => (id === tokenizer.special("sep") ? [at] : []));
      expect([ids[0], separators.length, separators[1]]).toEqual([tokenizer.special("cls"), 2, real.lastIndexOf(1)]);
      expect(segments.indexOf(1)).toBe(separators[0] + 1);
      swapped += rowOf(batch, "nsp.targets", i)![0];
    }
    expect(Math.abs(swapped - many / 2)).toBeLessThan(50);
    expect(batch.counts).toEqual({ nsp: many });
  });

  test("data without two sentences in a document has no pairs", async () => {
    const plan = planOf(sampleSpec("encoder", "nsp", "full"));
    expect(await problems(() => open(plan, folder(["one", "two"])))).toEqual([expect.stringMatching(/^PT7006 .*none with two sentences/)]);
  });

  test("one stretch of sentences has no stranger, and needs none for the order of its own", async () => {
    const alone = folder(["One. Two. Three."]);
    expect(await problems(() => open(planOf(sampleSpec("encoder", "nsp", "full")), alone))).toEqual([expect.stringMatching(/^PT7042 /)]);
    expect((await open(planOf(sampleSpec("encoder", "sop", "full")), alone)).data.examples).toBe(1);
  });

  test("sentences: stops, quotes, line ends; together they are the text", () => {
    expect(splitSentences('Call me Ishmael. "Some years ago!" Never mind\nhow long? ')).toEqual(["Call me Ishmael.", ' "Some years ago!"', " Never mind", "\nhow long? "]);
    for (const text of ["", "  ", "...", "a.b c", "\n\n a \n\n", "Pi is 3.14. Yes"]) expect(splitSentences(text).join("")).toBe(text);
    expect(splitSentences("Pi is 3.14. Yes")).toHaveLength(2);
  });
});

describe("degenerate data", () => {
  for (const [architecture, objective, mask] of [["encoder", "masked", "full"], ["encoder_decoder", "span_corruption", "causal"], ["decoder", "prefix_lm", "causal"], ["encoder_decoder", "bart", "causal"], ["encoder", "mine", "full"]] as const) {
    test(`${architecture}: ${objective} on texts of one, two and a few tokens`, async () => {
      const declared = "objective mine { noise: whole_words(15%)  input: <mask>  target: in_place }\npretrain small";
      const plan = planOf(sampleSpec(architecture, objective, mask).replace("pretrain small", objective === "mine" ? declared : "pretrain small"));
      const { data } = await open(plan, folder(["a", "ab", "abc", "a. b. c.", " ", "x".repeat(200)]));
      const batch = data.batch(0, 3 * data.examples);
      const { head } = plan.objective.losses[0];
      const weights = [...batch.fields.get(`${head}.weights`)!.data];
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(batch.counts[head]);
      expect(batch.counts[head]).toBeGreaterThan(0);
    });
  }
});

test("packed, several texts share a sequence, each with its frame and noise of its own", async () => {
  const plan = planOf(sampleSpec("encoder", "masked(30%)", "full", "pack: on"));
  const { data, tokenizer } = await open(plan, folder(["abcd", "efgh", "ijkl", "mnop", "qrst", "uvwx"]));
  const batch = data.batch(0, data.examples);
  expect(data.examples).toBe(2);
  const documents = [0, 1].map((i) => new Set([...rowOf(batch, "documents", i)!].filter((one) => one >= 0)).size);
  expect(documents.sort()).toEqual([2, 4]);
  for (const i of [0, 1]) {
    const [ids, positions] = ["tokens", "positions"].map((name) => [...rowOf(batch, name, i)!]);
    ids.forEach((id, at) => id === tokenizer.special("cls") && expect(positions[at]).toBe(0));
  }
  const { head } = plan.objective.losses[0];
  // One of four tokens in each text.
  expect(batch.counts[head]).toBe(6);
});
