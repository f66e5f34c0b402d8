// What can be trained on what: the generated table, and every allowed objective overfitting one batch on each architecture.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { architectures, codesOf, combinations, objectiveNames, sampleSpec, type Architecture } from "../../compiler/objectives/table.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { randomStream } from "../../compiler/random.ts";
import type { Batch } from "../../runtime/data/fields.ts";
import { batchOf } from "./plans.ts";
import { catalog } from "../../runtime/catalog.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, initialState } from "../../runtime/training/parameters.ts";
import { createTrainer } from "../../runtime/training/trainer.ts";
import { openSession } from "../../runtime/session.ts";
import { planOf } from "../harness/compiling.ts";
import { chooseBackend } from "../../runtime/backends/_choose.ts";

const all = combinations(catalog);
const allowed = (architecture: Architecture, objective: string, mask: string): readonly string[] => all.find((one) => one.architecture === architecture && one.objective === objective && one.mask === mask)!.codes;

describe("the table of architectures, objectives and masks", () => {
  test("each entry is allowed or refused by cross-checks alone", () => {
    for (const { codes, ...one } of all) for (const code of codes) expect(code, JSON.stringify(one)).toMatch(/^PT50/);
    console.log(`architecture × objective × mask: ${all.length} combinations, ${all.filter((one) => !one.codes.length).length} allowed`);
  });

  test("what no one can learn is refused by the right code", () => {
    expect(allowed("encoder", "causal_lm", "causal")).toEqual(["PT5012"]);
    expect(allowed("encoder", "span_corruption", "full")).toEqual(["PT5012"]);
    expect(allowed("encoder", "masked", "full")).toEqual([]);
    expect(allowed("decoder", "causal_lm", "full")).toEqual(["PT5001"]);
    expect(allowed("decoder", "causal_lm", "prefix")).toEqual(["PT5002"]);
    expect(allowed("decoder", "prefix_lm", "prefix")).toEqual([]);
    expect(allowed("decoder", "prefix_lm", "full")).toEqual(["PT5001"]);
    expect(allowed("encoder_decoder", "masked", "causal")).toEqual(["PT5012"]);
    expect(allowed("encoder_decoder", "span_corruption", "full")).toEqual(["PT5001"]);
    expect(allowed("two_towers", "contrastive", "causal")).toEqual([]);
    expect(allowed("decoder", "contrastive", "causal")).toEqual(["PT5017"]);
    expect(codesOf(sampleSpec("encoder", "masked + 0.5 * nsp", "full"), catalog)).toEqual([]);
    expect(codesOf(sampleSpec("decoder", "masked + causal_lm", "causal"), catalog)).toEqual([]);
    expect(codesOf(sampleSpec("decoder", "masked + causal_lm", "full"), catalog)).toEqual(["PT5001"]);
    expect(codesOf(sampleSpec("decoder", "span_corruption + causal_lm", "causal"), catalog)).toEqual(["PT5014"]);
  });
});

const base = mkdtempSync(join(tmpdir(), "pt-objectives-"));
writeFileSync(join(base, "data.txt"), ["The cat sat. It slept.", "A dog ran! Where to?", "Rain fell. All day.", "We sang. They came."].map((line) => `${line}\n`).join(""));

/** Losses of one batch before and after `steps` updates on it. */
async function overfit(text: string, steps: number): Promise<{ before: number; after: number; counts: Readonly<Record<string, number>> }> {
  const plan = planOf(text);
  const { data } = await openInputs(plan, { base });
  return fitted(plan, data.batch(0, plan.batch.examples), steps);
}

async function fitted(plan: Plan, batch: Batch, steps: number): Promise<{ before: number; after: number; counts: Batch["counts"] }> {
  const session = await openSession(await chooseBackend(undefined));
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  try {
    const losses: number[] = [];
    for (let step = 1; step <= steps + 1; step++) {
      const { loss, gradients } = await trainer.gradients(batch, step, 0);
      losses.push(loss);
      if (step > steps) trainer.discard(gradients);
      else await trainer.update(gradients, 1e-2, step);
    }
    return { before: losses[0], after: losses.at(-1)!, counts: batch.counts };
  } finally {
    trainer.dispose();
  }
}

const natural: Readonly<Record<Architecture, readonly string[]>> = { encoder: ["full"], decoder: ["causal", "prefix"], encoder_decoder: ["causal"], two_towers: [] };

describe("one batch is overfitted", () => {
  test("two towers: contrastive, on images and texts made by hand", async () => {
    const plan = planOf(sampleSpec("two_towers", "contrastive", "causal").replace("batch: 2 examples", "batch: 4 examples"));
    expect(plan.batch.micro).toBe(4);
    const { train } = plan.graphs;
    const size = (name: string): number => train.values[train.inputs[name]].shape.reduce((product, n) => product * n, 1);
    const random = randomStream(5, "images");
    const length = size("text.tokens") / 4;
    const batch: Batch = {
      ...batchOf(4, {
        "text.tokens": Int32Array.from({ length: 4 * length }, () => random.below(200)),
        "text.positions": Int32Array.from({ length: 4 * length }, (_, i) => i % length),
        "text.real": new Int32Array(4 * length).fill(1),
        "text.last": new Int32Array(4).fill(length - 1),
        "image.positions": Int32Array.from({ length: 20 }, (_, i) => i % 5),
        "image.pixels": Float32Array.from({ length: size("image.pixels") }, () => random.normal()),
        "contrastive.targets": Int32Array.of(0, 1, 2, 3),
        "contrastive.weights": new Float32Array(4).fill(1),
      }, "contrastive"),
    };
    const { before, after } = await fitted(plan, batch, 60);
    // Of four pairs a guess costs log 4.
    expect(before).toBeGreaterThan(1);
    expect(after).toBeLessThan(0.15 * before);
  });

  for (const architecture of architectures) {
    for (const mask of natural[architecture]) {
      for (const objective of [...objectiveNames(catalog), "masked + 0.5 * nsp", "masked + causal_lm"]) {
        if (codesOf(sampleSpec(architecture, objective, mask), catalog).length > 0) continue;
        test(`${architecture}, ${mask}: ${objective}`, async () => {
          const { before, after, counts } = await overfit(sampleSpec(architecture, objective, mask), 60);
          for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
          expect(after, `from ${before}`).toBeLessThan(0.15 * before);
        });
      }
    }
  }
});
