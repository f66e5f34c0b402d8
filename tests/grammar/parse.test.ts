// The parser's promises that no case folder shows: real files, trees in detail, bounds, and speed.

import { readFileSync } from "node:fs";
import { Lexer } from "chevrotain";
import { describe, expect, test } from "vitest";
import type { Declaration, Expression, Field, Let, Tree } from "../../grammar/ast.ts";
import { format } from "../../grammar/format.ts";
import { parse } from "../../grammar/parse.ts";
import { printExpression, printTree } from "../../grammar/print-ast.ts";
import { tokenTypes } from "../../grammar/tokens.ts";
import { published } from "../harness/published.ts";

function codes(text: string): string[] {
  return parse(text, "x.pt").diagnostics.map((item) => item.code);
}

function value(text: string): Expression {
  const { tree, diagnostics } = parse(`let x = ${text}`, "x.pt");
  expect(diagnostics).toEqual([]);
  return (tree.items[0] as Let).value;
}

/** The same expression with every operation in parentheses. */
function grouped(expression: Expression): string {
  switch (expression.kind) {
    case "binary": return `(${grouped(expression.left)} ${expression.operator} ${grouped(expression.right)})`;
    case "unary": return `(${expression.operator} ${grouped(expression.operand)})`;
    default: return printExpression(expression);
  }
}

describe("expressions", () => {
  test.each([
    ["a | b & c -> d", "((a | (b & c)) -> d)"],
    ["not a < b & c", "((not (a < b)) & c)"],
    ["a - b - c * d mod e / f", "((a - b) - (((c * d) mod e) / f))"],
    ["-a ^ b ^ -c * d", "((- (a ^ (b ^ (- c)))) * d)"],
    ["causal & (query - key < n)", "(causal & (query - key < n))"],
    ["a <b", "(a < b)"],
    ["not not - - a", "(not (not (- (- a))))"],
  ])("%s", (text, expected) => expect(grouped(value(text))).toBe(expected));

  test("numbers carry their magnitude, percent and unit", () => {
    expect(value("1.5T")).toMatchObject({ value: 1.5e12, raw: "1.5T" });
    expect(value("1.1k")).toMatchObject({ value: 1100 });
    expect(value("15%")).toMatchObject({ value: 0.15, percent: true });
    expect(value("0.7%")).toMatchObject({ value: 0.007 });
    expect(value("300B tokens")).toMatchObject({ value: 3e11, unit: { text: "tokens" } });
    expect(value("2 GB")).toMatchObject({ value: 2, unit: { text: "GB" } });
    expect(value("50_257")).toMatchObject({ value: 50257, raw: "50_257" });
  });

  test("strings are unescaped and show their holes", () => {
    const text = value('"a\\n{b c}\\{d\\u{1F600}"');
    expect(text).toMatchObject({ value: "a\n{b c}{d😀", parts: [{ text: "a\n" }, { hole: "b c" }, { text: "{d😀" }] });
  });

  test("a unit is one only where it can be", () => {
    const { tree, diagnostics } = parse("pretrain a { x: 3 steps y: 3 steps: 4 z: 2 tokens(3) w: 5 examples { } v: 1 steps.b: 2 }", "x.pt");
    expect(diagnostics).toEqual([]);
    const shown = (tree.items[0] as Declaration).body!.statements.map((item) => item.kind === "field" ? `${printExpression((item as Field).path)}=${(item as Field).value.kind}${(item.value as { unit?: unknown }).unit ? "+unit" : ""}` : item.kind);
    expect(shown).toEqual(["x=number+unit", "y=number", "steps=number", "z=number", "item", "w=number", "item", "v=number", "steps.b=number"]);
  });
});

