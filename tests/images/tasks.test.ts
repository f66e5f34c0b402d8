// Tasks on images: from IDX files and from tables of paths, without a tokenizer, interrupted, on a tower of CLIP, and refused with a code.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { chooseBackend } from "../../runtime/backends/_choose.ts";
import { rowOf } from "../../runtime/data/fields.ts";
import { openPlan } from "../../runtime/runs/open.ts";
import { readResult } from "../../runtime/runs/result.ts";
import { readSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { trainPlan } from "../../runtime/training/loop.ts";
import { newFolder, pt } from "../harness/cli.ts";
import { checkText, codes } from "../harness/compiling.ts";
import { overfitted } from "../tasks/overfitted.ts";
import { pngOf, shapePictures } from "./shapes.ts";

/** 8 × 8 pixels: a bar, a pole or a diagonal, somewhere, in noise. */
function strokes(count: number, seed: number): { readonly images: Buffer; readonly labels: Buffer } {
  const random = randomStream(seed, "strokes");
  const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % 3));
  const pixels = Buffer.concat(Array.from(labels, (label) => {
    const at = 1 + random.below(6);
    const inside = (x: number, y: number): boolean => (label === 0 ? y === at : label === 1 ? x === at : Math.abs(x - y) === at - 1);
    return Buffer.from(Array.from({ length: 64 }, (_, i) => (inside(i % 8, i >> 3) ? 180 : 20) + random.below(50)));
  }));
  const header = (...sizes: number[]): Buffer => {
    const bytes = Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap(() => [0, 0, 0, 0])]);
    sizes.forEach((size, axis) => bytes.writeUInt32BE(size, 4 + 4 * axis));
    return bytes;
  };
  return { images: Buffer.concat([header(count, 8, 8), pixels]), labels: Buffer.concat([header(count), labels]) };
}

const seer = `model seer(width = 16) {
  encoder { embed: class_token(patches(width, size: 2, channels: 1)) + learned_positions(17)
    residual { layernorm attention(2, mask: full) } residual { layernorm mlp(32, gelu) } layernorm }
}
`;
const idx = (name: string, columns = "image: image  label: class"): string => `data ${name} { files: ["${name}-images", "${name}-labels"]  format: idx  columns { ${columns} } }\n`;
const main = `${seer}${idx("train")}${idx("held")}finetune sorted {
  model: seer()
  data: train
  task: classify(image, label)
  batch: 16 examples
  train: 8 epochs
  optimizer: adamw(lr: 1e-2, clip: 1.0)
  evaluate { every: 20 steps  data: held }
  checkpoint { every: 13 steps }
}
`;

