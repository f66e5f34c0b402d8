import { expect, test } from "vitest";
import { folderWith, pt } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

test("a model's layers, repeats folded", async () => {
  const ran = await pt(["show", "main.pt", "tiny"], folderWith({ "main.pt": smallSpec }));
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("2 × layers");
  expect(ran.stdout).toMatch(/tokens\(300\) +\[B, T, 8\] +2,400/);
  expect(ran.stdout).toMatch(/tied +\[B, T, 300\] .*shares decoder\.embed\.tokens\.weight/);
  // 2,400 + 512 + 2 · (8 + 4 · (64 + 8) + 8 + 256 + 32 + 256 + 8)
  expect(ran.stdout).toContain("4,624 parameters");
  expect(ran.stdout).toMatch(/mask causal +causal +2 × attention/);
});

test("alternating layers and shared instances", async () => {
  const spec = "model alternating { decoder { embed: tokens(10, 8) let norm = rmsnorm repeat 4 { residual { norm attention(2, mask: cycle(causal, causal & window(4))) } } } head lm { tied } }\n";
  const ran = await pt(["show", "main.pt", "alternating"], folderWith({ "main.pt": spec }));
  expect(ran.stdout).toContain("causal & window(4)");
  expect(ran.stdout).toContain("shares decoder.norm");
  const json = JSON.parse((await pt(["show", "main.pt", "alternating", "--json"], folderWith({ "main.pt": spec }))).stdout);
  expect(json).toMatchObject({ kind: "model", name: "alternating", masks: [{ mask: "causal", class: "causal" }, { mask: "causal & window(4)", class: "banded (keys query - 3 to query)" }] });
});

test("GPT-3 175B in no time: two layers in turn", async () => {
  const started = performance.now();
  const ran = await pt(["show", "ptarmigan/gpt3.pt", "gpt3"], "/");
  expect(ran.stdout).toContain("48 × 2 layers in turn");
  expect(ran.stdout).toContain("174,604,259,328 parameters");
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("masks are drawn, with a prefix or documents where they look at them", async () => {
  const folder = folderWith({ "main.pt": "mask sliding(n) = causal & (query - key < n)\nmask own = sliding(2) | key == 0\n" });
  const ran = await pt(["show", "main.pt", "sliding(2)"], folder);
  expect(ran.stdout).toContain("class: banded (keys query - 1 to query)");
  expect(ran.stdout).toContain("  ██··············\n".slice(0, 8));
  const json = JSON.parse((await pt(["show", "main.pt", "own", "--json"], folder)).stdout);
  expect(json).toMatchObject({ kind: "mask", positions: 16, prefix: null, documents: null });
  expect(json.rows[3]).toBe(`██··████${"··".repeat(12)}`);
  expect(JSON.parse((await pt(["show", "main.pt", "prefix", "--json"], folder)).stdout)).toMatchObject({ prefix: 5, class: "prefix" });
  expect(JSON.parse((await pt(["show", "main.pt", "causal & document", "--json"], folder)).stdout)).toMatchObject({ documents: [6, 10], class: "causal, within documents" });
  expect(await pt(["show", "main.pt", "sliding"], folder)).toMatchObject({ code: 1, codes: ["PT3009"] });
});

test("a run: lengths, model, masks as packing makes them", async () => {
  const folder = folderWith({ "main.pt": smallSpec.replace("batch: 4 examples", "batch: 4 examples\n  pack: on") });
  const ran = await pt(["show", "main.pt", "small"], folder);
  expect(ran.stdout).toMatch(/^pretrain small: causal_lm, 17 raw tokens → 16 inputs, 16 targets, packed/);
  expect(ran.stdout).toContain("mask causal & document");
});

test("--graph prints operations", async () => {
  expect((await pt(["show", "main.pt", "tiny", "--graph"], folderWith({ "main.pt": smallSpec }))).stdout).toMatch(/^%\d+.* = attention\(.*decoder\.layers\.0\.attention$/m);
});

test("an unknown name", async () => {
  const ran = await pt(["show", "main.pt", "tinny"], folderWith({ "main.pt": smallSpec }));
  expect(ran).toMatchObject({ code: 1, codes: ["PT2002"] });
  expect(ran.stderr).toContain("did you mean `tiny`?");
});