describe("trees", () => {
  test("documentation belongs to what follows it", () => {
    const { tree } = parse("/// one\n///  two\nmodel a {\n  /// field\n  x: 1 /// no\n  // plain\n  y: 2\n}\n/// let\nlet b = 1\n", "x.pt");
    const [model, declared] = tree.items as [Declaration, Let];
    expect(model.doc).toBe("one\n two");
    expect(declared.doc).toBe("let");
    expect(model.body!.statements.map((item) => (item as Field).doc)).toEqual(["field", undefined]);
  });

  test("spans are exact", () => {
    const text = 'model a(b = 1) extends c(d: 2) {\n  "l": f(g.h, [1]) // x\n  head lm { tied }\n}';
    const { tree } = parse(text, "x.pt");
    const model = tree.items[0] as Declaration;
    const at = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
    expect(at(model.span)).toBe(text);
    expect(at(model.parameters![0]!.span)).toBe("b = 1");
    expect(at(model.relations[0]!.span)).toBe("extends c(d: 2)");
    expect(model.body!.statements.map((item) => at(item.span))).toEqual(['"l": f(g.h, [1])', "head lm { tied }"]);
    expect(at(tree.comments[0]!.span)).toBe("// x");
  });

  test("a tree without a source prints broken, or inline where asked, and with the groups that precedence needs", () => {
    const { tree } = parse("/// doc\nmodel a { x: 1 residual { b c } }\nmask m = (a | b) & c", "x.pt");
    expect(printTree(tree)).toBe("/// doc\nmodel a {\n  x: 1\n  residual {\n    b\n    c\n  }\n}\n\nmask m = (a | b) & c\n");
    expect(printTree(tree, { inline: ["item"] })).toContain("  residual { b c }\n");
    const bare = { kind: "binary", operator: "*", left: { kind: "number", value: 4, raw: "", percent: false }, right: { kind: "binary", operator: "+", left: value("a"), right: value("b") } } as never;
    expect(printExpression(bare)).toBe("4 * (a + b)");
  });

  test("the lexer's definition is valid", () => {
    expect(() => new Lexer(tokenTypes, { ensureOptimizations: true, positionTracking: "onlyOffset" })).not.toThrow();
  });

  test("CRLF and CR end lines and keep offsets", () => {
    const { diagnostics } = parse("let a = 1\r\nlet b = 2\rlet c = @\n", "x.pt");
    expect(diagnostics[0]).toMatchObject({ code: "PT1010", start: { line: 3, column: 9, offset: 29 } });
  });
});

describe("bounds", () => {
  test.each([
    ["parentheses", `let a = ${"(".repeat(10_000)}1${")".repeat(10_000)}\nlet b = @`],
    ["unclosed parentheses", `let a = ${"(".repeat(10_000)}1`],
    ["calls", `let a = ${"f(".repeat(10_000)}1${")".repeat(10_000)}\nlet b = @`],
    ["lists", `let a = ${"[".repeat(10_000)}1${"]".repeat(10_000)}\nlet b = @`],
    ["blocks", `model a ${"{ b ".repeat(10_000)}${"}".repeat(10_000)}\nlet b = @`],
    ["signs", `let a = ${"-".repeat(10_000)}1\nlet b = @`],
    ["powers", `let a = ${"2 ^ ".repeat(10_000)}1\nlet b = @`],
    ["sums", `let a = ${"1 + ".repeat(10_000)}1\nlet b = @`],
    ["sums in calls", `model a { x: ${"1 + f(".repeat(60)}${"1 + ".repeat(10_000)}1${")".repeat(60)} y: 1 }`],
  ])("10,000 nested %s are one mistake", (_name, text) => {
    const found = codes(text);
    expect(found.filter((code) => code === "PT1104")).toHaveLength(1);
    expect(found.filter((code) => code !== "PT1104" && code !== "PT1010")).toEqual([]);
    expect(found.includes("PT1010")).toBe(text.includes("@"));
  });

  test("the deepest text that is accepted parses, prints and formats", async () => {
    const text = `let a = ${"(f(1 + [".repeat(21)}1${"]))".repeat(21)}\nlet b = ${"- ".repeat(490)}1\n`;
    expect(codes(text)).toEqual([]);
    expect("text" in (await format(text, "x.pt"))).toBe(true);
    expect(printTree(parse(text, "x.pt").tree).length).toBeGreaterThan(100);
  });
});

describe("speed", () => {
  test("10,000 lines parse in under a second, with and without mistakes", () => {
    const block = "  residual { attention(heads, mask: causal) }\n";
    const good = `${"model a(width = 3) {\n" + block.repeat(98)}}\n`.repeat(100);
    const bad = good.replaceAll("mask: causal", "mask causal");
    parse(good.slice(0, 2_000), "x.pt");
    for (const text of [good, bad]) {
      // Processor time: what else the machine does is not the parser's.
      const start = process.cpuUsage();
      parse(text, "x.pt");
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1_000).toBeLessThan(1_000);
    }
  });
});

describe("published families", () => {
  test.each(published().map((file) => [file] as const))("%s parses and formats to a fixed point", async (file) => {
    const text = readFileSync(file, "utf8");
    const { tree, diagnostics } = parse(text, file);
    expect(diagnostics).toEqual([]);
    const first = await format(text, file);
    expect("text" in first && (await format(first.text, file))).toEqual(first);
    if ("text" in first) expect(shape(parse(first.text, file).tree)).toEqual(shape(tree));
  });
});

/** A tree without its places. */
function shape(tree: Tree): unknown {
  return JSON.parse(JSON.stringify(tree, (key, item) => (key === "span" || key === "text" && typeof item === "string" && item.includes("\n") ? undefined : item)));
}

