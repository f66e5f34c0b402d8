// An `ablation` as rows: which runs they are, what they change, and what is refused.

import { describe, expect, test } from "vitest";
import { atSeed } from "../../compiler/ablations/seeds.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import type { AblationSpec } from "../../compiler/ablations/spec.ts";
import { checkText, codes, planOf } from "../harness/compiling.ts";
import { emit } from "../../compiler/phases/6-emit.ts";
import { ablationSpec } from "./specs.ts";

function expanded(parts: Parameters<typeof ablationSpec>[0]): AblationSpec {
  const result = checkText(ablationSpec(parts));
  expect(result.diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
  return result.ablations.get("sizes")!;
}

const rowsOf = ({ rows }: AblationSpec): unknown[] => rows.map(({ label, values, baseline, changes }) => [baseline ? `${label} (baseline)` : label, values.join(" | "), changes.map(({ path, from, to }) => `${path}: ${from} → ${to}`).join("; ")]);

describe("rows", () => {
  test("values of a path; the one that is the baseline's names it", () => {
    const spec = expanded({ rows: "vary model.width in [8, 16, 32]" });
    expect(spec.axes).toEqual([{ title: "model.width", rows: ["8", "16", "32"] }]);
    expect(rowsOf(spec)).toEqual([["8 (baseline)", "8", ""], ["16", "16", "model.width: 8 → 16"], ["32", "32", "model.width: 8 → 32"]]);
  });

  test("an empty block names the baseline", () => {
    expect(rowsOf(expanded({ rows: 'vary { "wide": { model.width: 16 }  "as it is": {} }' }))).toEqual([["as it is (baseline)", "as it is", ""], ["wide", "wide", "model.width: 8 → 16"]]);
  });

  test("masks", () => {
    expect(rowsOf(expanded({ rows: 'vary model.mask in { "all": causal  "near": causal & window(4) }' }))).toEqual([["all (baseline)", "all", ""], ["near", "near", "model.mask: causal → causal & window(4)"]]);
  });

  test("labelled values, paired values, labelled pairs, blocks of changes with `remove`", () => {
    expect(rowsOf(expanded({ rows: 'vary optimizer in { "adam": adam(lr: 1e-3)  "slow": sgd(lr: 1e-4) }' }))).toMatchInlineSnapshot(`
      [
        [
          "base (baseline)",
          "",
          "",
        ],
        [
          "adam",
          "adam",
          "optimizer: adamw(lr: 0.001, clip: off, decay: matrices, layer_decay: 1, betas: [0.9, 0.999], eps: 1e-8, amsgrad: off, weight_decay: 0.01) → adam(lr: 0.001, clip: off, decay: matrices, layer_decay: 1, betas: [0.9, 0.999], eps: 1e-8, amsgrad: off, weight_decay: 0)",
        ],
        [
          "slow",
          "slow",
          "optimizer: adamw(lr: 0.001, clip: off, decay: matrices, layer_decay: 1, betas: [0.9, 0.999], eps: 1e-8, amsgrad: off, weight_decay: 0.01) → sgd(lr: 1e-4, clip: off, decay: matrices, layer_decay: 1, momentum: 0, dampening: 0, nesterov: off, weight_decay: 0)",
        ],
      ]
    `);
    expect(rowsOf(expanded({ rows: "vary [model.layers, optimizer.lr] in [[1, 1e-2], [3, 5e-4]]" }))).toEqual([["base (baseline)", "", ""], ["1, 1e-2", "1, 1e-2", "model.layers: 2 → 1; optimizer.lr: 0.001 → 0.01"], ["3, 5e-4", "3, 5e-4", "model.layers: 2 → 3; optimizer.lr: 0.001 → 5e-4"]]);
    expect(rowsOf(expanded({ rows: 'vary [model.layers, optimizer.lr] in { "small": [1, 1e-2] }' }))).toEqual([["base (baseline)", "", ""], ["small", "small", "model.layers: 2 → 1; optimizer.lr: 0.001 → 0.01"]]);
    expect(rowsOf(expanded({ run: "schedule: cosine(warmup: 2 steps)", rows: 'vary { "flat": { remove schedule  train: 8 steps }  "often": { evaluate { every: 2 steps  data: novels.valid  metrics: [loss, perplexity] } } }' }))).toMatchInlineSnapshot(`
      [
        [
          "base (baseline)",
          "",
          "",
        ],
        [
          "flat",
          "flat",
          "schedule: cosine(warmup: 2 steps, end: 0, cycles: 0.5, restarts: 0) → constant(warmup: 0 steps); train: 10 steps → 8 steps",
        ],
        [
          "often",
          "often",
          "evaluate.every: none → 2 steps",
        ],
      ]
    `);
  });

  test("several axes make a grid, applied from top to bottom; a name of a list is a list", () => {
    const spec = expanded({ after: "let widths = [16, 32]", rows: 'vary model.width in widths  vary { "plain": { }  "deep": { model.layers: 3 } }' });
    expect(spec.rows.map((row) => [row.label, row.run.architecture.parameters.width, row.run.architecture.parameters.layers])).toEqual([["base", 8, 2], ["16, plain", 16, 2], ["16, deep", 16, 3], ["32, plain", 32, 2], ["32, deep", 32, 3]]);
    const below = expanded({ rows: 'vary optimizer in { "sgd": sgd(lr: 1)  "adam": adam(lr: 1) }  vary optimizer.lr in [1e-2, 1e-3]' });
    expect(below.rows.map((row) => [row.label, row.run.optimizer.word, row.run.optimizer.arguments.lr])).toEqual([["base", "adamw", 1e-3], ["sgd, 1e-2", "sgd", 1e-2], ["sgd, 1e-3", "sgd", 1e-3], ["adam, 1e-2", "adam", 1e-2], ["adam, 1e-3", "adam", 1e-3]]);
    const named = expanded({ rows: "vary model.width in [8, 16]  vary model.layers in [2, 3]" });
    expect(rowsOf(named).map((row) => (row as string[])[0])).toEqual(["8, 2 (baseline)", "8, 3", "16, 2", "16, 3"]);
  });

  test("seeds follow the baseline's, whatever a row says", () => {
    const spec = expanded({ rows: 'vary { "wide": { model.width: 16  seed: 99 } }', more: "seeds: 3" });
    expect(spec.seeds).toEqual([7, 8, 9]);
    expect(spec.rows.map((row) => row.run.seed)).toEqual([7, 7]);
  });
});

describe("runs of a row", () => {
  test("what starts from the baseline starts from the row, with its seed", () => {
    const { rows, measures } = expanded({ more: "measure: [loss, longer.loss, base.perplexity]" });
    expect(measures.map(({ name, metric, higherIsBetter }) => [name, metric, higherIsBetter])).toEqual([["loss", "loss", false], ["longer.loss", "loss", false], ["base.perplexity", "perplexity", false]]);
    const wide = rows[1];
    const seeded = atSeed(wide, 12);
    const nested = seeded.of(wide.measured.get(measures[1].of) as RunSpec);
    expect([nested.name, nested.seed, nested.from!.run.seed, nested.from!.run.architecture.parameters.width]).toEqual(["longer", 12, 12, 16]);
    expect(nested.from!.run).toBe(seeded.of(wide.run));
  });

  test("their plans are those of the same changes as an extension, and compile again from their own specs", () => {
    const { rows, measures } = expanded({ rows: 'vary { "wide": { model.width: 16  optimizer.lr: 5e-4  train: 6 steps } }', more: "measure: [longer.loss]" });
    const { of, context } = atSeed(rows[1], 8, new Map());
    const [own, nested] = [rows[1].run, rows[1].measured.get(measures[0].of) as RunSpec].map((run) => emit(of(run), context)!);
    const extension = ablationSpec({ after: "pretrain wide extends base { model.width: 16  optimizer.lr: 5e-4  train: 6 steps  seed: 8 }" });
    const written = planOf(extension, { run: "wide" });
    expect({ ...own, name: "", hash: "", spec: "" }).toEqual({ ...written, name: "", hash: "", spec: "" });
    for (const plan of [own, nested]) expect(planOf(plan.spec, { run: plan.name }).hash).toBe(plan.hash);
    expect(nested.from!.hash).toBe(own.hash);
  });

  test("the baseline at its own seed is the run that `pt train` trains", () => {
    const spec = expanded({});
    const { of, context } = atSeed(spec.rows[0], 7, new Map());
    expect(emit(of(spec.rows[0].run), context)!.hash).toBe(planOf(ablationSpec({}), { run: "base" }).hash);
  });
});

describe("refused", () => {
  const refused = (parts: Parameters<typeof ablationSpec>[0]): string[] => codes(checkText(ablationSpec(parts))).map((one) => one.split(" ")[0]);
  const messages = (parts: Parameters<typeof ablationSpec>[0]): string[] => checkText(ablationSpec(parts)).diagnostics.map((one) => one.message);

  test("typos in paths and words, once each, where they stand", () => {
    expect(refused({ rows: "vary model.widht in [16, 32]" })).toEqual(["PT3007"]);
    expect(refused({ rows: "vary trian in [16 steps, 32 steps]" })).toEqual(["PT3001"]);
    expect(refused({ rows: 'vary { "a": { remove sampel } }' })).toEqual(["PT2018"]);
    expect(refused({ rows: 'vary optimizer in { "a": adamm(lr: 1e-3) }' })).toEqual(["PT2002"]);
    expect(refused({ more: "fit: power_lw(parameters)" })).toEqual(["PT2002"]);
    expect(refused({ more: "fit: power_law(params)" })).toEqual(["PT3016"]);
    expect(refused({ more: "fit: power_law(flops, flops)" })).toEqual(["PT3023"]);
    expect(refused({ more: "assert: equal(flop)" })).toEqual(["PT3016"]);
    expect(refused({ more: "seeds: 0" })).toEqual(["PT3005"]);
    expect(refused({ more: "seedz: 2" })).toEqual(["PT3001"]);
  });

  test("a row with an error elsewhere says which row", () => {
    const [diagnostic] = checkText(ablationSpec({ rows: 'vary { "narrow": { model.width: 7 } }' })).diagnostics;
    expect(diagnostic.code).toBe("PT4002");
    expect(diagnostic.related?.map((one) => one.message)).toEqual(expect.arrayContaining(["in the row `narrow`"]));
  });

  test("rows that are none, and labels that are taken", () => {
    expect(refused({ rows: 'vary { "a": { model.width: 16 }  "a": { model.width: 32 } }' })).toEqual(["PT2003"]);
    expect(refused({ rows: "vary model.width in [16, 16]" })).toEqual(["PT2003"]);
    expect(refused({ rows: "" })).toEqual(["PT5093"]);
    expect(refused({ rows: "vary model.width in []" })).toEqual(["PT5093"]);
    expect(refused({ rows: "vary { wide: { model.width: 16 } }" })).toEqual(["PT5093"]);
    expect(refused({ rows: 'vary { "wide": 16 }' })).toEqual(["PT5093"]);
    expect(refused({ rows: "vary [model.width, model.layers] in [16, 32]" })).toEqual(["PT5093", "PT5093"]);
  });

  test("rows that change nothing, or the same", () => {
    expect(refused({ rows: 'vary { "same": { model.width: 8 }  "wide": { model.width: 16 } }' })).toEqual(["PT5090"]);
    expect(refused({ rows: 'vary { "seed": { seed: 3 } }' })).toEqual(["PT5090"]);
    expect(refused({ rows: "vary model.width in [8]" })).toEqual(["PT5090"]);
    expect(refused({ rows: 'vary { "a": { model.width: 16 }  "b": { optimizer.lr: 1e-3  model.width: 16 } }' })).toEqual(["PT5090"]);
    expect(refused({ rows: "vary model.layers in [1, 3]  vary model.width in [8]" })).toEqual(["PT5090"]);
    expect(messages({ rows: 'vary model.width in [16, 32]  vary { "fixed": { model.width: 24 } }' })).toEqual(["the row `32, fixed` is the same run as `16, fixed`"]);
  });

  test("measures that are none", () => {
    expect(refused({ more: "measure: [bits_per_byte]" })).toEqual(["PT5091"]);
    expect(refused({ more: "measure: [shorter.loss]" })).toEqual(["PT2002"]);
    expect(refused({ more: "measure: [longer]" })).toEqual(["PT5091"]);
    expect(refused({ more: "measure: [longer.perplexity]" })).toEqual(["PT5091"]);
    expect(refused({ after: "pretrain other extends base { seed: 1 }", more: "measure: [other.loss]" })).toEqual(["PT2050"]);
    expect(messages({ rows: 'vary { "blind": { remove evaluate } }' })).toEqual(["`base` does not compute `loss` in the row `blind`", "`base` does not compute `perplexity` in the row `blind`"]);
  });

  test("a baseline that is none", () => {
    const text = ablationSpec({}).replace("sizes of base", "sizes of bsae");
    expect(codes(checkText(text)).map((one) => one.slice(0, 6))).toEqual(["PT2002"]);
    expect(codes(checkText(ablationSpec({}).replace("sizes of base", "sizes"))).map((one) => one.slice(0, 6))).toEqual(["PT3003"]);
  });
});
