// pt inspect on runs and on data sources, and a run on every kind of source, through the command line.

import { gzipSync } from "node:zlib";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rmSync } from "node:fs";
import { newFolder, pt } from "../harness/cli.ts";

const words = "the of and to that is was it for with".split(" ");
const sentence = (i: number): string => `Number ${i} ${words.slice(i % 5, (i % 5) + 5).join(" ")} ${i * 7}.`;
const spec = `data reviews { files: "reviews.csv"  format: csv  columns { text: string(column: "Review Text")  label: class }  malformed: 10%  clean: c4(without: [min_sentences])  split { train: 80%  valid: 20% } }
data rows { files: ["rows"]  format: jsonl  columns { text: string(column: "body")  words: words } }
data both = mixture(70% * reviews, 30% * rows)
data copies { synthetic: copy(vocab: 9, length: 4, examples: 40)  split { train: 90%  valid: 10% } }
tokenizer letters { kind: bytes  special: [<pad>, <eos>] }
tokenizer numbers { kind: ids(vocab: 11)  special: [<pad>, <mask>] }
model tiny(vocab) { decoder { embed: tokens(vocab, 8)  residual { layernorm attention(2, mask: causal) } } head lm { tied } }
model seer(vocab) { encoder { embed: tokens(vocab, 8) + learned_positions(16)  residual { layernorm attention(2, mask: full) } } head mlm { tied } }
pretrain mixed { model: tiny  tokenizer: letters  data: both  objective: causal_lm  length: 16  batch: 4 examples  train: 4 steps  optimizer: adamw(lr: 1e-2)  schedule: constant  evaluate { every: 2 steps  data: reviews.valid } }
pretrain drawn { model: tiny  data: copies  objective: causal_lm  length: 9  batch: 4 examples  train: 4 steps  optimizer: adamw(lr: 1e-2)  schedule: constant  evaluate { data: mixture(copies.valid, copies.valid) }  sample { every: 4 steps  prompt: "1 2 3"  tokens: 3 } }
pretrain masking extends drawn { model: seer  tokenizer: numbers  objective: masked  remove sample }
`;

