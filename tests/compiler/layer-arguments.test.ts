// Arguments of layers that are of the right form and still mean nothing are refused where they were written.

import { expect, test } from "vitest";
import { checkText, codes } from "../harness/compiling.ts";

const model = (layers: string, tokens = "tokens(10, 8)"): string => `model m {\n  decoder { embed: ${tokens}\n${layers}\n} }`;

test("`on` says nothing where a value is wanted", () => {
  for (const argument of ["positions: on", "softcap: on"]) expect(codes(checkText(model(`attention(2, mask: causal, ${argument})`))), argument).toEqual([`PT3004 3:${"attention(2, mask: causal, ".length + argument.indexOf("on", 8) + 1}`]);
  expect(codes(checkText(model("rmsnorm", "tokens(10, 8, padding: on)")))).toEqual(["PT3004 2:43"]);
  expect(codes(checkText(model("attention(2, mask: causal, positions: off, softcap: off)", "tokens(10, 8, padding: off)")))).toEqual([]);
  expect(codes(checkText("model m(p = off) {\n  decoder { embed: tokens(10, 8) attention(2, mask: causal, positions: p) } }"))).toEqual([]);
});

test("an id that the table has no row for", () => {
  expect(codes(checkText(model("rmsnorm", "tokens(10, 8, padding: 10)")))).toEqual(["PT3005 2:43"]);
  expect(codes(checkText(model("rmsnorm", "tokens(10, 8, padding: 9)")))).toEqual([]);
  expect(codes(checkText(`${model("rmsnorm").slice(0, -1)}\nhead own { pool(first, token: 10) dense(2) } }`))).toEqual(["PT3005 5:31"]);
});

test("buckets of a relative bias: some of a distance of their own, and farther ones", () => {
  const of = (args: string): string[] => codes(checkText(model(`attention(2, mask: causal, positions: relative_bias(${args}))`)));
  expect(of("buckets: 32, distance: 8")).toEqual(["PT3023 3:39"]);
  expect(of("buckets: 3, distance: 8")).toEqual(["PT3023 3:39"]);
  expect(of("buckets: 32, distance: 9")).toEqual([]);
  expect(of("buckets: 2, distance: 2, bidirectional: off")).toEqual([]);
});
