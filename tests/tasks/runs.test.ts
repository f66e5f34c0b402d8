// Fine-tunings from the command line, on a table of a few rows.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { openPlan } from "../../runtime/runs/open.ts";
import { readResult } from "../../runtime/runs/result.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { folderWith, newFolder, pt } from "../harness/cli.ts";
import { checkText, codes } from "../harness/compiling.ts";
import { endOf } from "../training/folders.ts";

const random = randomStream(3, "rows");
const word = (words: readonly string[]): string => words[random.below(words.length)];
const rows = Array.from({ length: 60 }, () => {
  const label = word(["10", "9", "calm"]);
  return `${word(["the", "a"])} ${{ 10: "ship", 9: "whale", calm: "sea" }[label]} ${word(["rose", "fell"])},${label},${label.length}`;
});
const csv = `text,label,size\n${rows.join("\n")}\n`;
const spec = `model reader(vocab, width = 16, drop = 10%) {
  encoder {
    embed: tokens(vocab, width) + learned_positions(24)
    residual { layernorm attention(2, mask: full, dropout: drop) }
    residual { layernorm mlp(2 * width, gelu) dropout(drop) }
    layernorm
  }
  head mlm { tied(bias: on) }
}
data notes { files: "notes.csv"  format: csv  columns { text: string  label: class  size: number }  split { train: 70%  valid: 30% } }
tokenizer letters { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>] }
pretrain base { model: reader()  tokenizer: letters  data: notes  objective: masked  length: 24  batch: 8 examples  train: 4 steps  optimizer: adamw(lr: 1e-2) }
finetune kinds from base {
  data: notes
  task: classify(text, label)
  batch: 6 examples
  train: 12 epochs
  optimizer: adamw(lr: 1e-2)
  metrics: [accuracy, f1(average: macro)]
  evaluate { every: 7 steps }
  checkpoint { every: 5 steps }
}
finetune sizes extends kinds { task: regress(text, size)  metrics: [pearson]  adapt: lora(rank: 2) }
finetune more from sizes { data: notes  task: classify(text, label)  train: 2 steps  optimizer: sgd(lr: 1e-2) }
finetune alone { model: reader()  tokenizer: letters  data: notes  task: classify(text, label)  length: 24  train: 2 steps  optimizer: sgd(lr: 1e-2) }
`;

