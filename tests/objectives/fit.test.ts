// Models that an objective cannot be trained on although every name is right: each is refused before any data is read.

import { describe, expect, test } from "vitest";
import { checkText } from "../harness/compiling.ts";

const codes = (text: string): string[] => [...new Set(checkText(text).diagnostics.map((one) => one.code))];
const run = (stacks: string, objective: string): string => `model m(vocab, width = 8) {
${stacks}
}
tokenizer t { kind: bytes  special: [<pad>, <cls>, <sep>, <mask>, <eos>]  sentinels: 10 }
data d { files: "x.txt" }
pretrain r { model: m()  tokenizer: t  data: d  objective: ${objective}  length: 16  batch: 1 examples  train: 1 steps  optimizer: adamw(lr: 1e-3) }
`;
const decoder = (heads: string, mask = "causal", more = ""): string => `decoder { ${more} embed: tokens(vocab, width) attention(2, mask: ${mask}) }\n${heads}`;
const encoder = (heads: string): string => `encoder { embed: tokens(vocab, width) attention(2, mask: full) }\n${heads}`;

describe("heads", () => {
  test("a loss of tokens: a score of every token at each position", () => {
    expect(codes(run(decoder("head lm { tied }"), "causal_lm"))).toEqual([]);
    for (const head of ["pool(last) tied", "parallel { pool(first) pool(mean) } tied", "dense(10)", ""]) expect(codes(run(decoder(`head lm { ${head} }`), "causal_lm")), head).toEqual(["PT5031"]);
    expect(codes(run(decoder("head lm(classes) { dense(classes) }"), "causal_lm"))).toEqual(["PT5031"]);
    expect(codes(run(encoder("head mlm { dense(10) }"), "masked"))).toEqual(["PT5031"]);
  });
  test("a class: one vector, as wide as there are classes", () => {
    const nsp = (head: string): string[] => codes(run(encoder(`head mlm { tied } head nsp { ${head} }`), "masked + nsp"));
    expect(nsp("pool(first) dense(2)")).toEqual([]);
    expect(nsp("parallel { pool(first) pool(mean) } dense(2)")).toEqual([]);
    for (const head of ["dense(2)", "pool(first) dense(3)", "pool(first) dense(1)"]) expect(nsp(head), head).toEqual(["PT5031"]);
  });
});

describe("stacks", () => {
  const both = (cross: string): string => `encoder { embed: tokens(vocab, width) attention(2, mask: full) }\ndecoder { embed: tokens(vocab, width) attention(2, mask: causal) ${cross} }\nhead lm { tied }`;
  test("a decoder that never looks at its encoder", () => {
    expect(codes(run(both("cross_attention(encoder, 2)"), "span_corruption"))).toEqual([]);
    expect(codes(run(both(""), "span_corruption"))).toEqual(["PT5012"]);
  });
  test("stacks that nothing fills", () => {
    const two = "decoder a { embed: tokens(vocab, width) attention(2, mask: causal) }\ndecoder b { embed: tokens(vocab, width) attention(2, mask: causal) }\nhead lm { tied }";
    const [found] = checkText(run(two, "causal_lm")).diagnostics;
    expect([found.code, found.message]).toEqual(["PT5012", "a model of the stacks `a`, `b` cannot be trained on `causal_lm`: it fills one stack of texts, or an encoder and the decoder that reads it"]);
  });
  test("`start` belongs to a decoder that reads an encoder", () => {
    expect(codes(run(both("cross_attention(encoder, 2)").replace("decoder {", "decoder { start: <pad>"), "span_corruption"))).toEqual([]);
    expect(codes(run(decoder("head lm { tied }", "causal", "start: <pad>"), "causal_lm"))).toEqual(["PT3001"]);
    expect(codes(run(encoder("head mlm { tied }").replace("encoder {", "encoder { start: <pad>"), "masked"))).toEqual(["PT3001"]);
  });
  test("blocks without layers, and a pool beside none", () => {
    for (const block of ["residual { }", "parallel { }", "sequence { }", "repeat 2 { }", "parallel { let p = mlp(8, gelu) }"]) expect(codes(run(decoder("head lm { tied }").replace("attention(", `${block} attention(`), "causal_lm")), block).toContain("PT3014");
    expect(codes(run(encoder("head mlm { tied } head nsp { parallel { pool(first) dense(width) } dense(2) }"), "masked + nsp"))).toEqual(["PT3014"]);
  });
  test("a `let` of a parallel block is known in it alone", () => {
    const block = (name: string): string => `parallel { let ${name} = mlp(8, gelu) ${name} p }`;
    expect(codes(run(decoder("head lm { tied }").replace("attention(", `parallel { let p = mlp(8, gelu) p p } ${block("q")} attention(`), "causal_lm"))).toEqual(["PT2002"]);
  });
});

test("a mask that opens at one length of the prefix, or without any", () => {
  expect(codes(run(decoder("head lm { tied }", "causal | (prefix == 5)"), "prefix_lm"))).toEqual(["PT5001"]);
  expect(codes(run(decoder("head lm { tied }", "causal | (prefix < 1)"), "mixture(prefix_lm, causal_lm)"))).toEqual(["PT5001"]);
  expect(codes(run(decoder("head lm { tied }", "causal | (prefix < 1)"), "prefix_lm"))).toEqual([]);
  expect(codes(run(decoder("head lm { tied }", "prefix"), "mixture(prefix_lm, causal_lm)"))).toEqual([]);
});
