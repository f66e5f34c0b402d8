// Images with captions from every kind of table: the same batches, damaged ones left out with their place, pairs that stay together.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sampleSpec } from "../../compiler/objectives/table.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { fingerprintOf, rowsOf } from "../../runtime/data/documents.ts";
import { rowOf, type Batch } from "../../runtime/data/fields.ts";
import { asTheyAre, decodedPictures } from "../../runtime/data/pictures.ts";
import { openSession } from "../../runtime/session.ts";
import { evaluateTotals } from "../../runtime/training/evaluate.ts";
import { openInputs } from "../../runtime/training/inputs.ts";
import { initialParameters, uploadAll } from "../../runtime/training/parameters.ts";
import { recallOf } from "../../runtime/training/recall.ts";
import { planOf } from "../harness/compiling.ts";
import { fileSource } from "../data/plans.ts";
import { problems } from "../files/temporary.ts";
import { parquetFile } from "../sources/parquet-file.ts";
import { jpegOf, pngOf, shapePictures, writeShapes } from "./shapes.ts";

const folder = mkdtempSync(join(tmpdir(), "pt-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pictures = shapePictures(1).slice(0, 12);
writeShapes(folder, "data", pictures);
const bytes = pictures.map((picture, i) => (i % 2 ? jpegOf(picture) : pngOf(picture)));
writeFileSync(join(folder, "data.jsonl"), pictures.map(({ caption }, i) => `${JSON.stringify({ picture: `data:image/png;base64,${bytes[i].toString("base64")}`, caption })}\n`).join(""));
const captions = pictures.map(({ caption }) => caption);
writeFileSync(join(folder, "plain.parquet"), parquetFile([[{ name: "picture", values: bytes }, { name: "caption", values: captions }]]));
const half = (from: number, to: number) => [{ name: "bytes", within: "picture", values: bytes.slice(from, to) }, { name: "path", within: "picture", values: captions.slice(from, to).map(() => "x.png") }, { name: "caption", values: captions.slice(from, to) }];
writeFileSync(join(folder, "struct.parquet"), parquetFile([half(0, 5), half(5, 12)], { gzip: true }));

const spec = (data: string): string => sampleSpec("two_towers", "contrastive", "causal").replace(/data d \{[^\n]*/, `data d { ${data} }`).replace("batch: 2 examples", "batch: 5 examples");
const open = async (plan: Plan, warnings: Diagnostic[] = []) => openInputs(plan, { base: folder, cache: join(folder, "cache"), warn: (one) => warnings.push(one) });
const values = (batch: Batch): Record<string, number[]> => Object.fromEntries([...batch.fields].map(([name, { data }]) => [name, [...data]]));
const table = 'files: "data.csv"  format: csv  columns { picture: image  caption: string }';

describe("the same pairs", () => {
  test.each([
    ["base64 in jsonl", 'files: "data.jsonl"  format: jsonl  columns { picture: image(stored: base64)  caption: string }'],
    ["bytes in parquet", 'files: "plain.parquet"  format: parquet  columns { picture: image  caption: string }'],
    ["Hugging Face's struct", 'files: "struct.parquet"  format: parquet  columns { picture: image  caption: string }'],
  ])("%s and paths in csv", async (_, data) => {
    const [paths, other] = await Promise.all([table, data].map((text) => open(planOf(spec(text)))));
    expect(other.data.examples).toBe(12);
    expect(values(other.data.batch(0, 12))).toEqual(values(paths.data.batch(0, 12)));
    expect(values(other.data.ordered(3, 5))).toEqual(values(paths.data.ordered(3, 5)));
  });

  test("each caption stands beside its own picture, framed, in every order", async () => {
    const { data, tokenizer } = await open(planOf(spec(table)));
    const inOrder = data.ordered(0, 12);
    const pixelsOf = new Map(captions.map((caption, i) => [caption.slice(0, 22), [...rowOf(inOrder, "image.pixels", i)!]]));
    expect(new Set([...pixelsOf.values()].map((one) => one.join())).size).toBe(12);
    const batch = data.batch(7, 30);
    for (let row = 0; row < 30; row++) {
      const ids = [...rowOf(batch, "text.tokens", row)!].slice(0, rowOf(batch, "text.last", row)![0] + 1);
      expect([ids[0], ids.at(-1)]).toEqual([tokenizer.special("bos"), tokenizer.special("eos")]);
      expect([...rowOf(batch, "image.pixels", row)!]).toEqual(pixelsOf.get(tokenizer.decode(ids.slice(1, -1), { special: true })));
      expect(tokenizer.decode(data.text(7 + row), { special: true })).toBe(tokenizer.decode(ids, { special: true }));
      expect([rowOf(batch, "contrastive.targets", row)![0], rowOf(batch, "contrastive.weights", row)![0], ...rowOf(batch, "image.positions", row)!]).toEqual([row, 1, 0, 1, 2, 3, 4]);
    }
  });

  test("pixels are the resized bytes, normalized", async () => {
    const { data } = await open(planOf(spec(table.replace("picture: image", "picture: image(normalize: none)"))));
    const pixels = rowOf(data.ordered(0, 1), "image.pixels", 0)!;
    expect(pixels.length).toBe(3 * 4 * 4);
    // A red square on the night: its middle is red.
    const middle = [0, 1, 2].map((channel) => pixels[channel * 16 + 5]);
    [220, 30, 30].forEach((value, channel) => expect(Math.abs(255 * middle[channel] - value)).toBeLessThan(20));
  });

  test("a mixture of sources keeps partners apart by rows", async () => {
    const plan = planOf(spec(table).replace("data: d  ", "data: mixture(50% * d, 50% * e)  ").replace("data d {", `data e { ${table} }\ndata d {`));
    const { data } = await open(plan);
    expect([...data.batch(3, 6).fields.get("contrastive.targets")!.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(data.examples).toBe(24);
  });
});

test("damaged pictures are malformed rows, with their place", async () => {
  writeFileSync(join(folder, "broken.png"), pngOf(pictures[0]).subarray(0, 80));
  writeFileSync(join(folder, "broken.csv"), "picture,caption\ndata-0.png,one\nnowhere.png,two\nbroken.png,three\ndata.csv,four\n");
  const data = 'files: "broken.csv"  format: csv  columns { picture: image  caption: string }';
  const [stopped] = await problems(() => open(planOf(spec(data))));
  expect(stopped).toMatch(/^PT7050 .*3 of 4/);
  const warnings: Diagnostic[] = [];
  const inputs = await open(planOf(spec(`${data}  malformed: 80%`)), warnings);
  expect(inputs.data.examples).toBe(1);
  const { first } = inputs.data.sources[0].malformed;
  expect(first[0]).toBe("broken.csv:3: `picture`: there is no file `nowhere.png`");
  expect(first[1]).toMatch(/^broken\.csv:4: `picture`: `broken\.png`: it is a damaged PNG file \(/);
  expect(first[2]).toBe("broken.csv:5: `picture`: `data.csv`: it is no PNG, JPEG, PGM or PPM file");
  expect(warnings.map(({ code }) => code)).toEqual(["PT7055"]);
});

test("pictures are part of the fingerprint where they are read, and only there", async () => {
  const source = fileSource({ files: ["data.csv"], format: "csv", columns: { picture: { type: "image", column: "picture", labels: null, image: { stored: "file", fit: "crop", resize: "bicubic", mean: [0.5], std: [0.5] } }, caption: { type: "string", column: "caption", labels: null } }, text: "caption" });
  const plain = await fingerprintOf(source, { base: folder });
  const [before, again] = [await fingerprintOf(source, { base: folder, pictures: asTheyAre }), await fingerprintOf(source, { base: folder, pictures: asTheyAre })];
  expect(again).toBe(before);
  writeFileSync(join(folder, "data-2.png"), pngOf(pictures[4]));
  expect(await fingerprintOf(source, { base: folder, pictures: asTheyAre })).not.toBe(before);
  expect(await fingerprintOf(source, { base: folder })).toBe(plain);
  for await (const rows of rowsOf(source, { base: folder })) expect(rows[0].values.picture).toEqual({ bytes: null, path: "data-0.png" });
  writeFileSync(join(folder, "data-2.png"), bytes[2]);
});

test.each(["image", "image(normalize: imagenet, fit: stretch, resize: bilinear)", "image(mean: [0.1, 0.2, 0.3], std: [1, 2, 3])", "image(mean: 0.5, std: 0.25, stored: base64)"])("the plan's own spec has the same plan: %s", (column) => {
  const plan = planOf(spec(`${table.replace("picture: image", `picture: ${column}`)}  split { train: 50%  valid: 50% }`).replace("train: 80 steps", "train: 80 steps  evaluate { data: d.valid  metrics: [loss, top_k_recall(k: 5)] }"));
  expect(planOf(plan.spec).hash).toBe(plan.hash);
  expect(plan.evaluation!.metrics).toEqual([{ word: "loss", arguments: {} }, { word: "top_k_recall", arguments: { k: 5 } }]);
});

test("recall is for comparisons alone", () => {
  const text = sampleSpec("encoder", "masked", "full", "evaluate { data: d.valid  metrics: [top_k_recall] }").replace(/data d \{([^}]*)\}/, "data d {$1  split { train: 50%  valid: 50% } }");
  expect(() => planOf(text)).toThrow(/PT5030/);
});

test("images without a text are dealt out by what they show, whatever their labels", async () => {
  const twice = [...bytes, ...bytes];
  writeFileSync(join(folder, "labels.parquet"), parquetFile([[{ name: "picture", values: twice }, { name: "label", values: twice.map((_, i) => (i % 3 ? "a" : "b")) }]]));
  const image = { stored: "file", fit: "crop", resize: "bicubic", mean: [0.5], std: [0.5] } as const;
  const of = async (part: string): Promise<string[]> => {
    const found: string[] = [];
    const source = fileSource({ files: ["labels.parquet"], format: "parquet", columns: { picture: { type: "image", column: "picture", labels: null, image }, label: { type: "class", column: "label", labels: null } }, text: null, split: { by: "document", parts: { train: 0.5, valid: 0.5 } }, part });
    for await (const rows of rowsOf(source, { base: folder, pictures: await decodedPictures() })) found.push(...rows.map(({ line }) => String((line - 1) % 12)));
    return found;
  };
  const [train, valid] = [await of("train"), await of("valid")];
  expect([train.length, valid.length, new Set([...train, ...valid]).size]).toEqual([12, 12, 12]);
});

describe("held-out pairs", () => {
  test("the last, partial batch has only its own pairs as answers", async () => {
    const [three, five] = [3, 5].map((batch) => planOf(spec(`${table}  split { train: 50%  valid: 50% }`).replace("batch: 5 examples", `batch: ${batch} examples  evaluate { data: d.valid }`)));
    const { evaluation } = await open(three);
    const session = await openSession("cpu");
    const weights = uploadAll(session, initialParameters(three));
    const last = { ...evaluation!, entries: [{ name: "contrastive", source: null, first: 3, count: 3 }] };
    const [whole, filled] = await Promise.all([three, five].map(async (plan) => (await evaluateTotals(session, session.program(plan.graphs.evaluate), weights, last, { calls: [{ word: "top_k_recall", arguments: { k: 1 } }] }))[0]));
    session.dispose(weights.values());
    expect([whole.count, filled.count]).toEqual([3, 3]);
    expect(filled.nats).toBeCloseTo(whole.nats, 4);
    expect([...filled.sides!.image].map((value) => value.toFixed(4))).toEqual([...whole.sides!.image].map((value) => value.toFixed(4)));
    expect(filled.sides!.image.length).toBe(3 * filled.sides!.width);
  });

  test("recall by hand, in groups", () => {
    // Angles of two-dimensional vectors: texts 0 and 1 are each nearer to the other's image.
    const at = (...degrees: number[]): Float32Array => Float32Array.from(degrees.flatMap((one) => [Math.cos((one * Math.PI) / 180), Math.sin((one * Math.PI) / 180)]));
    const sides = { width: 2, image: at(0, 30, 90, 180), text: at(28, 2, 95, 170) };
    expect(recallOf(sides, 1)).toEqual({ image_to_text: 0.5, text_to_image: 0.5 });
    expect(recallOf(sides, 2)).toEqual({ image_to_text: 1, text_to_image: 1 });
    // Cut in two, nothing changes for the first group; with one pair a group everyone finds the partner.
    expect(recallOf(sides, 1, 2)).toEqual({ image_to_text: 0.5, text_to_image: 0.5 });
    expect(recallOf(sides, 1, 1)).toEqual({ image_to_text: 1, text_to_image: 1 });
  });
});