let folder: string;
beforeAll(() => {
  folder = newFolder({ "main.pt": spec, "notes.csv": csv });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runOf = (name: string): string => join(folder, "runs", readdirSync(join(folder, "runs")).find((one) => one.startsWith(`${name}-`))!);
const json = async (...argv: string[]): Promise<never> => {
  const { code, stdout, stderr } = await pt([...argv, "--json"], folder);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as never;
};

describe("a fine-tuning", () => {
  test("trains what it is from, then itself, and leaves its result", async () => {
    const { code, stdout } = await pt(["train", "main.pt", "kinds", "--json"], folder);
    expect(code).toBe(0);
    const done = stdout.trim().split("\n").map((line) => JSON.parse(line)).filter(({ event }) => event === "done");
    expect(done.map(({ step }) => step)).toEqual([4, 78]);
    expect(Object.keys(done[1].metrics)).toEqual(["accuracy", "f1", "loss"]);
    expect(done[1].metrics.accuracy).toBeGreaterThan(0.9);
    const result = readResult(runOf("kinds"))!;
    expect(result).toMatchObject({ name: "kinds", kind: "finetune", step: 78, tokens: 78 * 6 * 24, metrics: done[1].metrics });
    expect(result.parameters.total).toBe(result.parameters.trainable);
    expect(readResult(runOf("base"))).toMatchObject({ kind: "pretrain", step: 4, metrics: {} });
    // Labels in natural order, counted where they were trained on.
    const [source] = JSON.parse(readFileSync(join(runOf("kinds"), "data.json"), "utf8")).sources;
    expect(source.classes.label.map(({ label }: { label: string }) => label)).toEqual(["9", "10", "calm"]);
  });

  test("ends with the same bytes when it is interrupted, and its resolved spec makes the same plan", async () => {
    const { plan, base } = await openPlan("main.pt", { cwd: folder, run: "kinds" });
    const [whole, parts] = ["whole", "parts"].map((name) => join(folder, name, "run"));
    const options = { base, backend: "wasm" };
    await trainPlan(plan, { ...options, folder: whole });
    for (const stop of [3, 8, 20]) {
      const controller = new AbortController();
      const { status } = await trainPlan(plan, { ...options, folder: parts, signal: controller.signal, emit: (event) => event.event === "step" && event.step === stop && controller.abort() });
      expect(status).toBe("interrupted");
    }
    expect(await trainPlan(plan, { ...options, folder: parts })).toMatchObject({ status: "done", step: 78 });
    expect(endOf(parts)).toEqual(endOf(whole));
    const again = folderWith({ "spec.pt": plan.spec });
    expect(JSON.parse((await pt(["compile", "spec.pt", "kinds"], again)).stdout).hash).toBe(plan.hash);
  });

  test("is measured again, by the metrics that it names", async () => {
    expect(await json("evaluate", "main.pt", "kinds")).toMatchObject({ run: "kinds", part: "valid", examples: 21, metrics: readResult(runOf("kinds"))!.metrics });
    expect(await json("evaluate", "main.pt", "kinds", "--part", "train")).toMatchObject({ part: "train", examples: 39 });
  });

  test("is planned, inspected, explained, compared and shown", async () => {
    const { runs } = await json("plan", "main.pt") as { runs: { name: string; kind: string }[] };
    expect(runs.map(({ name, kind }) => `${kind} ${name}`)).toEqual(["pretrain base", "finetune kinds", "finetune sizes", "finetune more", "finetune alone"]);
    const text = (await pt(["plan", "main.pt", "kinds"], folder)).stdout;
    expect(text).toMatch(/from +base \(last of/);
    expect(text).toMatch(/classes +3: 9, 10, calm/);
    expect(text).toMatch(/new head +head classify \{ pool\(first\) dense\(3\) \}/);
    const alone = folderWith({ "main.pt": spec });
    expect((await pt(["plan", "main.pt", "alone"], alone)).stdout).toMatch(/classes +2, assumed/);
    expect((await pt(["inspect", "main.pt", "kinds"], folder)).stdout).toMatch(/classify: class \d, (9|10|calm)\n/);
    expect((await pt(["inspect", "main.pt", "kinds"], folder)).stdout).toMatch(/\n… \d+ positions of padding \(--json prints all\)\n/);
    expect((await pt(["inspect", "main.pt", "sizes"], folder)).stdout).toMatch(/regress: \d\n/);
    expect((await pt(["explain", "main.pt:kinds.task.text"], folder)).stdout).toMatch(/text/);
    expect((await pt(["diff", "main.pt:kinds", "main.pt:sizes"], folder)).stdout).toMatch(/task/);
    expect((await pt(["show", "main.pt", "kinds"], folder)).stdout).toMatch(/head classify/);
    const formatted = (await pt(["format", "main.pt"], folder)).stdout;
    writeFileSync(join(folder, "again.pt"), formatted);
    expect((await pt(["format", "again.pt"], folder)).stdout).toBe(formatted);
  });

  test("with low-rank updates trains few weights; a run from it gets them merged", async () => {
    await json("train", "main.pt", "sizes");
    const { parameters } = readResult(runOf("sizes"))!;
    expect(parameters.trainable).toBeLessThan(0.2 * parameters.total);
    const { code, stderr } = await pt(["train", "main.pt", "more"], folder);
    expect(code, stderr).toBe(0);
  });

  test("does not start from an adapted run whose additions it would lose", () => {
    const adapter = (more: string): string => `${spec}finetune small from base { data: notes  task: classify(text, label)  train: 2 steps  optimizer: sgd(lr: 1e-2)  adapt: adapter(4) }
finetune after from small { data: notes  task: classify(text, label)  train: 2 steps  optimizer: sgd(lr: 1e-2)  ${more} }\n`;
    expect(codes(checkText(adapter("")))).toEqual([expect.stringMatching(/^PT3022/)]);
    expect(codes(checkText(adapter("adapt: adapter(4)")))).toEqual([]);
  });

  test("starts from random weights where it is from nothing", async () => {
    expect(await json("train", "main.pt", "alone")).toMatchObject({ event: "done", step: 2 });
  });
});
