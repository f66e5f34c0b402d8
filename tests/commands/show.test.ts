import { readFileSync } from "node:fs";
import { join } from "node:path";
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
  expect(ran.stdout).toContain("\n    0 ██··············");
  expect(ran.stdout).toContain("\n  31 of 256 pairs allowed (12%); ");
  const json = JSON.parse((await pt(["show", "main.pt", "own", "--json"], folder)).stdout);
  expect(json).toMatchObject({ kind: "mask", positions: 16, prefix: null, documents: null });
  expect(json.rows[3]).toBe(`██··████${"··".repeat(12)}`);
  expect(JSON.parse((await pt(["show", "main.pt", "prefix", "--json"], folder)).stdout)).toMatchObject({ prefix: 5, class: "prefix" });
  expect(JSON.parse((await pt(["show", "main.pt", "causal & document", "--json"], folder)).stdout)).toMatchObject({ documents: [6, 10], class: "causal, within documents" });
});

test("a mask with positions, a prefix and documents of one's own, also as a file", async () => {
  const folder = folderWith({ "main.pt": "mask mine(n) = (prefix | window(n)) & document\n" });
  const ran = await pt(["show", "main.pt", "mine(2)", "--prefix", "2", "--documents", "3,4,5", "--svg", "mine.svg"], folder);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("queries ↓ keys →, 12 positions, a prefix of 2, packed documents of 3, 4 and 5");
  expect(readFileSync(join(folder, "mine.svg"), "utf8")).toMatch(/^<svg [^]*<title>\(prefix \| window\(2\)\) &amp; document: [^]*<\/svg>\n$/);
  expect(JSON.parse((await pt(["show", "main.pt", "mine(2)", "--positions", "40", "--json"], folder)).stdout)).toMatchObject({ positions: 40, prefix: 13, documents: [16, 24] });
  for (const [flags, code] of [[["--positions", "65"], 1], [["--positions", "0"], 1], [["--prefix", "x"], 1], [["--documents", "3,0"], 1], [["--documents", "3,4", "--positions", "8"], 1]] as const) {
    expect(await pt(["show", "main.pt", "mine(2)", ...flags], folder), flags.join(" ")).toMatchObject({ code, codes: ["PT8012"] });
  }
  for (const flags of [["--prefix", "3"], ["--documents", "3,4"]]) expect((await pt(["show", "main.pt", "causal", ...flags], folder)).code).toBe(2);
});

test("what is wrong with a call is shown in the words of the command line", async () => {
  const folder = folderWith({ "main.pt": "mask sliding(n) = causal & (query - key < n)\n" });
  const shown = async (call: string): Promise<readonly [readonly string[], string]> => {
    const ran = await pt(["show", "main.pt", call], folder);
    expect([ran.code, ran.stdout]).toEqual([1, ""]);
    expect(ran.stderr).not.toContain("called_");
    return [ran.codes, ran.stderr];
  };
  expect(await shown("sliding")).toEqual([["PT3009"], expect.stringContaining("--> command line:1:1\n1 | sliding\n  | ^^^^^^^\nhint: add `n: …`")]);
  expect(await shown("causal & sliding(m: 3)")).toEqual([["PT3007"], expect.stringContaining("command line:1:18\n1 | causal & sliding(m: 3)\n  |                  ^")]);
  expect(await shown("causal & (window(3)")).toEqual([["PT1101"], expect.stringContaining("note: `(` is opened here\n  --> command line:1:10\n")]);
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
