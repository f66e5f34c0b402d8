// What must be refused, or at least end: leaks far away, definitions that explode, imports that leave the project.

import { describe, expect, test } from "vitest";
import { runExample } from "../../grammar/diagnostics/_run-example.ts";
import { fileHost } from "../../runtime/host.ts";
import { checkText, codes, planOf } from "../harness/compiling.ts";

const under = (mask: string, length: number): string[] => codes(checkText(runExample({ body: `residual { attention(2, mask: ${mask}) }` }).replace("length: 16", `length: ${length}`))).map((line) => line.slice(0, 6));

describe("masks that show the target, wherever", () => {
  test.each([
    ["causal | ((key - query) * 0.02 == 1)", 64],
    ["causal | (min(query, key) == 1500 & max(query, key) == 1501)", 2_048],
    ["causal | (length == 256 & key == query + 1)", 256],
    ["causal | (key - query == 3)", 8],
  ])("%s at %i", (mask, length) => expect(under(mask, length)).toEqual(["PT5001"]));

  test.each([
    ["causal | (key > query + 100)", 32],
    ["causal | (length == 256 & key == query + 1)", 128],
    ["causal & ((query - key) * 0.01 < 0.2)", 64],
  ])("%s at %i shows nothing", (mask, length) => expect(under(mask, length)).toEqual([]));

  test("a division by zero", () => expect(under("causal & ((query - key) mod 0 == 0)", 8)).toEqual(["PT3019"]));
});

describe("definitions that grow", () => {
  test("numbers used twice are evaluated once", () => {
    const lets = Array.from({ length: 60 }, (_, i) => (i ? `let a${i} = a${i - 1} / 2 + a${i - 1} / 2` : "let a0 = 8"));
    expect(codes(checkText(`${lets.join("\n")}\nmodel m(width = a59) { decoder { embed: tokens(8, width) } }\n`))).toEqual([]);
  });

  test("masks that double and chains without end are refused", () => {
    const masks = Array.from({ length: 40 }, (_, i) => (i ? `mask m${i} = m${i - 1} & m${i - 1}` : "mask m0 = causal & window(4)"));
    expect(codes(checkText(masks.join("\n"))).every((line) => line.startsWith("PT2020"))).toBe(true);
    const lets = Array.from({ length: 3_000 }, (_, i) => (i ? `let a${i} = a${i - 1} + 1` : "let a0 = 1"));
    const found = codes(checkText(`${lets.join("\n")}\nmask last = window(a2999)\n`));
    expect(found.some((line) => line.startsWith("PT2020"))).toBe(true);
  });
});

describe("runs that start from others", () => {
  const base = runExample({ body: "repeat depth { residual { rmsnorm attention(2, mask: causal) } }", more: "seed: 3" }).replace("model tiny(vocab,", "model tiny(vocab, depth = 2,");
  const longer = (model: string): string => `${base}pretrain longer from small { ${model}  data: novels  objective: causal_lm  batch: 2 examples  train: 5 steps  optimizer: sgd(lr: 1e-3) }\n`;

  test("the stacks must be the same", () => {
    expect(codes(checkText(longer("model: tiny(depth: 3)"))).map((line) => line.slice(0, 6))).toEqual(["PT5011"]);
    expect(codes(checkText(longer("model: tiny(depth: 1)"))).map((line) => line.slice(0, 6))).toEqual(["PT5011"]);
  });

  test("model, tokenizer, length, precision and seed are inherited", () => {
    const plan = planOf(longer(""), { run: "longer" });
    expect([plan.seeds.run, plan.lengths.inputs, plan.parameters.length]).toEqual([3, 16, planOf(longer(""), { run: "small" }).parameters.length]);
  });
});

test("overrides below what has no parts are refused", () => {
  const text = `${runExample()}pretrain z extends small { data.files: "x.txt" }\npretrain y extends small { remove data.files }\n`;
  expect(codes(checkText(text)).map((line) => line.slice(0, 6))).toEqual(["PT2019", "PT2019"]);
});

test("shipped specs are no way out of the project", () => {
  const host = fileHost("/tmp", "main.pt");
  for (const path of ["ptarmigan/../../x.pt", "ptarmigan/../package.json", "ptarmigan/"]) expect(host.resolve("main.pt", path)).toEqual({ problem: "outside" });
});