let folder: string;
const write = (name: string, text: string | Buffer): string => (writeFileSync(join(folder, name), text), name);
beforeAll(() => {
  folder = newFolder({ "main.pt": main });
  for (const [name, count, seed] of [["train", 150, 1], ["held", 60, 2]] as const) {
    const { images, labels } = strokes(count, seed);
    write(`${name}-images`, images);
    write(`${name}-labels`, labels);
  }
  const pictures = shapePictures(4, { size: 10 });
  const rows = pictures.map((picture, i) => (write(`${i}.png`, pngOf(picture)), { picture: `${i}.png`, other: `${(i + 1) % pictures.length}.png`, text: picture.caption, shape: picture.caption.split(" ")[2], light: picture.caption.endsWith("fog") ? 1 : 0 }));
  write("rows.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runOf = (name: string): string => join(folder, "runs", readdirSync(join(folder, "runs")).find((one) => one.startsWith(`${name}-`))!);

describe("classify on IDX files, from the command line", () => {
  test("check, plan and inspect", async () => {
    expect(await pt(["check", "main.pt"], folder)).toMatchObject({ code: 0, codes: [] });
    const { stdout } = await pt(["plan", "main.pt"], folder);
    expect(stdout).toMatch(/classes +3: 0, 1, 2\n/);
    expect(stdout).toMatch(/lengths +17 positions an image\n/);
    expect(stdout).toMatch(/images +`image` as 1 × 8 × 8/);
    expect(stdout).toMatch(/new head +head classify \{ pool\(first\) dense\(3\) \}/);
    const shown = await pt(["inspect", "main.pt", "--examples", "1"], folder);
    expect(shown.stderr).toBe("");
    expect(shown.stdout).toMatch(/classify: class \d, \d\n\nimage 1 × 8 × 8, mean/);
    expect(shown.stdout).not.toContain("mask (a row");
  });

  test("train reaches the held-out images, and evaluate says the same", async () => {
    const { code, stdout, stderr } = await pt(["train", "main.pt", "--json"], folder);
    expect(code, stderr).toBe(0);
    const done = JSON.parse(stdout.trim().split("\n").at(-1)!);
    expect(done.step).toBe(75);
    expect(done.metrics.accuracy).toBeGreaterThan(0.9);
    expect(readResult(runOf("sorted"))).toMatchObject({ kind: "finetune", tokens: 75 * 16 * 17, metrics: done.metrics });
    const again = await pt(["evaluate", "main.pt", "sorted", "--checkpoint", "last", "--json"], folder);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.stringify(JSON.parse(again.stdout))).toContain(`"accuracy":${done.metrics.accuracy}`);
  }, 120_000);

  test("interrupted and resumed, it ends with the same bytes, and its resolved spec makes the same plan", async () => {
    const { plan, base } = await openPlan("main.pt", { cwd: folder });
    expect(plan.tokenizer).toMatchObject({ kind: { word: "ids" }, vocab: 1, trained_on: null });
    const [stop, parts] = [new AbortController(), join(folder, "parts")];
    const settings = { folder: parts, base, backend: await chooseBackend(undefined), cache: join(folder, "cache") };
    expect((await trainPlan(plan, { ...settings, signal: stop.signal, emit: (event) => event.event === "step" && event.step === 17 && stop.abort() })).status).toBe("interrupted");
    expect((await trainPlan(plan, settings)).status).toBe("done");
    for (const file of ["weights.safetensors", "optimizer.safetensors"]) expect(readFileSync(join(parts, "checkpoints/step-000075", file)).equals(readFileSync(join(runOf("sorted"), "checkpoints/step-000075", file))), file).toBe(true);
    expect(readFileSync(join(parts, "metrics.jsonl"), "utf8")).toBe(readFileSync(join(runOf("sorted"), "metrics.jsonl"), "utf8"));
    // Pixels are kept in files without a name.
    expect(readdirSync(join(folder, "cache", "images"))).toEqual([]);
    write("again.pt", plan.spec);
    expect(JSON.parse((await pt(["compile", "again.pt", "sorted"], folder)).stdout).hash).toBe(plan.hash);
  }, 120_000);

  test("each label stands beside its own image, in every order, of all examples and of a few", async () => {
    const bytes = readFileSync(join(folder, "train-images")).subarray(16);
    const labelOf = new Map(Array.from({ length: 150 }, (_, i) => [bytes.subarray(64 * i, 64 * i + 64).toString("hex"), i % 3]));
    const { plan } = await openPlan(write("few.pt", main.replace("batch: 16", "examples: 30  batch: 16")), { cwd: folder });
    for (const [one, size] of [[(await openPlan("main.pt", { cwd: folder })).plan, 150], [plan, 30]] as const) {
      const { data } = await openInputs(one, { base: folder });
      expect(data.examples).toBe(size);
      const batch = data.batch(0, size);
      const seen = Array.from({ length: size }, (_, row) => {
        // (x / 255 − 0.5) / 0.5, undone.
        const image = Buffer.from(Array.from(rowOf(batch, "pixels", row)!, (value) => Math.round((value * 0.5 + 0.5) * 255))).toString("hex");
        expect(rowOf(batch, "classify.targets", row)![0]).toBe(labelOf.get(image));
        return image;
      });
      expect(new Set(seen).size).toBe(size);
    }
  });
});

const table = 'data rows { files: "rows.jsonl"  format: jsonl  columns { picture: image(normalize: clip)  other: image  text: string  shape: class  light: number }  split { train: 75%  valid: 25% } }\n';
const vit = (more: string): string => `import { vit } from "ptarmigan/vit.pt"
${table}finetune seen { model: vit(layers: 1, width: 24, heads: 2, image: 12, patch: 3, classes: 4)  data: rows  batch: 20 examples  optimizer: adamw(lr: 4e-3, clip: 1.0)  ${more} }
`;

test("a table of paths: classes with a ViT, numbers with its usual head", async () => {
  write("vit.pt", vit("task: classify(picture, shape)  train: 60 steps"));
  const done = await pt(["train", "vit.pt", "--json"], folder);
  expect(done.code, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout.trim().split("\n").at(-1)!).metrics.accuracy).toBeGreaterThan(0.6);
  write("light.pt", vit("task: regress(picture, light)  train: 30 steps").replace("finetune seen", "finetune lit"));
  const lit = await pt(["train", "light.pt", "--json"], folder);
  expect(lit.code, lit.stderr).toBe(0);
  expect(JSON.parse(lit.stdout.trim().split("\n").at(-1)!).metrics.pearson).toBeGreaterThan(0.9);
}, 120_000);

test("a few images are learned by heart", async () => {
  const rows = ["0.png", "1.png", "2.png", "5.png"].map((picture, i) => `${JSON.stringify({ picture, shape: "abc"[i % 3], light: i - 1.5 })}\n`).join("");
  write("four.jsonl", rows);
  write("again.jsonl", rows);
  const data = (name: string): string => `data ${name} { files: "${name}.jsonl"  format: jsonl  columns { picture: image  shape: class(labels: ["a", "b", "c"])  light: number } }\n`;
  const text = (task: string): string => `${seer.replace("channels: 1", "channels: 3")}${data("four")}${data("again")}finetune f { model: seer()  data: four  task: ${task}  batch: 4 examples  train: 60 steps  optimizer: adamw(lr: 1e-2, weight_decay: 0)  evaluate { data: again } }\n`;
  const classes = await overfitted(text("classify(picture, shape)"), folder, 60);
  expect(classes.after).toBeLessThan(0.1 * classes.before);
  expect([classes.answers, classes.metrics.accuracy]).toEqual([classes.references, 1]);
  const numbers = await overfitted(text("regress(picture, light)"), folder, 60);
  numbers.answers.forEach((answer, i) => expect(Math.abs((answer as number) - (numbers.references[i] as number))).toBeLessThan(0.25));
});

test("of several columns of images the one that the task names", async () => {
  const [a, b] = await Promise.all(["picture", "other"].map(async (column) => openInputs((await openPlan(write(`${column}.pt`, vit(`task: classify(${column}, shape)  train: 1 steps`).replace(/ {2}split.*}/, " }").replace("other: image ", "other: image(normalize: clip) ")), { cwd: folder })).plan, { base: folder })));
  const pixels = ({ data }: typeof a, row: number): number[] => Array.from(rowOf(data.ordered(row, 1), "pixels", 0)!);
  expect(pixels(a, 1)).toEqual(pixels(b, 0));
  expect(pixels(a, 0)).not.toEqual(pixels(b, 0));
});

