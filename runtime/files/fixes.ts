// Fixes of diagnostics applied to a text.

import type { Diagnostic, Edit } from "../../grammar/diagnostics/define.ts";

/** The first fix of each diagnostic, as far as they do not overlap; a caller that wants the rest checks again. */
export function applyFixes(text: string, diagnostics: readonly Diagnostic[]): { readonly text: string; readonly applied: number } {
  const taken: Edit[] = [];
  let applied = 0;
  for (const { fixes } of diagnostics) {
    const edits = fixes[0]?.edits ?? [];
    if (!edits.length || edits.some((edit) => taken.some((other) => overlap(edit, other)))) continue;
    taken.push(...edits);
    applied++;
  }
  const parts: string[] = [];
  let at = 0;
  for (const edit of taken.sort((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return { text: parts.join("") + text.slice(at), applied };
}

/** Two insertions at one place overlap too: their order would be a guess. */
function overlap(a: Edit, b: Edit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}
