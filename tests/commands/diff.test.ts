import { expect, test } from "vitest";
import { folderWith, pt } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

async function diff(a: string, b: string, names = ["a.pt", "b.pt"]) {
  const ran = await pt(["diff", ...names, "--json"], folderWith({ "a.pt": a, "b.pt": b }));
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout) as { same: boolean; differences: { path: string; a: { value: string; how: string; file: string; start: { line: number } } | null; b: { value: string } | null; places: number }[] };
}

test("formatting, comments, order, names of lets and units that are equal make no difference", async () => {
  const other = smallSpec
    .replace("let rate = 1e-3", "// the rate\nlet learning_rate = 0.1%").replace("lr: rate", "lr: learning_rate")
    .replace("  length: 16\n  batch: 4 examples\n", "  batch:4 examples\n\n  length:   0b".replace("0b", "16\n"))
    .replace("train: 10 steps", "train: 0.01k steps").replaceAll("novels", "novels");
  expect(await diff(smallSpec, other)).toEqual({ same: true, differences: [] });
});

test("values differ with both origins", async () => {
  const { same, differences } = await diff(smallSpec, smallSpec.replace("length: 16", "length: 32").replace("lr: rate", "lr: 2 * rate"));
  expect(same).toBe(false);
  expect(differences).toMatchObject([
    { path: "small.length", a: { value: "16", how: "written", file: "a.pt", start: { line: 16 } }, b: { value: "32" } },
    { path: "small.optimizer.lr", a: { value: "0.001" }, b: { value: "0.002" } },
  ]);
});

test("two runs of a file", async () => {
  const { differences } = await diff(smallSpec, "", ["a.pt:small", "a.pt:wider"]);
  expect(differences.map((one) => one.path)).toEqual(expect.arrayContaining(["model.width", "optimizer.lr", "model.decoder.layers.*.mlp.hidden"]));
  expect(differences.map((one) => one.path)).not.toContain("length");
});

test("the order of layers, layers that one side lacks, repeats of other counts", async () => {
  const post = smallSpec.replace("residual { rmsnorm attention(2, mask: causal) }", "residual { attention(2, mask: causal) } rmsnorm");
  expect((await diff(smallSpec, post, ["a.pt:tiny", "b.pt:tiny"])).differences).toMatchObject([{ path: "decoder.layers.* (order)", places: 2 }]);
  const dropped = smallSpec.replace("head lm { tied }", "head lm { rmsnorm tied }");
  expect((await diff(smallSpec, dropped, ["a.pt:tiny", "b.pt:tiny"])).differences).toMatchObject([{ path: "lm (order)" }, { path: "lm.rmsnorm", a: null }]);
  const deeper = smallSpec.replace("layers = 2", "layers = 5");
  expect((await diff(smallSpec, deeper, ["a.pt:tiny", "b.pt:tiny"])).differences.map((one) => one.path)).toEqual(["layers", "decoder (order)"]);
});

test("a section that one side lacks, a declaration that one side lacks", async () => {
  const sampled = smallSpec.replace("train: 10 steps", "train: 10 steps\n  sample { every: 5 steps }");
  expect((await diff(smallSpec, sampled, ["a.pt:small", "b.pt:small"])).differences.map((one) => one.path)).toEqual(expect.arrayContaining(["sample.every", "sample.tokens"]));
  expect((await diff(smallSpec, `${smallSpec}mask near = window(4)\n`)).differences).toMatchObject([{ path: "near", a: null, b: { value: "mask near" } }]);
});

test("masks by meaning", async () => {
  expect((await diff("mask a(n) = causal & window(n)\n", "mask a(m) = causal & window(m)\n")).same).toBe(true);
  expect((await diff("mask a = causal & window(4)\n", "mask a = causal & window(8)\n")).differences).toMatchObject([{ path: "a.value", a: { value: "causal & window(4)" } }]);
});

test("a plan against the spec it came from", async () => {
  const folder = folderWith({ "a.pt": smallSpec, "b.pt": smallSpec.replace("length: 16", "length: 32") });
  expect((await pt(["compile", "a.pt", "small", "--out", "plan.json"], folder)).code).toBe(0);
  expect(await pt(["diff", "plan.json", "a.pt"], folder)).toMatchObject({ code: 0, stdout: "no difference\n" });
  expect((await pt(["diff", "plan.json", "b.pt:small"], folder)).stdout).toContain("length\n  - 16");
});

test("exit codes and wrong names", async () => {
  const folder = folderWith({ "a.pt": smallSpec, "b.pt": smallSpec.replace("length: 16", "length: 32"), "c.pt": "mask a = cuasal\n" });
  expect((await pt(["diff", "a.pt", "b.pt"], folder)).code).toBe(0);
  expect((await pt(["diff", "--exit-code", "a.pt", "b.pt"], folder)).code).toBe(1);
  expect((await pt(["diff", "--exit-code", "a.pt", "a.pt"], folder)).code).toBe(0);
  expect(await pt(["diff", "a.pt:smal", "b.pt:small"], folder)).toMatchObject({ code: 1, codes: ["PT2002"] });
  expect(await pt(["diff", "a.pt", "c.pt"], folder)).toMatchObject({ code: 1, codes: ["PT2002"] });
});
