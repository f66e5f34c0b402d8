// `pt plan FILE ABLATION`: costs, what is shared, assertions, published tables; and how long a large grid takes.

import { describe, expect, test } from "vitest";
import { outlineCosts } from "../../compiler/ablations/outline.ts";
import { planAblation, type AblationPlan, type TrainingJob } from "../../compiler/ablations/plan.ts";
import { exampleCosts, grownCosts } from "../../compiler/phases/6-emit.ts";
import type { AblationReport } from "../../runtime/ablations/plan-report.ts";
import { folderWith, pt } from "../harness/cli.ts";
import { checkText, planOf } from "../harness/compiling.ts";
import { ablationSpec } from "./specs.ts";

function planned(text: string, whole = true): AblationPlan {
  const result = checkText(text);
  expect(result.diagnostics).toEqual([]);
  const made = planAblation(result.ablations.get("sizes")!, { whole });
  if ("diagnostics" in made) throw new Error(made.diagnostics.map((one) => one.message).join("\n"));
  return made.plan;
}

const trainings = (plan: AblationPlan): TrainingJob[] => plan.jobs.filter((job) => job.kind !== "evaluate");

const nested = "pretrain further from longer(checkpoint: best) { data: novels  objective: causal_lm  batch: 4 examples  train: 4 steps  optimizer: sgd(lr: 1e-2)  evaluate { data: novels.valid } }\npretrain beside from base { data: novels  objective: causal_lm  batch: 8 examples  train: 4 steps  optimizer: sgd(lr: 1e-2)  evaluate { data: novels.valid } }";

describe("jobs", () => {
  test("a run that several measures and rows need is one job, after what it needs", () => {
    const plan = planned(ablationSpec({ after: nested, rows: "vary model.width in [8, 16]", more: "seeds: 2\n  measure: [loss, longer.loss, further.loss, beside.loss]" }));
    expect(plan.jobs.map((job) => `${job.name} ${job.seed} ${[...job.rows]} ${job.needs.map((one) => one.name)}`)).toEqual(
      [0, 1].flatMap((row) => [7, 8].flatMap((seed) => [`base ${seed} ${row} `, `longer ${seed} ${row} base`, `further ${seed} ${row} longer`, `beside ${seed} ${row} base`])));
    expect(new Set(plan.jobs.map((job) => job.plan!.hash)).size).toBe(plan.jobs.length);
    for (const job of trainings(plan)) expect(job.plan!.from?.hash).toBe(job.needs[0]?.plan!.hash);
  });

  test("a teacher that does not start from the baseline is one job for all rows, and keeps its seed", () => {
    const teacher = "pretrain master extends base { model.width: 16  seed: 3 }\npretrain pupil extends base { objective: causal_lm + distill(master) }";
    const plan = planned(ablationSpec({ after: teacher, rows: "vary model.width in [8, 24]", more: "seeds: 2" }).replace("sizes of base", "sizes of pupil"));
    expect(plan.jobs.map((job) => `${job.name} ${job.seed} ${[...job.rows]}`)).toEqual(["master 3 0,1", "pupil 7 0", "pupil 8 0", "pupil 7 1", "pupil 8 1"]);
    expect(trainings(plan)[1].plan!.teachers.map(({ hash }) => hash)).toEqual([plan.jobs[0].plan!.hash]);
  });

  test("graphs that are shared are those that each plan would have by itself", () => {
    const text = ablationSpec({ rows: 'vary { "rate": { optimizer.lr: 5e-4 }  "decay": { optimizer.weight_decay: 0 }  "adafactor": { optimizer: adafactor(relative_step: on) }  "steps": { train: 20 steps  schedule: cosine }  "batch": { batch: 8 examples }  "dropout": { model.drop: 10% }  "limit": { memory: 2 MB } }', more: "seeds: 2" });
    const plan = planned(text);
    const graphs = new Set(trainings(plan).map((job) => job.plan!.graphs));
    expect([plan.jobs.length, graphs.size]).toEqual([16, 6]);
    for (const job of plan.jobs) expect(planOf(job.plan!.spec, { run: "base" }).hash).toBe(job.plan!.hash);
  });
});

