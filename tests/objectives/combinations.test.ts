// What can be trained on what: the generated table, and every allowed objective overfitting one batch on each architecture.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { architectures, codesOf, combinations, objectiveNames, sampleSpec, type Architecture } from "../../compiler/objectives/table.ts";
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
  const session = await openSession(await chooseBackend(undefined));
  const { data } = await openInputs(plan, { base });
  const trainer = createTrainer(session, plan, initialParameters(plan), initialState(plan));
  try {
    const batch = data.batch(0, plan.batch.examples);
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
