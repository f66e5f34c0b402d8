// Two towers learn from files of pictures with captions, and a run that was interrupted ends with the same bytes.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { openPlan } from "../../runtime/runs/open.ts";
import type { TrainEvent } from "../../runtime/training/events.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { newFolder, pt } from "../harness/cli.ts";
import { shapePictures, writeShapes } from "./shapes.ts";

const spec = `import { clip } from "ptarmigan/clip.pt"
data pairs { files: "train.csv"  format: csv  columns { picture: image(normalize: clip)  caption: string } }
data held { files: "held.csv"  format: csv  columns { picture: image(normalize: clip)  caption: string } }
tokenizer letters { kind: bytes  special: [<pad>, <bos>, <eos>] }
pretrain towers {
  model: clip(projection: 24, text_layers: 1, text_width: 24, text_heads: 2, context: 28, image_layers: 1, image_width: 24, image_heads: 2, image_size: 12, patch: 4)
  tokenizer: letters
  data: pairs
  objective: contrastive
  batch: 40 examples
  train: 60 steps
  optimizer: adamw(lr: 4e-3, weight_decay: 0.01, clip: 1.0)
  evaluate { every: 30 steps  data: held  metrics: [loss, top_k_recall, top_k_recall(k: 5)] }
  checkpoint { every: 25 steps  keep: 9 }
}
`;

let folder: string;
beforeAll(() => {
  folder = newFolder({ "main.pt": spec });
  writeShapes(folder, "train", shapePictures(5, { size: 14 }));
  writeShapes(folder, "held", shapePictures(1, { size: 18, seed: 2 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("contrastive pretraining on files", () => {
  const events: TrainEvent[] = [];
  let whole: string;

  test("recall of held-out pairs rises far above chance", async () => {
    const { plan } = await openPlan("main.pt", { cwd: folder });
    expect(plan.objective.streams.images).toEqual({ prefix: "image.", channels: 3, height: 12, width: 12, positions: 10, column: "picture" });
    expect(plan.objective.entries[0].frame).toEqual({ before: ["bos"], between: [], after: ["eos"], close: [] });
    expect(plan.objective.entries[0].lengths).toEqual({ raw: 26, inputs: 28, targets: 1 });
    whole = join(folder, "whole");
    await trainPlan(plan, { folder: whole, base: folder, backend: await chooseBackend(undefined), cache: join(folder, "cache"), emit: (event) => events.push(event) });
    const metrics = events.flatMap((event) => (event.event === "evaluate" ? [event.metrics] : []));
    // One of 40 pairs is found by chance.
    expect(metrics.at(-1)!.top_k_recall).toBeGreaterThan(0.5);
    expect(metrics.at(-1)!.top_5_recall).toBeGreaterThan(0.85);
    expect(metrics.at(-1)!.loss).toBeLessThan(0.6 * Math.log(40));
    const { "top_k_recall.image_to_text": there, "top_k_recall.text_to_image": back, top_k_recall: both } = metrics.at(-1)!;
    expect((there + back) / 2).toBeCloseTo(both, 12);
  }, 300_000);

  test("stopped and resumed, it ends with the same bytes", async () => {
    const { plan } = await openPlan("main.pt", { cwd: folder });
    const [stopped, stop] = [join(folder, "stopped"), new AbortController()];
    const settings = { folder: stopped, base: folder, backend: await chooseBackend(undefined), cache: join(folder, "other") };
    const first = await trainPlan(plan, { ...settings, signal: stop.signal, emit: (event) => event.event === "step" && event.step === 17 && stop.abort() });
    expect([first.status, first.step]).toEqual(["interrupted", 17]);
    expect((await trainPlan(plan, settings)).status).toBe("done");
    const last = (run: string, file: string): Buffer => readFileSync(join(run, "checkpoints", "step-000060", file));
    for (const file of ["weights.safetensors", "optimizer.safetensors"]) expect(last(stopped, file).equals(last(whole, file)), file).toBe(true);
    expect(readFileSync(join(stopped, "metrics.jsonl"), "utf8")).toBe(readFileSync(join(whole, "metrics.jsonl"), "utf8"));
  }, 300_000);

  test("a picture that changes is noticed", async () => {
    const { plan } = await openPlan("main.pt", { cwd: folder });
    const picture = join(folder, "train-0.png");
    const before = readFileSync(picture);
    writeFileSync(picture, readFileSync(join(folder, "train-2.png")));
    await expect(trainPlan(plan, { folder: join(folder, "stopped"), base: folder, backend: "cpu", cache: join(folder, "cache") })).rejects.toThrow("PT8005");
    writeFileSync(picture, before);
  });

  test("pt inspect shows pictures and captions, pt plan the size", async () => {
    const run = await pt(["inspect", "main.pt", "towers", "--examples", "1"], folder);
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/picture 3 × 12 × 12, mean -?\d/);
    expect(run.stdout).toMatch(/[░▒▓█]{3}/);
    expect(run.stdout).toContain("<bos>");
    const json = JSON.parse((await pt(["inspect", "main.pt", "towers", "--json"], folder)).stdout);
    expect([json.rows.length, json.rows[0].image.pixels.length]).toEqual([40, 3 * 12 * 12]);
    expect(json.rows[0].text).toMatch(/^<bos>a \w+ \w+ in \w+<eos>$/);
    const data = await pt(["inspect", "main.pt", "held"], folder);
    expect(data.stdout).toMatch(/image, 18 × 18 × 3, mean \d/);
    expect((await pt(["plan", "main.pt"], folder)).stdout).toMatch(/images +`picture` as 3 × 12 × 12: the shortest side resized \(bicubic\), the middle cut out; values from 0 to 1, less 0.481 0.458 0.408, over 0.269 0.261 0.276/);
  }, 60_000);
});
