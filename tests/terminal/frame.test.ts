import { describe, expect, test } from "vitest";
import { positionAt } from "../../grammar/diagnostics/define.ts";
import { frame } from "../../runtime/terminal/frame.ts";
import { cellsOf, textWidth } from "../../runtime/terminal/width.ts";
import { table } from "../../runtime/terminal/table.ts";
import { bytes, exact, flops, short } from "../../runtime/terminal/numbers.ts";

const style = { dim: (text: string) => text, mark: (text: string) => text };

function shown(text: string, found: string, columns = 100): string[] {
  const at = text.indexOf(found);
  return frame(text, { start: positionAt(text, at), end: positionAt(text, at + found.length), columns, style });
}

describe("frame", () => {
  test("underlines a word", () => {
    expect(shown("a\nmask near = cuasal & b\n", "cuasal")).toEqual(["2 | mask near = cuasal & b", "  |             ^^^^^^"]);
  });

  test("pads line numbers", () => {
    expect(shown(`${"\n".repeat(11)}word`, "word")).toEqual(["12 | word", "   | ^^^^"]);
  });

  test("shows tabs as two columns", () => {
    expect(shown("\t\tlenght: 3", "lenght")).toEqual(["1 |     lenght: 3", "  |     ^^^^^^"]);
  });

  test("counts wide characters as two columns and combining ones as none", () => {
    expect(shown('prompt: "漢字" top', "top")).toEqual(['1 | prompt: "漢字" top', "  |                ^^^"]);
    expect(shown('x: "e\u0301" top', "top")).toEqual(['1 | x: "e\u0301" top', "  |        ^^^"]);
    expect(textWidth("a漢e\u0301")).toBe(4);
  });

  test("shows control characters as pictures", () => {
    expect(cellsOf("a\u001b[31mb").map((cell) => cell.text).join("")).toBe("a␛[31mb");
  });

  test("cuts a long line around the span", () => {
    const text = `let x = ${"a + ".repeat(100)}cuasal${" + b".repeat(100)}`;
    const [line, under] = shown(text, "cuasal", 60);
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line).toMatch(/^1 \| ….*cuasal.*…$/);
    expect(under.indexOf("^")).toBe(line.indexOf("cuasal"));
    expect(under.trim().endsWith("^".repeat(6))).toBe(true);
  });

  test("cuts a span that is longer than the line has room for", () => {
    const text = `mask x = "${"y".repeat(400)}"`;
    const [line, under] = shown(text, "y".repeat(400), 60);
    expect(line.length).toBeLessThanOrEqual(60);
    expect(under.length).toBeLessThanOrEqual(60);
    expect(under).toContain("^^^^^^^^^^");
  });

  test("shows the first and the last line of a span over several", () => {
    const text = "data a {\n  files: 1\n  b: 2\n}\n";
    expect(shown(text, "{\n  files: 1\n  b: 2\n}")).toEqual(["1 | data a {", "  |        ^", "  …", "4 | }", "  | ^"]);
    expect(shown(text, "1\n  b")).toEqual(["2 |   files: 1", "  |          ^", "3 |   b: 2", "  |   ^"]);
  });

  test("marks one column for an empty span, also at the end of a line and of the file", () => {
    expect(frame("ab\n", { start: positionAt("ab\n", 2), end: positionAt("ab\n", 2), columns: 80, style })).toEqual(["1 | ab", "  |   ^"]);
    expect(frame("", { start: positionAt("", 0), end: positionAt("", 0), columns: 80, style })).toEqual(["1 |", "  | ^"]);
  });

  test("knows the three line ends", () => {
    expect(shown("a\r\nb\rword\nc", "word")).toEqual(["3 | word", "  | ^^^^"]);
  });
});

test("tables align by what is seen", () => {
  expect(table([["a", "1"], ["\u001b[1mlong\u001b[22m", "22"]], { right: [1] })).toBe("a      1\n\u001b[1mlong\u001b[22m  22");
});

test("numbers", () => {
  expect([exact(124_439_808), short(124_439_808), short(1.557e9), short(0), bytes(86.3e6), bytes(12), flops(5.36e12)]).toEqual(["124,439,808", "124 M", "1.56 B", "0", "86.3 MB", "12 B", "5.36 TFLOP"]);
  expect(short(999_999)).toBe("1 M");
});
