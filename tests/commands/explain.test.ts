import { expect, test } from "vitest";
import { folderWith, pt } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

const files = { "main.pt": smallSpec, "masks.pt": "mask near(n) = window(n)\n" };

test("the page of a code, with its examples and what they report", async () => {
  const ran = await pt(["explain", "pt3001"], "/");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toMatch(/^PT3001: A field that this block does not have/);
  expect(ran.stdout).toContain("This fails");
  expect(ran.stdout).toContain("error PT3001: the pretrain `small` has no field `lenght`");
  expect(ran.stdout).toContain("This passes");
  const json = JSON.parse((await pt(["explain", "PT3001", "--json"], "/")).stdout);
  expect(json).toMatchObject({ code: "PT3001", slug: "unknown-field", severity: "error" });
});

test("the list of codes; an unknown one", async () => {
  expect((await pt(["explain"], "/")).stdout).toMatch(/^PT1001 {2}The file is not UTF-8 text$/m);
  expect(JSON.parse((await pt(["explain", "--json"], "/")).stdout).codes.length).toBeGreaterThan(100);
  const unknown = await pt(["explain", "PT3999"], "/");
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("there is no code `PT3999`");
});

test("a word of the language, and a parameter's", async () => {
  expect((await pt(["explain", "attention"], "/")).stdout).toContain("kv_heads");
  expect((await pt(["explain", "pretrain"], "/")).stdout).toContain("evaluate.every");
  expect((await pt(["explain", "warmup"], "/")).stdout).toContain("cosine(warmup:)");
  const unknown = await pt(["explain", "atention"], "/");
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("did you mean `attention`?");
});

interface Json { value: string; history: { how: string; file: string | null; start: { line: number; column: number } | null; source: string | null }[]; because: { name: string; value: string; history: Json["history"] }[]; parts: { name: string }[] }

async function explained(path: string, with_ = files): Promise<Json> {
  const ran = await pt(["explain", `main.pt:${path}`, "--json"], folderWith(with_));
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout);
}

test("a field that was written", async () => {
  expect(await explained("small.length")).toMatchObject({ value: "16", history: [{ how: "written", file: "main.pt", start: { line: 16, column: 11 }, source: "16" }] });
});

test("an argument that names a `let`", async () => {
  const { value, history, because } = await explained("small.optimizer.lr");
  expect(value).toBe("0.001");
  expect(history[0]).toMatchObject({ how: "argument", source: "rate" });
  expect(because).toMatchObject([{ name: "rate", value: "0.001", history: [{ how: "written", start: { line: 10, column: 12 } }] }]);
});

test("defaults of records and of parameters", async () => {
  expect(await explained("small.guard")).toMatchObject({ value: "stop", history: [{ how: "default", file: null }] });
  expect(await explained("small.optimizer.weight_decay")).toMatchObject({ history: [{ how: "default" }] });
  expect(await explained("small.model.layers")).toMatchObject({ value: "2", history: [{ how: "parameter", source: "2", start: { line: 1 } }] });
});

test("an argument of a model replaces its parameter's default", async () => {
  expect((await explained("small.model.width")).history).toMatchObject([{ how: "argument", source: "16" }, { how: "parameter" }]);
});

test("the tokenizer's size", async () => {
  expect(await explained("small.model.vocab")).toMatchObject({ value: "258", history: [{ how: "tokenizer", start: { line: 9 } }] });
});

test("what an extension inherits and what it changes", async () => {
  expect((await explained("wider.batch")).history).toMatchObject([{ how: "inherited", source: "4 examples" }]);
  expect(await explained("wider.optimizer.lr")).toMatchObject({ value: "5e-4", history: [{ how: "override", source: "5e-4" }, { how: "argument", source: "rate" }] });
  expect((await explained("wider.model.width")).history).toMatchObject([{ how: "override", source: "32" }, { how: "argument", source: "16" }]);
});

test("sections, data and whole declarations", async () => {
  expect(await explained("small.checkpoint.keep")).toMatchObject({ value: "3", history: [{ how: "default" }] });
  expect(await explained("small.data.split.train")).toMatchObject({ value: "90%" });
  expect((await explained("small")).parts.map((part) => part.name)).toEqual(expect.arrayContaining(["model", "optimizer", "length", "seed"]));
  expect((await explained("")).parts.map((part) => part.name)).toEqual(["tiny", "novels", "letters", "small", "wider", "rate"]);
});

test("a model that is imported", async () => {
  const spec = smallSpec.replace("model tiny", "model other").replace("model: tiny(width: 16)", "model: gpt2(width: 16, heads: 2, layers: 1)");
  const { history } = await explained("small.model.hidden", { ...files, "main.pt": `import { gpt2 } from "ptarmigan/gpt2.pt"\n${spec}` });
  expect(history[0]).toMatchObject({ how: "parameter", file: "ptarmigan/gpt2.pt", source: "4 * width" });
});

test("a path that leads nowhere names the nearest", async () => {
  const folder = folderWith(files);
  const field = await pt(["explain", "main.pt:small.optimizer.lrr"], folder);
  expect(field).toMatchObject({ code: 1, codes: ["PT3001"] });
  expect(field.stderr).toContain("did you mean `lr`?");
  expect(await pt(["explain", "main.pt:smal.length"], folder)).toMatchObject({ code: 1, codes: ["PT2002"] });
});

test("a file with errors is explained as far as it goes", async () => {
  const folder = folderWith({ "main.pt": smallSpec.replace("batch: 4 examples", "batch: 4 exampels") });
  const ran = await pt(["explain", "main.pt:small.length"], folder);
  expect(ran.stdout).toContain("small.length = 16");
  expect(ran.stderr).toContain("has errors");
});
