// Models: names of weights, sharing, widths, published counts.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { countedHeads, instancesOf, weightsOf } from "../../compiler/architecture.ts";
import { instantiate } from "../../compiler/phases/2-check/model.ts";
import { countOf } from "../../compiler/phases/2-check/run-fields.ts";
import { defaultExpression } from "../../compiler/phases/2-check/defaults.ts";
import { declarationCall } from "../../compiler/phases/2-check/calls.ts";
import { checkText, codes, root } from "../harness/compiling.ts";

/** The architecture of a call in a text. */
function architectureOf(text: string, call: string) {
  const { context, program } = checkText(text);
  const thunk = { expression: defaultExpression(call), scope: { ...program.entry, source: { ...program.entry.source, file: "call" } }, origin: { how: "written", place: null } } as const;
  const value = declarationCall(thunk.expression, thunk, ["model"], context);
  if (value?.kind !== "declaration") throw new Error(context.sink.diagnostics.map((one) => one.message).join("\n"));
  const made = instantiate(value.declared, value.arguments, { place: value.declared.place }, context);
  if (!made) throw new Error(context.sink.diagnostics.map((one) => one.message).join("\n"));
  return made;
}

const names = (text: string, call: string): string[] => {
  const made = architectureOf(text, call);
  return [...weightsOf(instancesOf(made, countedHeads(made)))].map(({ name }) => name);
};

describe("names of weights", () => {
  test("siblings are numbered, combinators add nothing, repeats count from 0", () => {
    const text = `model m(width = 8) {
  decoder {
    embed: tokens(10, width) + learned_positions(4)
    repeat 2 {
      residual { rmsnorm mlp(4, relu, bias: off) }
      parallel { sequence { rmsnorm } rmsnorm }
    }
    repeat 1 { layernorm }
  }
  head lm { dense(3) dense(10, bias: off) }
}`;
    expect(names(text, "m()")).toEqual([
      "decoder.embed.tokens.weight", "decoder.embed.learned_positions.weight",
      ...[0, 1].flatMap((i) => ["rmsnorm.weight", "mlp.up.weight", "mlp.down.weight", "rmsnorm_2.weight", "rmsnorm_3.weight"].map((leaf) => `decoder.layers.${i}.${leaf}`)),
      "decoder.layers_2.0.layernorm.weight", "decoder.layers_2.0.layernorm.bias",
      "lm.dense.weight", "lm.dense.bias", "lm.dense_2.weight",
    ]);
  });

  test("a let is one instance each time its block runs, named where it stands", () => {
    const text = `model m(width = 8) {
  let whole = rmsnorm
  decoder {
    let stack = rmsnorm
    embed: tokens(10, width)
    repeat 2 { let copy = rmsnorm copy whole copy stack }
    whole
  }
}`;
    expect(names(text, "m()")).toEqual(["decoder.embed.tokens.weight", "decoder.layers.0.copy.weight", "whole.weight", "decoder.stack.weight", "decoder.layers.1.copy.weight"]);
  });

  test("a parameter and a file-level let hold recipes: every mention makes new weights", () => {
    const text = `let norm = rmsnorm(eps: 1e-3)
model m(width = 8, other = layernorm(bias: off)) { decoder { embed: tokens(10, width) norm other norm other } }`;
    expect(names(text, "m()")).toEqual(["decoder.embed.tokens.weight", "decoder.rmsnorm.weight", "decoder.layernorm.weight", "decoder.rmsnorm_2.weight", "decoder.layernorm_2.weight"]);
    expect(names(text, "m(other: norm)")).toHaveLength(5);
  });

  test("cycle gives the copies of the innermost repeat their values in turn", () => {
    const made = architectureOf("model m(width = 8) { decoder { embed: tokens(10, width) repeat 5 { residual { mlp(cycle(4, 6), relu) } } } }", "m()");
    expect(instancesOf(made, []).slice(1).map(({ args }) => args.hidden)).toEqual([4, 6, 4, 6, 4]);
  });
});

describe("parameters", () => {
  const text = "model m(width = 8, heads = 2, kv_heads = heads, hidden = 4 * width) { decoder { embed: tokens(10, width) attention(heads, kv_heads: kv_heads, mask: causal) mlp(hidden, relu) } }";

  test("defaults use the parameters to their left, after the arguments are bound", () => {
    const made = architectureOf(text, "m(heads: 4, width: 16)");
    expect(made.parameters).toMatchObject({ kv_heads: 4, hidden: 64 });
  });

  test("a fraction where a whole number is wanted, with its place", () => {
    expect(codes(checkText(text.replace("hidden = 4 * width", "hidden = width / 3")))).toEqual(["PT3012 1:58"]);
  });
});

describe("shared parts in extensions", () => {
  test("a stack that holds only fields is laid over the inherited one", () => {
    const text = `model a(width = 8) { decoder { embed: tokens(10, width) rmsnorm } head lm { tied } }
model b extends a(width: 4) { decoder { embed: tokens(10, width) + learned_positions(3) } }
model c extends a { decoder { embed: tokens(10, width) layernorm } }`;
    expect(names(text, "b()")).toEqual(["decoder.embed.tokens.weight", "decoder.embed.learned_positions.weight", "decoder.rmsnorm.weight"]);
    expect(names(text, "c()")).toEqual(["decoder.embed.tokens.weight", "decoder.layernorm.weight", "decoder.layernorm.bias"]);
  });
});

const table = new URL("../../../shared/reference/published-parameters.csv", import.meta.url);

describe.skipIf(!existsSync(table))("published parameter counts (skipped without ../shared)", () => {
  const rows = existsSync(table) ? readFileSync(table, "utf8").trim().split("\n").slice(1).map((line) => line.match(/^(\w+),("[^"]*"|[^,]*),(\d+),/)!).map(([, spec, call, count]) => ({ spec, call: call.replaceAll('"', ""), count: Number(count) })) : [];
  const shipped = rows.filter(({ spec }) => existsSync(`${root}specs/${spec}.pt`));

  test.each(shipped)("$call", ({ spec, call, count }) => {
    const made = architectureOf(`import { ${spec} } from "ptarmigan/${spec}.pt"`, call);
    expect(countOf(made, countedHeads(made))).toBe(count);
  });

  test("GPT-3 has 175 billion", () => {
    const made = architectureOf('import { gpt3 } from "ptarmigan/gpt3.pt"', "gpt3()");
    expect(countOf(made, countedHeads(made)) / 1e9).toBeCloseTo(174.6, 1);
  });
});
