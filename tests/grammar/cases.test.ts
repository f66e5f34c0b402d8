// The folders of cases/parse (diagnostics and what is still understood) and cases/format (canonical form, a fixed point).

import { expect } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { format } from "../../grammar/format.ts";
import { parse } from "../../grammar/parse.ts";
import { printTree } from "../../grammar/print-ast.ts";
import { forEachCase } from "../harness/cases.ts";

forEachCase("parse", (folder) => {
  const { tree, diagnostics } = parse(folder.read("input.pt"), "input.pt");
  folder.expect("output.txt", `${diagnostics.map(describeDiagnostic).join("")}\n${printTree(tree)}`);
});

forEachCase("format", async (folder) => {
  const first = await format(folder.read("input.pt"), "input.pt");
  if ("diagnostics" in first) return expect(first.diagnostics).toEqual([]);
  folder.expect("output.pt", first.text);
  expect(await format(first.text, "input.pt")).toEqual(first);
});

function describeDiagnostic({ code, start, message, hint, fixes }: Diagnostic): string {
  const fix = fixes.map((item) => `  fix: ${item.title}\n`).join("");
  return `${start.line}:${start.column} ${code} ${message}\n${hint === undefined ? "" : `  hint: ${hint}\n`}${fix}`;
}
