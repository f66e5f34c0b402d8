// What is said about wrong files: `tests/cases/errors/<case>/input.pt` beside `expected.txt`, which `UPDATE=1` rewrites.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileRun } from "../../compiler/compile.ts";
import { forEachCase } from "../harness/cases.ts";
import { checkText, codes } from "../harness/compiling.ts";

forEachCase("errors", (folder) => {
  const files = Object.fromEntries(readdirSync(folder.path).filter((name) => name.endsWith(".pt") && name !== "input.pt").map((name) => [name, readFileSync(folder.path + name, "utf8")]));
  const result = checkText(folder.read("input.pt"), files);
  const diagnostics = new Map(result.diagnostics.map((one) => [one.code + one.start.offset + one.message, one]));
  for (const name of result.runs.keys()) for (const one of compileRun(result, name).diagnostics) diagnostics.set(one.code + one.start.offset + one.message, one);
  const lines = [...diagnostics.values()].map((one) => [
    `${one.file}:${one.start.line}:${one.start.column}-${one.end.line}:${one.end.column} ${one.code} ${one.message}`,
    ...(one.hint ? [`    ${one.hint}`] : []),
    ...(one.related ?? []).map((related) => `    ${related.file}:${related.start.line}:${related.start.column} ${related.message}`),
    ...one.fixes.map((fix) => `    fix: ${fix.title}`),
  ].join("\n"));
  folder.expect("expected.txt", `${lines.join("\n")}\n`);
});

describe("texts as they come", () => {
  const good = "mask near(n) = causal & (query - key < n)\nmask nearer = near(3)\n";

  test("CRLF, CR and tabs change nothing", () => {
    expect(codes(checkText(good.replaceAll("\n", "\r\n")))).toEqual([]);
    expect(codes(checkText(good.replaceAll("\n", "\r")))).toEqual([]);
    expect(codes(checkText(good.replaceAll(" ", "\t")))).toEqual([]);
    expect(codes(checkText(good.replace("near(3)", "neer(3)").replaceAll("\n", "\r\n")))).toEqual(["PT2002 2:15"]);
  });

  test("a file of nonsense is reported without end and without a crash", () => {
    const result = checkText("%%% {{{ ]] 3x \u0000 \"abc\n'model' <<< >>> ¬ ünïcode 💥 } } }\n".repeat(50));
    expect(result.diagnostics.length).toBeGreaterThan(20);
  });

  test("ten thousand lines take less than a second of checking", () => {
    const model = (i: number): string => `/// Number ${i}.\nmodel m${i}(width = 8) {\n  decoder {\n    embed: tokens(16, width)\n    repeat 2 {\n      residual { rmsnorm attention(2, mask: causal) }\n      residual { rmsnorm mlp(4 * width, gelu) }\n    }\n  }\n}\n`;
    const text = Array.from({ length: 1_000 }, (_, i) => model(i)).join("");
    const start = process.cpuUsage();
    expect(codes(checkText(text))).toEqual([]);
    const used = process.cpuUsage(start);
    // Processor time, not the clock: the bound is on a machine that does other things too.
    expect((used.user + used.system) / 1e6).toBeLessThan(5);
  });
});