test("the images' tower of a contrastive run learns a task from its weights", async () => {
  write("towers.pt", `import { clip } from "ptarmigan/clip.pt"
${table}tokenizer letters { kind: bytes  special: [<pad>, <bos>, <eos>] }
pretrain towers { model: clip(projection: 8, text_layers: 1, text_width: 8, text_heads: 2, context: 28, image_layers: 1, image_width: 24, image_heads: 2, image_size: 12, patch: 3)  tokenizer: letters  data: pairs  objective: contrastive  batch: 10 examples  train: 2 steps  optimizer: adamw(lr: 1e-3) }
finetune tuned from towers { data: rows  task: classify(picture, shape)  batch: 10 examples  train: 0 steps  optimizer: adamw(lr: 1e-3) }
data pairs { files: "rows.jsonl"  format: jsonl  columns { picture: image  text: string } }
`);
  const { code, stderr, stdout } = await pt(["train", "towers.pt", "tuned"], folder);
  expect(code, stdout + stderr).toBe(0);
  const weights = async (run: string, step: string) => readSafetensors(join(folder, "runs", readdirSync(join(folder, "runs")).find((one) => one.startsWith(run))!, "checkpoints", step, "weights.safetensors"));
  const [from, own] = [await weights("towers-", "step-000002"), await weights("tuned-", "step-000000")];
  expect([...own.keys()].filter((name) => !name.startsWith("image."))).toEqual(["classify.dense.bias", "classify.dense.weight"]);
  for (const [name, { data }] of own) if (name.startsWith("image.")) expect(data, name).toEqual(from.get(name)!.data);
}, 60_000);

