// What follows from another mistake is not reported: a damaged text misses things that its author wrote.

import type { Tree } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostics/define.ts";

/** Codes that complain of an absence, or of something that only the damaged part uses. */
const absences = new Set(["PT3003", "PT3009", "PT3018", "PT3022", "PT4005", "PT4006", "PT5004"]);
const unused = "PT2008";
/** What is left of a broken expression has another type than the whole. */
const wrongType = "PT3004";

/**
 * Diagnostics of phases 1 and 2 without those that a syntax error explains: names unused in a file that has one,
 * absences in a declaration that has one, types on its line, and whatever points into one.
 */
export function withoutCascades(all: readonly Diagnostic[], trees: Iterable<Tree>): Diagnostic[] {
  const diagnostics = inheritedOnce(all);
  const syntax = diagnostics.filter(isSyntax);
  if (!syntax.length) return diagnostics;
  const damaged = new Map<string, { start: number; end: number }[]>();
  for (const tree of trees) {
    const errors = syntax.filter((error) => error.file === tree.file);
    damaged.set(tree.file, tree.items.map((item) => item.span).filter((span) => errors.some((error) => touch(error.start.offset, error.end.offset, span.start, span.end))));
  }
  return diagnostics.filter((item) => {
    if (isSyntax(item)) return true;
    const errors = syntax.filter((error) => error.file === item.file);
    if (!errors.length) return true;
    if (item.code === unused) return false;
    if (errors.some((error) => touch(error.start.offset, error.end.offset, item.start.offset, item.end.offset))) return false;
    if (item.code === wrongType && errors.some((error) => error.start.line <= item.end.line && item.start.line <= error.end.line)) return false;
    return !absences.has(item.code) || !damaged.get(item.file)?.some((span) => touch(item.start.offset, item.end.offset, span.start, span.end));
  });
}

const isSyntax = (item: Diagnostic): boolean => item.code.startsWith("PT1");

function touch(a: number, b: number, c: number, d: number): boolean {
  return a <= d && c <= b;
}

/** A field that a declaration should not have is not reported again for each that extends it. */
function inheritedOnce(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((item) => {
    if (item.code !== "PT3001") return true;
    const key = `${item.file} ${item.start.offset}`;
    const known = seen.has(key);
    seen.add(key);
    return !known;
  });
}