let folder: string;
beforeAll(() => {
  folder = newFolder({
    "main.pt": spec,
    "reviews.csv": `id,Review Text,label\n${Array.from({ length: 40 }, (_, i) => `${i},"${sentence(i)}",${i % 3 ? "ham" : "spam"}\n`).join("")}41,short\n42,Menu | Home,ham\n`,
    "rows/a.jsonl": `{"body": "one two", "words": ["one", "two"]}\n`,
  });
  writeFileSync(join(folder, "rows/b.jsonl.gz"), gzipSync(Array.from({ length: 20 }, (_, i) => `{"body": "${sentence(i)}", "words": "a b"}\n`).join("")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("pt inspect of data", () => {
  test("rows, labels, malformed rows and what cleaning removed", async () => {
    const { code, stdout } = await pt(["inspect", "main.pt", "reviews", "--examples", "1"], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/documents +32 of 41/);
    expect(stdout).toMatch(/malformed +1 of 42 rows, left out: reviews.csv:42: 2 columns, not 3/);
    expect(stdout).toMatch(/label +2 classes: 0 ham \(\d+\), 1 spam \(\d+\)/);
    expect(stdout).toMatch(/terminal_punctuation +1 +0 +11 /);
    expect(stdout).toMatch(/terminal_punctuation +reviews.csv:43 +Menu \| Home/);
  });

  test("a part, a mixture and drawn data, as JSON", async () => {
    const read = async (name: string) => JSON.parse((await pt(["inspect", "main.pt", name, "--json"], folder)).stdout).sources;
    expect(await read("reviews.valid")).toMatchObject([{ name: "reviews", share: 1, examples: 8, labels: { label: [{ label: "ham" }, { label: "spam" }] } }]);
    expect(await read("both")).toMatchObject([{ name: "reviews", share: 0.7 }, { name: "rows", share: expect.closeTo(0.3, 12), files: 2, documents: 21, first: [{ file: "rows/a.jsonl", line: 1, values: { text: "one two", words: ["one", "two"] } }, {}] }]);
    expect(await read("copies")).toMatchObject([{ examples: 36, first: [{ values: { ids: expect.stringMatching(/^\d( \d){8}$/) } }, {}] }]);
  });

  test("a name that is neither a run nor data", async () => {
    expect((await pt(["inspect", "main.pt", "reviews.test"], folder)).codes).toEqual(["PT6102"]);
  });
});

describe("runs on every kind of source", () => {
  test("a mixture: metrics by entry, and an account of the data in the run's folder", async () => {
    const ran = await pt(["train", "main.pt", "mixed"], folder);
    expect([ran.code, ran.codes]).toEqual([0, ["PT7055"]]);
    const [run] = readdirSync(join(folder, "runs")).filter((name) => name.startsWith("mixed")).filter((name) => !name.startsWith("."));
    const { sources } = JSON.parse(readFileSync(join(folder, "runs", run, "data.json"), "utf8"));
    expect(sources).toMatchObject([{ source: "reviews.csv", labels: { label: ["ham", "spam"] }, malformed: { count: 1, rows: 42 } }, { source: "rows", cleaning: null, files: 2 }]);
    const again = await pt(["inspect", "main.pt", "mixed", "--json"], folder);
    expect(new Set(JSON.parse(again.stdout).rows.map((row: { entry: string }) => row.entry))).toEqual(new Set(["reviews", "rows"]));
  });

  test("an interrupted run on a mixture ends with the bytes of one that was not", async () => {
    const bytesOf = (out: string): Buffer[] => {
      const run = join(folder, out, readdirSync(join(folder, out)).find((name) => name.startsWith("mixed"))!);
      return ["metrics.jsonl", "checkpoints/step-000004/weights.safetensors", "checkpoints/step-000004/optimizer.safetensors"].map((name) => readFileSync(join(run, name)));
    };
    expect((await pt(["train", "main.pt", "mixed", "--out", "whole"], folder)).code).toBe(0);
    const stop = new AbortController();
    const stdout = { write: (text: string) => void (/"event":"step","step":2/.test(text) && stop.abort()) };
    await pt(["train", "main.pt", "mixed", "--out", "cut", "--json"], folder, { signal: stop.signal, stdout });
    expect(readdirSync(join(folder, "cut", readdirSync(join(folder, "cut")).find((name) => name.startsWith("mixed"))!, "checkpoints"))).toEqual(["step-000002"]);
    expect((await pt(["train", "main.pt", "mixed", "--out", "cut"], folder)).code).toBe(0);
    expect(bytesOf("cut")).toEqual(bytesOf("whole"));
  });

  test("drawn ids: no tokenizer needed; with special tokens a masked objective", async () => {
    const ran = await pt(["train", "main.pt", "drawn"], folder);
    expect([ran.code, ran.codes], ran.stderr).toEqual([0, []]);
    const [run] = readdirSync(join(folder, "runs")).filter((name) => name.startsWith("drawn")).filter((name) => !name.startsWith("."));
    expect(readFileSync(join(folder, "runs", run, "metrics.jsonl"), "utf8")).toMatch(/"copies.loss":[\d.]+,"copies_2.loss"/);
    const generated = await pt(["generate", join("runs", run), "--prompt", "1 2 3 4 8", "--tokens", "2", "--json"], folder);
    expect(generated.codes, generated.stderr).toEqual([]);
    expect(JSON.parse(generated.stdout).sequences[0].text).toMatch(/^( ?\d)+$/);
    expect((await pt(["generate", join("runs", run), "--prompt", "1 x"], folder)).codes).toEqual(["PT7056"]);
    const masking = await pt(["train", "main.pt", "masking"], folder);
    expect([masking.code, masking.codes], masking.stderr).toEqual([0, []]);
  });
});
