// A fine-tuning from a Hugging Face folder: model, tokenizer and weights come from it, and what is wrong with it is said.

import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { checkText, codes } from "../harness/compiling.ts";
import { newFolder, pt } from "../harness/cli.ts";

const rows = Array.from({ length: 16 }, (_, i) => `${i} ${["a whale", "the sea"][i % 2]},${["no", "yes"][i % 2]}`);
const base = `import { bert } from "ptarmigan/bert.pt"
data notes { files: "notes.csv"  format: csv  columns { text: string  label: class } }
tokenizer letters { kind: bytes  special: [<pad>, <unk>, <cls>, <sep>, <mask>] }
pretrain small { model: bert(layers: 1, width: 16, heads: 2, vocab: 272, context: 32)  tokenizer: letters  data: notes  objective: masked  length: 24  batch: 4 examples  train: 2 steps  optimizer: sgd(lr: 1e-2) }
`;
const spec = (start: string, more = "", before = ""): string => `data notes { files: "notes.csv"  format: csv  columns { text: string  label: class } }
${before}finetune sorted from ${start} { data: notes  task: classify(text, label)  length: 24  batch: 4 examples  train: 1 steps  optimizer: sgd(lr: 0.0001)  ${more} }
`;

let folder: string;
beforeAll(async () => {
  folder = newFolder({ "base.pt": base, "notes.csv": `text,label\n${rows.join("\n")}\n` });
  expect((await pt(["train", "base.pt", "small"], folder)).code).toBe(0);
  const exported = await pt(["export", join("runs", readdirSync(join(folder, "runs")).find((name) => name.startsWith("small"))!), "--to", "huggingface", "--out", "models/bert"], folder);
  expect(exported.code, exported.stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (text: string): string => (writeFileSync(join(folder, "main.pt"), text), "main.pt");

test.each([["named in `from`", spec('imported("models/bert")')], ["named by a `let`", spec("outside", "", 'let outside = imported("models/bert")\n')]])("trains from its weights, with its tokenizer: %s", async (_, text) => {
  expect((await pt(["check", written(text)], folder)).codes).toEqual([]);
  const { code, stdout, stderr } = await pt(["train", "main.pt", "sorted", "--json"], folder);
  expect(code, stderr + stdout).toBe(0);
  const run = JSON.parse(stdout.trim().split("\n").at(-1)!).folder as string;
  const plan = JSON.parse(readFileSync(join(run, "plan.json"), "utf8"));
  expect(plan).toMatchObject({ kind: "finetune", from: { run: "models/bert", imported: true, checkpoint: "last" }, tokenizer: { file: "models/bert/tokenizer.json" } });
  // The table keeps its 272 rows though the tokenizer has 261 ids; one small step hardly moves it.
  const theirs = await readSafetensors(join(folder, "models/bert/model.safetensors"));
  const ours = await readSafetensors(join(run, "checkpoints", readdirSync(join(run, "checkpoints")).at(-1)!, "weights.safetensors"));
  const [table, before] = [ours.get("encoder.embed.tokens.weight")!, theirs.get("bert.embeddings.word_embeddings.weight")!];
  expect(table.shape).toEqual([272, 16]);
  for (let i = 0; i < table.data.length; i++) expect(Math.abs((table.data[i] as number) - (before.data[i] as number))).toBeLessThan(1e-3);
  // The folder of the run is whole without the import's.
  rmSync(join(folder, "elsewhere"), { recursive: true, force: true });
  cpSync(run, join(folder, "elsewhere"), { recursive: true });
  const exported = await pt(["export", "elsewhere", "--to", "tfjs", "--out", "tfjs"], folder);
  expect(exported.code, exported.stderr).toBe(0);
  // The resolved spec names the folder, and makes the same plan beside it.
  writeFileSync(join(folder, "again.pt"), plan.spec);
  expect(JSON.parse((await pt(["compile", "again.pt", "sorted"], folder)).stdout).hash).toBe(plan.hash);
});

test("compares with the same run from random weights", async () => {
  const { stdout } = await pt(["plan", written(spec('imported("models/bert")', "compare_with: scratch  evaluate { data: others }", 'data others { files: "others.csv"  format: csv  columns { text: string  label: class } }\n'))], folder);
  expect(stdout).toMatch(/beside it +sorted_scratch/);
});

test.each([
  ["PT7201", (at: string) => rmSync(join(at, "config.json"))],
  ["PT7201", (at: string) => rmSync(join(at, "model.safetensors"))],
  ["PT7202", (at: string) => (rmSync(join(at, "model.safetensors")), writeFileSync(join(at, "pytorch_model.bin"), "x"))],
  ["PT7203", (at: string) => writeFileSync(join(at, "config.json"), "{")],
  ["PT7204", (at: string) => writeFileSync(join(at, "config.json"), '{"model_type": "unheard"}')],
  ["PT3003", (at: string) => rmSync(join(at, "tokenizer.json"))],
])("%s says what is wrong with the folder", async (code, damage) => {
  rmSync(join(folder, "models/damaged"), { recursive: true, force: true });
  cpSync(join(folder, "models/bert"), join(folder, "models/damaged"), { recursive: true });
  damage(join(folder, "models/damaged"));
  const ran = await pt(["check", written(spec('imported("models/damaged")'))], folder);
  expect(ran.codes, ran.stdout + ran.stderr).toEqual([code]);
  expect(ran.code).toBe(1);
});

test("a model of one's own must be that of the folder", async () => {
  const other = `import { bert } from "ptarmigan/bert.pt"\n${spec('imported("models/bert")', "model: bert(layers: 1, width: 32, heads: 2, vocab: 272, context: 32)")}`;
  expect((await pt(["check", written(other)], folder)).codes).toEqual(["PT5011"]);
});

test("a text without files cannot read it", () => {
  expect(codes(checkText(spec('imported("models/bert")')))).toEqual(["PT2033 2:31"]);
});

test("a folder that is not there, and a call without one", async () => {
  expect((await pt(["check", written(spec('imported("models/none")'))], folder)).codes).toEqual(["PT7201"]);
  expect((await pt(["check", written(spec("imported()"))], folder)).codes).toEqual(["PT3009"]);
});
