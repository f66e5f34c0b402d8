// A fine-tuning beside random weights, and its learning curve: plans of their own, a table, and how many labels pretraining saves.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { variantsOf } from "../../compiler/variants.ts";
import { statementOf, type Comparison } from "../../runtime/runs/comparison.ts";
import { checkText, codes, planOf } from "../harness/compiling.ts";
import { folderWith, pt } from "../harness/cli.ts";

const rows = Array.from({ length: 48 }, (_, i) => `${i} ${["a whale", "the sea"][i % 2]} ${i * 7 % 5},${["no", "yes"][i % 2]}`);
const model = `model reader(vocab, width = 16) {
  encoder { embed: tokens(vocab, width) + learned_positions(24)  residual { layernorm attention(2, mask: full) } layernorm }
  head mlm { tied(bias: on) }
}
data notes { files: "notes.csv"  format: csv  columns { text: string  label: class(labels: ["no", "yes"]) }  split { train: 50%  valid: 50% } }
tokenizer letters { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>] }
pretrain base { model: reader()  tokenizer: letters  data: notes  objective: masked  length: 24  batch: 8 examples  train: 3 steps  optimizer: adamw(lr: 1e-2) }
`;
const tuned = (more: string, from = " from base"): string => `finetune sorted${from} { ${from ? "" : "model: reader()  tokenizer: letters  length: 24  "}data: notes  task: classify(text, label)  batch: 8 examples  train: 4 steps  optimizer: adamw(lr: 1e-2)  ${more} }\n`;

describe("variants of a fine-tuning", () => {
  const both = `${model}${tuned("compare_with: scratch  examples: [4, 12]  evaluate { every: 2 steps }")}`;

  test("are plans of their own; the run itself is what it would be alone", () => {
    const run = checkText(both).runs.get("sorted")!;
    expect(variantsOf(run).map(({ run: { name }, examples, scratch }) => [name, examples, scratch])).toEqual([
      ["sorted", null, false], ["sorted_scratch", null, true], ["sorted_12", 12, false], ["sorted_12_scratch", 12, true], ["sorted_4", 4, false], ["sorted_4_scratch", 4, true],
    ]);
    expect(planOf(both, { run: "sorted" }).hash).toBe(planOf(`${model}${tuned("evaluate { every: 2 steps }")}`, { run: "sorted" }).hash);
    expect(variantsOf(checkText(`${model}${tuned("")}`).runs.get("sorted")!)).toHaveLength(1);
  });

  test("are trained with it, and told side by side", async () => {
    const folder = folderWith({ "main.pt": both, "notes.csv": `text,label\n${rows.join("\n")}\n` });
    const { code, stdout, stderr } = await pt(["train", "main.pt", "sorted"], folder);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/sorted: accuracy by number of labelled examples\n +labels +pretrained +from scratch\n +4 +[\d.]+ +[\d.]+\n +12 +[\d.]+ +[\d.]+\n +24 +[\d.]+ +[\d.]+\nwith \d+ labels /);
    const runs = readdirSync(join(folder, "runs")).filter((name) => !name.startsWith("."));
    expect(runs).toHaveLength(7);
    const of = (name: string): string => join(folder, "runs", runs.find((one) => new RegExp(`^${name}-[0-9a-f]{8}$`).test(one))!);
    const comparison = JSON.parse(readFileSync(join(of("sorted"), "comparison.json"), "utf8")) as Comparison;
    expect(comparison).toMatchObject({ name: "sorted", metric: "accuracy", higher_is_better: true });
    expect(comparison.rows.map(({ examples, pretrained, scratch }) => [examples, pretrained.run, scratch!.run])).toEqual([[4, "sorted_4", "sorted_4_scratch"], [12, "sorted_12", "sorted_12_scratch"], [24, "sorted", "sorted_scratch"]]);
    expect(comparison.rows[0].pretrained.curve.map(({ step }) => step)).toEqual([2, 4]);
    // Fewer examples are a part of more.
    const plans = ["sorted_4", "sorted_12"].map((name) => JSON.parse(readFileSync(join(of(name), "plan.json"), "utf8")));
    expect(plans.map((plan) => plan.objective.entries[0].task.examples)).toEqual([4, 12]);
    for (const plan of plans) {
      const again = folderWith({ "spec.pt": plan.spec });
      expect(JSON.parse((await pt(["compile", "spec.pt", plan.name], again)).stdout).hash).toBe(plan.hash);
    }
    const second = await pt(["train", "main.pt", "sorted", "--json"], folder);
    expect(JSON.parse(second.stdout.trim().split("\n").at(-1)!)).toMatchObject({ event: "comparison", metric: "accuracy" });
  });

  test("count the examples that they saw, where their steps end before the first epoch does", async () => {
    const folder = folderWith({ "main.pt": `${model}${tuned("compare_with: scratch").replace("4 steps", "2 steps")}`, "notes.csv": `text,label\n${rows.join("\n")}\n` });
    expect((await pt(["train", "main.pt", "sorted"], folder)).stdout).toMatch(/\n +labels +pretrained +from scratch\n +16 /);
  });

  test("need something to compare with, and something to measure on", () => {
    expect(codes(checkText(`${model}${tuned("compare_with: scratch", "")}`))).toEqual([expect.stringMatching(/^PT3022/)]);
    expect(codes(checkText(`${model.replace("split { train: 50%  valid: 50% }", "")}${tuned("examples: [4]")}`))).toEqual([expect.stringMatching(/^PT5064/)]);
  });
});

