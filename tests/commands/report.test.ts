// pt report: ablations, trained runs, folders of runs; formats, places, refusals.

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newFolder, pt, read } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";
import { writeAblation } from "../reports/results.ts";

let folder = "";
let run = "";

beforeAll(async () => {
  const text = Array.from({ length: 60 }, (_, i) => `Call me Ishmael, for the ${i}th time.`).join("\n");
  folder = newFolder({ "spec.pt": smallSpec.replace("  train: 10 steps\n", "  train: 6 steps\n  evaluate { every: 3 steps  data: novels.valid }\n  sample { every: 3 steps  prompt: \"Call\"  tokens: 4 }\n"), ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`texts/${i}.txt`, `Number ${i}. ${text}`])) });
  const trained = await pt(["train", "spec.pt", "small", "--backend", "cpu"], folder);
  expect(trained.code, trained.stderr).toBe(0);
  run = readdirSync(join(folder, "runs")).find((name) => name.startsWith("small-"))!;
  writeAblation(join(folder, "runs"), "table-1a2b3c4d", [{ label: "baseline", accuracy: 0.9, loss: 3 }, { label: "windowed", accuracy: 0.8, loss: 3.3, mask: "causal & window(4)" }]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("training leaves a page in the run's folder, the same that the command makes", async () => {
  const left = read(folder, `runs/${run}/report.html`);
  for (const title of ["Results", "Learning curves", "Samples", "Architectures", "Attention masks", "Data", "Specifications"]) expect(left).toContain(`>${title}</h2>`);
  const ran = await pt(["report", `runs/${run}`], folder);
  expect([ran.code, ran.stdout]).toEqual([0, `runs/${run}/report.html written\n`]);
  expect(read(folder, `runs/${run}/report.html`)).toBe(left);
});

describe("a run", () => {
  test("as CSV: a line for each step", async () => {
    const { stdout } = await pt(["report", `runs/${run}`, "--format", "csv"], folder);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(/^step,loss,rate,held-out loss/);
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["1", "2", "3", "4", "5", "6"]);
  });
  test("as JSON: parameters, last losses, hash", async () => {
    const report = JSON.parse((await pt(["report", `runs/${run}`, "--format", "json"], folder)).stdout) as { [key: string]: unknown };
    expect(report).toMatchObject({ folder: run, name: "small", kind: "pretrain", step: 6 });
    expect(report.loss).toBeGreaterThan(0);
    expect((report.evaluation as { loss: number }).loss).toBeGreaterThan(0);
  });
  test("with a comparison: pretrained against scratch by labelled examples", async () => {
    const measured = (value: number) => ({ run: "spam", hash: "0", value, curve: [{ step: 1, value: value / 2 }, { step: 2, value }] });
    const rows = [10, 100].map((examples) => ({ examples, pretrained: measured(0.7 + examples / 1000), scratch: measured(0.5 + examples / 1000) }));
    writeFileSync(join(folder, "runs", run, "comparison.json"), JSON.stringify({ name: "spam", metric: "accuracy", higher_is_better: true, rows, statement: "with 10 labels the pretrained model does well" }));
    const ran = await pt(["report", `runs/${run}`, "--out", "RUN.md"], folder);
    rmSync(join(folder, "runs", run, "comparison.json"));
    expect(ran.code).toBe(0);
    const text = read(folder, "RUN.md");
    expect(text).toContain("## Pretrained against scratch");
    expect(text).toContain("| 10 | 0.7100 | 0.5100 | +0.2000 |");
    expect(text).toContain("\nWith 10 labels the pretrained model does well.\n");
    expect(existsSync(join(folder, "report", "labels-1.svg"))).toBe(true);
  });
});

describe("an ablation", () => {
  test("into a folder that is not there yet", async () => {
    const ran = await pt(["report", "runs/table-1a2b3c4d", "--out", "paper/tables/one.html"], folder);
    expect([ran.code, ran.stdout]).toEqual([0, "paper/tables/one.html written\n"]);
    expect(existsSync(join(folder, "paper/tables/one.html"))).toBe(true);
  });

  test("by the ending of --out, with pictures beside a document", async () => {
    const ran = await pt(["report", "runs/table-1a2b3c4d", "--out", "examples.md"], folder);
    expect(ran.stdout).toMatch(/^examples\.md written, with \d+ pictures in report\n$/);
    for (const [, file] of read(folder, "examples.md").matchAll(/\((report\/[^)]+)\)/g)) expect(existsSync(join(folder, file)), file).toBe(true);
  });
  test("as CSV and JSON on standard output", async () => {
    expect((await pt(["report", "runs/table-1a2b3c4d", "--format", "csv"], folder)).stdout).toMatch(/^label,model,spam\.accuracy,/);
    const report = JSON.parse((await pt(["report", "runs/table-1a2b3c4d", "--format", "json"], folder)).stdout) as { rows: { label: string }[] };
    expect(report.rows.map(({ label }) => label)).toEqual(["baseline", "windowed"]);
  });
});

test("a folder of runs is a table of those that can be read, and says which cannot", async () => {
  mkdirSync(join(folder, "runs", "cut-0"));
  writeFileSync(join(folder, "runs", "cut-0", "plan.json"), "{");
  const report = JSON.parse((await pt(["report", "runs", "--format", "json"], folder)).stdout) as { runs: { folder: string }[]; ablations: { folder: string }[]; unreadable: { folder: string }[] };
  rmSync(join(folder, "runs", "cut-0"), { recursive: true });
  expect(report.runs.map((one) => one.folder)).toEqual([run]);
  expect(report.ablations.map((one) => one.folder)).toEqual(["table-1a2b3c4d"]);
  expect(report.unreadable.map((one) => one.folder)).toEqual(["cut-0"]);
  expect((await pt(["report", "runs", "--format", "csv"], folder)).stdout).toMatch(new RegExp(`^run,kind,parameters,steps,loss,held-out loss.*\n${run},pretrain,\\d+,6,`));
});

test("wrong formats, folders without runs and damaged results are refused", async () => {
  expect((await pt(["report", "runs", "--format", "pdf"], folder)).codes).toEqual(["PT8012"]);
  expect((await pt(["report", "texts"], folder)).codes).toEqual(["PT8010"]);
  expect((await pt(["report", "nowhere"], folder)).codes).toEqual(["PT8010"]);
  mkdirSync(join(folder, "damaged"));
  writeFileSync(join(folder, "damaged/result.json"), "{\"rows\":");
  expect((await pt(["report", "damaged"], folder)).codes).toEqual(["PT8045"]);
});
