// Diagnostics of a row's run, which are about the baseline's text as often as about the row's.

import { positionAt, type Diagnostic, type Place } from "../../grammar/diagnostics/define.ts";

/** The diagnostic with the row beside it, where it does not point into the ablation anyway. */
export function inRow(diagnostic: Diagnostic, label: string, place: Place, ablation?: Place): Diagnostic {
  const { span } = ablation ?? place;
  if (diagnostic.file === place.file && span.start <= diagnostic.start.offset && diagnostic.start.offset < span.end) return diagnostic;
  const related = { message: `in the row \`${label}\``, file: place.file, start: positionAt(place.text, place.span.start), end: positionAt(place.text, place.span.end) };
  return { ...diagnostic, related: [...(diagnostic.related ?? []), related] };
}