describe("outlines", () => {
  test("have the FLOPs and parameters of whole plans, and the order of their memory", () => {
    for (const rows of ["vary model.layers in [1, 3, 5, 9]  vary model.width in [8, 24]", 'vary { "cycled": { model: tiny(layers: 6) } }']) {
      const plan = planned(ablationSpec({ rows }));
      for (const { run, costs, plan: whole } of trainings(plan)) {
        const outline = outlineCosts(run, checkText(ablationSpec({ rows })).context, new Map());
        expect(outline.parameters).toEqual(costs.parameters);
        expect(outline.flops.train_per_token).toBeCloseTo(grownCosts(exampleCosts(run), run).flops.train_per_token, 4);
        expect(Math.abs(outline.flops.total! / costs.flops.total! - 1)).toBeLessThan(0.02);
        expect(Math.abs(outline.memory.peak / whole!.costs.memory.peak - 1)).toBeLessThan(0.5);
      }
    }
  });

  test("200 rows of 200 models plan in the time of a few", () => {
    const widths = Array.from({ length: 20 }, (_, i) => 8 * (i + 1)).join(", ");
    const text = ablationSpec({ rows: `vary model.width in [${widths}]  vary model.layers in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]`, more: "seeds: 3" });
    const began = performance.now();
    const plan = planned(text, false);
    const seconds = (performance.now() - began) / 1000;
    console.log(`a grid of ${plan.rows.length} rows and ${plan.jobs.length} jobs is checked and planned in ${seconds.toFixed(2)} s`);
    expect([plan.rows.length, plan.jobs.length, plan.outline]).toEqual([200, 600, true]);
    expect(seconds).toBeLessThan(30);
  });
});