test("a ViT that comes back from a Hugging Face folder goes on learning", async () => {
  const exported = await pt(["export", runOf("seen"), "--to", "huggingface", "--out", "models/vit"], folder);
  expect(exported.code, exported.stdout + exported.stderr).toBe(0);
  write("outside.pt", `${table}finetune further from imported("models/vit") { data: rows  task: classify(picture, shape)  batch: 20 examples  train: 0 steps  optimizer: adamw(lr: 1e-3) }\n`);
  const { code, stdout, stderr } = await pt(["train", "outside.pt", "--json"], folder);
  expect(code, stdout + stderr).toBe(0);
  const before = JSON.parse((await pt(["evaluate", runOf("seen"), "--checkpoint", "last", "--json"], folder)).stdout).metrics;
  expect(JSON.parse(stdout.trim().split("\n").at(-1)!).metrics).toEqual(before);
  write("others.pt", `${table}finetune lit from imported("models/vit") { data: rows  task: regress(picture, light)  batch: 20 examples  train: 1 steps  optimizer: adamw(lr: 1e-3) }\n`);
  expect((await pt(["check", "others.pt"], folder)).codes).toEqual([]);
}, 60_000);

describe("what does not fit", () => {
  const text = (model: string, task: string, more = ""): string => `${model}data d { files: "rows.jsonl"  format: jsonl  columns { picture: image  text: string  shape: class(labels: ["bar", "pole"]) } }
tokenizer letters { kind: bytes  special: [<pad>, <cls>, <sep>] }
finetune f { model: m()  data: d  task: ${task}  train: 1 steps  optimizer: sgd(lr: 1e-2)  ${more} }
`;
  const ofImages = seer.replace("seer", "m");
  const ofTexts = "model m(vocab, width = 8) { encoder { embed: tokens(vocab, width, padding: <pad>) + learned_positions(9) residual { layernorm attention(2, mask: full) } } }\n";
  test.each([
    ["an image on a model of texts", text(ofTexts, "classify(picture, shape)"), "PT5071"],
    ["a text on a model of images", text(ofImages, "classify(text, shape)", "tokenizer: letters"), "PT5071"],
    ["a text without a tokenizer", text(ofTexts, "classify(text, shape)"), "PT3003"],
    ["an image beside a text", text(ofImages, "classify([picture, text], shape)"), "PT5061"],
    ["a length", text(ofImages, "classify(picture, shape)", "length: 17"), "PT3022"],
    ["a tokenizer", text(ofImages, "classify(picture, shape)", "tokenizer: letters"), "PT3022"],
    ["a prompt", text(ofImages, "classify(picture, shape)", "adapt: prompt(4)"), "PT5082"],
    ["three channels for one", text(ofImages, "classify(picture, shape)").replace("picture: image", "picture: image(normalize: clip)"), "PT5070"],
    ["a head of other classes", text(ofImages.replace("layernorm }\n}", "layernorm }\n  head classify { pool(first) dense(3) }\n}"), "classify(picture, shape)"), "PT5031"],
  ])("%s", (_, spec, code) => {
    expect(codes(checkText(spec)).map((one) => one.slice(0, 6))).toEqual([code]);
  });

  test("a picture that is none is left out, or stops the run", async () => {
    write("broken.png", "no picture");
    write("some.jsonl", [["0.png", "a"], ["1.png", "b"], ["broken.png", "a"], ["2.png", "a"], ["3.png", "b"]].map(([picture, label]) => `${JSON.stringify({ picture, label })}\n`).join(""));
    const spec = (malformed: string): string => `${seer}data d { files: "some.jsonl"  format: jsonl  ${malformed}  columns { picture: image  label: class } }
finetune f { model: seer()  data: d  task: classify(picture, label)  batch: 2 examples  train: 2 steps  optimizer: sgd(lr: 1e-2) }
`;
    expect((await pt(["train", write("broken.pt", spec(""))], folder)).codes).toEqual(["PT7050"]);
    const left = await pt(["train", write("left.pt", spec("malformed: 20%"))], folder);
    expect([left.code, left.codes]).toEqual([0, ["PT7055"]]);
  });
});
