// What a run starts from, as a field and as what an ablation varies.

import { describe, expect, test } from "vitest";
import { checkText } from "../harness/compiling.ts";
import { ablationSpec, measured } from "./specs.ts";

const runs = `${measured}
pretrain other extends base { model.width: 16 }
`;
const fresh = "pretrain fresh extends base { train: 0 steps  remove evaluate }\n";

/** The run that each of the named ones starts from, with its checkpoint. */
function starts(declarations: string, names: readonly string[]): unknown {
  const result = checkText(ablationSpec({ after: `${runs}${declarations}` }));
  expect(result.diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
  return names.map((name) => {
    const { from } = result.runs.get(name)!;
    return from && [from.run.name, from.checkpoint];
  });
}

describe("`from` as a field", () => {
  test("means the same as after the name, brings along the model, and is changed, and its checkpoint, by an extension", () => {
    const task = "data: labelled  task: classify(text, label)  train: 6 steps  batch: 4 examples  optimizer: adamw(lr: 1e-2)  evaluate { data: labelled.valid }";
    expect(starts(`finetune a { from: other  ${task} }
      finetune b extends a { from: base(checkpoint: best) }
      finetune c extends b { from.checkpoint: 4 steps }
      finetune d extends sorted { from: other }
      finetune e extends sorted { remove from  model: tiny(width: 4)  tokenizer: letters  length: 16 }
      finetune f extends d {}`, ["a", "b", "c", "d", "e", "f"])).toEqual([["other", "last"], ["base", "best"], ["base", 4], ["other", "last"], null, ["other", "last"]]);
    const { runs: checked } = checkText(ablationSpec({ after: `${runs}finetune d extends sorted { from: other }` }));
    expect(checked.get("d")!.architecture.parameters.width).toBe(16);
  });

  test.each([
    ["twice", "finetune d from other { from: base  data: labelled  task: classify(text, label)  train: 6 steps  optimizer: adamw(lr: 1e-2) }", ["PT3002"]],
    ["what is no run", "finetune d extends sorted { from: novels }", ["PT2015"]],
    ["a text", 'finetune d extends sorted { from: "models/bert" }', ["PT3004"]],
    ["a block", "finetune d extends sorted { from { checkpoint: best } }", ["PT3004"]],
    ["another argument", "finetune d extends sorted { from: base(step: 3) }", ["PT3007"]],
    ["another part of it", "finetune d extends sorted { from.step: 3 }", ["PT3007"]],
    ["itself", "finetune d extends sorted { from: d }", ["PT2016"]],
  ])("is refused: %s", (_, declaration, expected) => {
    expect([...new Set(checkText(ablationSpec({ after: `${runs}${declaration}` })).diagnostics.map(({ code }) => code))]).toEqual(expected);
  });
});

describe("an ablation over it", () => {
  test("has a row for each start, beside another axis", () => {
    const after = `${runs}${fresh}ablation starts of sorted { vary { "wide": { from: other }  "no pre-training": { from: fresh } }  vary train in [6 steps, 12 steps]  seeds: 2  measure: [accuracy] }`;
    const result = checkText(ablationSpec({ after }));
    expect(result.diagnostics.map((one) => `${one.code} ${one.message}`)).toEqual([]);
    const spec = result.ablations.get("starts")!;
    expect(spec.axes.map(({ title }) => title)).toEqual(["from", "train"]);
    expect(spec.rows.map(({ label, run, changes }) => [label, run.from!.run.name, changes.map(({ path, from, to }) => `${path}: ${from} → ${to}`).join("; ")])).toEqual([
      ["sorted", "base", ""],
      ["wide, 6 steps", "other", "from: base → other"],
      ["wide, 12 steps", "other", "from: base → other; train: 6 steps → 12 steps"],
      ["no pre-training, 6 steps", "fresh", "from: base → fresh"],
      ["no pre-training, 12 steps", "fresh", "from: base → fresh; train: 6 steps → 12 steps"],
    ]);
  });
});