describe("the statement", () => {
  const row = (examples: number, pretrained: number | null, scratch: number | null): Comparison["rows"][number] => {
    const one = (value: number | null) => ({ run: "x", hash: "", value, curve: [] });
    return { examples, pretrained: one(pretrained), scratch: one(scratch) };
  };
  test.each([
    [[row(25, 0.6, 0.5), row(100, 0.9, 0.6), row(400, 0.95, 0.88)], true, "with 100 labels the pretrained model reaches what random weights need 400 for (accuracy 0.900 against 0.880)"],
    [[row(25, 0.6, 0.5), row(400, 0.95, 0.88)], true, "with 400 labels the pretrained model does better than random weights (accuracy 0.950 against 0.880); with fewer labels it does not reach what random weights do with all"],
    [[row(100, 0.7, 0.6)], true, "with 100 labels the pretrained model does better than random weights (accuracy 0.700 against 0.600)"],
    [[row(25, 0.4, 0.5), row(400, 0.7, 0.8)], true, "with 400 labels the pretrained model does not reach what random weights do: accuracy 0.700 against 0.800"],
    [[row(25, 0.4, 0.9), row(400, 0.3, 0.5)], false, "with 25 labels the pretrained model reaches what random weights need 400 for (accuracy 0.400 against 0.500)"],
    [[row(25, 0.6, 0.5), row(100, 0.9, 0.6), row(200, 0.9, 0.89), row(400, 0.95, 0.88)], true, "with 100 labels the pretrained model reaches what random weights need 200 for (accuracy 0.900 against 0.880)"],
    [[row(20, 0.6, 0.6), row(50, 0.5, 0.55), row(160, 0.6, 0.58)], true, "with 20 labels the pretrained model does what random weights do with all, and so do random weights: no labels are saved (accuracy 0.600 against 0.580)"],
    [[row(20, 0.5, 0.6), row(50, 0.6, 0.55), row(160, 0.6, 0.58)], true, "with 50 labels the pretrained model does what random weights do with all, and so do random weights with 20: no labels are saved (accuracy 0.600 against 0.580)"],
    [[row(1_000, null, 0.5)], true, "with 1,000 labels the pretrained model does not reach what random weights do: accuracy has no value against 0.500"],
  ] as const)("%#", (rows, higher, wanted) => expect(statementOf(rows, "accuracy", higher)).toBe(wanted));
  test("says nothing where nothing is compared", () => expect(statementOf([{ ...row(25, 0.4, null), scratch: null }], "accuracy", true)).toBe(null));
});