describe("pt plan FILE ABLATION", () => {
  const hardware = "hardware a100 { flops: 312T  memory: 80 GB  price: 2.5 }\nhardware slow { flops: 1B  memory: 100 KB  utilisation: 50% }";
  const spec = ablationSpec({ after: hardware, rows: "vary model.width in [8, 16]", more: "seeds: 2\n  measure: [loss, longer.loss]\n  assert: [equal(tokens), equal(flops, within: 300%)]" });

  test("totals are sums of the jobs; hardware costs follow from FLOPs", async () => {
    const folder = folderWith({ "main.pt": spec });
    const { code, stdout } = await pt(["plan", "main.pt", "sizes", "--json"], folder);
    expect(code, stdout).toBe(0);
    const { ablation, runs, total } = JSON.parse(stdout) as AblationReport;
    expect(runs.map(({ name, row, seed, shared }) => `${name} ${row} ${seed} ${shared}`)).toEqual(["base 8 7 1", "longer 8 7 0", "base 8 8 1", "longer 8 8 0", "base 16 7 1", "longer 16 7 0", "base 16 8 1", "longer 16 8 0"]);
    const flops = runs.reduce((sum, run) => sum + run.flops.total!, 0);
    expect(total).toMatchObject({ jobs: 8, without_sharing: 12, flops, tokens: 4 * 640 + 4 * 256 });
    expect(total.estimates).toEqual([{ hardware: "a100", seconds: flops / (312e12 * 0.4), hours: flops / (312e12 * 0.4) / 3600, price: (2.5 * flops) / (312e12 * 0.4) / 3600, fits: true }, { hardware: "slow", seconds: flops / 5e8, hours: flops / 5e8 / 3600, price: null, fits: false }]);
    expect(ablation.rows.reduce((sum, row) => sum + row.budget.share!, 0)).toBeCloseTo(1, 9);
    expect(ablation.asserts).toEqual([{ text: "equal(tokens)", holds: true, detail: "tokens differ by at most 0 %" }, { text: "equal(flops, within: 300%)", holds: true, detail: expect.stringContaining("flops differ") }]);
    for (const run of runs) expect(run).toMatchObject({ kind: "pretrain", hash: expect.stringMatching(/^[0-9a-f]{64}$/), parameters: { total: expect.any(Number) }, memory: { peak: expect.any(Number) }, lengths: { inputs: 16 } });
  });

  test("as text: rows, jobs, total, time, advice, assertions", async () => {
    const { code, stdout } = await pt(["plan", "main.pt", "sizes", "--backend", "cpu"], folderWith({ "main.pt": spec }));
    expect(code).toBe(0);
    expect(stdout.replace(/\d[\d.]*(?=( |m |h )?s\b)/g, "N").replace(/of \d+ GFLOP/, "of N GFLOP")).toMatch(/8 jobs instead of 12: 4 shared[\s\S]*estimated from FLOPs at 40 % of N GFLOP\/s \(cpu[\s\S]*accelerator|a100/);
    expect(stdout).toMatch(/70B parameters, 1.4T tokens/);
    expect(stdout).toMatch(/holds +equal\(tokens\)/);
  });

  test("--calibrate times the plans' own steps, once", async () => {
    const folder = folderWith({ "main.pt": ablationSpec() });
    const time = async (...flags: string[]): Promise<{ ablation: { time: string }; total: { seconds: number } }> => JSON.parse((await pt(["plan", "main.pt", "sizes", "--json", "--backend", "cpu", ...flags], folder)).stdout);
    const measured = await time("--calibrate");
    expect(measured.ablation.time).toMatch(/from measured steps/);
    expect((await time()).total.seconds).toBe(measured.total.seconds);
  });

  test("broken assertions name all rows' numbers; epochs are not known", async () => {
    const ran = await pt(["plan", "main.pt", "sizes"], folderWith({ "main.pt": ablationSpec({ rows: "vary model.width in [8, 16]", more: "assert: equal(parameters, within: 5%)" }) }));
    expect([ran.code, ran.codes]).toEqual([1, ["PT6120"]]);
    expect(ran.stderr).toMatch(/`8` [\d,]+, `16` [\d,]+ \(\+\d+ %\)/);
    const epochs = await pt(["plan", "main.pt", "sizes"], folderWith({ "main.pt": ablationSpec({ steps: "2 epochs", more: "assert: equal(tokens)" }) }));
    expect(epochs.codes).toEqual(["PT6120"]);
  });

  test("a row that comes to the baseline's plan in other words is refused", async () => {
    const ran = await pt(["plan", "main.pt", "sizes"], folderWith({ "main.pt": ablationSpec({ rows: 'vary { "same": { train: 640 tokens }  "again": { model.layers: 1 + 1 } }' }) }));
    expect(ran.codes).toContain("PT5090");
  });

  test("published tables: missing, malformed, labels of no row", async () => {
    const text = ablationSpec({ more: 'published: "table.csv"' });
    const of = async (table?: string): Promise<readonly string[]> => (await pt(["plan", "main.pt", "sizes"], folderWith({ "main.pt": text, ...(table === undefined ? {} : { "table.csv": table }) }))).codes;
    expect(await of()).toEqual(["PT7020"]);
    for (const table of ["", "row,loss\n", "row,loss\n8\n", "row,loss\n8,2\n8,3\n", "row,loss\n8,2\n16,x\n", "row,what\n8,x\n", 'row,loss\n"8,2\n']) expect(await of(table), table).toEqual(["PT7080"]);
    expect(await of("row,size,loss\r\n8,small,2.5\r\n\"16\",large,\r\n")).toEqual([]);
    expect(await of("row,loss\n8,2\n17,2\n")).toEqual(["PT7081"]);
    expect(await of("row,loss\n8,2\nBaseline standard deviation,0.2\n")).toEqual([]);
  });
});
