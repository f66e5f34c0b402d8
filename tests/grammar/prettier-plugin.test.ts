// The plugin as Prettier's own users meet it.

import prettier from "prettier";
import { expect, test } from "vitest";
import * as plugin from "../../grammar/prettier-plugin.ts";

test("prettier finds the parser by the file's ending", async () => {
  expect(await prettier.format("mask  a=causal&full // x", { filepath: "a.pt", plugins: [plugin] })).toBe("mask a = causal & full // x\n");
});

test("a syntax error is Prettier's kind of error, with its place", async () => {
  await expect(prettier.format("let a = 1\nlet b = @", { filepath: "a.pt", plugins: [plugin] })).rejects.toMatchObject({ name: "SyntaxError", loc: { start: { line: 2, column: 9 } } });
});

test("comments survive every place that a token boundary offers", async () => {
  const text = 'import { b, c } from "x.pt"\nmodel a(x = 3, y) extends b(z: 1) { encoder image { embed: f(g(1), h: [<m>, 2 * (3 + x)]) repeat 3 { d } } head lm(q) { tied } vary [a.b, c] in [[1, 2]] remove e.f let g = not h & -i "l": { z } }\nmask k(n) = a & b -> "c"\nlet r = 3 steps\n';
  const boundaries = [...text.matchAll(/[ \n]/g)].map((match) => match.index);
  for (const at of boundaries) {
    const commented = `${text.slice(0, at)} // note\n${text.slice(at)}`;
    const once = await prettier.format(commented, { parser: "ptarmigan", plugins: [plugin] });
    expect(once.match(/\/\/ note\n/g)).toHaveLength(1);
    expect(await prettier.format(once, { parser: "ptarmigan", plugins: [plugin] })).toBe(once);
  }
});
