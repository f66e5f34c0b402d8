// Diagnostics as text: message, code frame, related places, hint and fixes.

import colors from "picocolors";
import type { Io } from "../commands/define.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { fileHost } from "../host.ts";
import { frame } from "./frame.ts";

export type TextOf = (file: string) => string | undefined;
type Colors = ReturnType<typeof colors.createColors>;

/** Prints each with an empty line after it. `textOf` gives the text of a file; by default it is read again. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], out: { write(text: string): void }, io: Pick<Io, "color" | "columns" | "cwd">, textOf: TextOf = reader(io.cwd)): void {
  const c = colors.createColors(io.color);
  for (const diagnostic of diagnostics) out.write(`${diagnosticText(diagnostic, c, io.columns, textOf)}\n\n`);
}

/** Reads files relative to a folder; what cannot be read has no frame. */
export function reader(cwd: string): TextOf {
  const host = fileHost(cwd, "");
  return (file) => (file && file !== "-" ? host.textOf(file) : undefined);
}

function diagnosticText(diagnostic: Diagnostic, c: Colors, columns: number, textOf: TextOf): string {
  const color = diagnostic.severity === "error" ? c.red : c.yellow;
  const lines = [`${c.bold(color(`${diagnostic.severity} ${diagnostic.code}`))}${c.bold(`: ${diagnostic.message}`)}`];
  const arrow = c.cyan("-->");
  const pointed = (place: { file: string; start: Diagnostic["start"]; end: Diagnostic["end"] }, mark: string, paint: (text: string) => string): string[] => {
    const text = place.file ? textOf(place.file) : undefined;
    if (text === undefined || (place.start.offset === 0 && place.end.offset === 0)) return place.file ? [`  ${arrow} ${place.file}`] : [];
    return [`  ${arrow} ${place.file}:${place.start.line}:${place.start.column}`, ...frame(text, { start: place.start, end: place.end, columns, mark, style: { dim: c.dim, mark: paint } })];
  };
  lines.push(...pointed(diagnostic, "^", color));
  for (const related of diagnostic.related ?? []) lines.push(`${c.bold("note")}: ${related.message}`, ...pointed(related, "-", c.cyan));
  if (diagnostic.hint !== undefined) lines.push(`${c.cyan("hint")}: ${diagnostic.hint}`);
  // A hint such as "did you mean" and its fix say the same.
  for (const fix of diagnostic.fixes) if (!sameWords(fix.title, diagnostic.hint)) lines.push(`${c.green("fix")}: ${fix.title}`);
  return lines.join("\n");
}

function sameWords(title: string, hint: string | undefined): boolean {
  const word = /`([^`]*)`/.exec(title)?.[1];
  return word !== undefined && hint !== undefined && hint.includes(`did you mean \`${word}\``);
}

/** As `--json` has them: every field is there. */
export function plainDiagnostics(diagnostics: readonly Diagnostic[]): object[] {
  return diagnostics.map(({ code, severity, message, hint, file, start, end, related, fixes }) => ({ code, severity, message, hint: hint ?? null, file, start, end, ...(related ? { related } : {}), fixes }));
}

/** `2 errors and 1 warning in 3 files`. */
export function summaryOf(diagnostics: readonly Diagnostic[], files: number): string {
  const errors = diagnostics.filter((item) => item.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [...(errors ? [plural(errors, "error")] : []), ...(warnings ? [plural(warnings, "warning")] : [])];
  return `${parts.join(" and ") || "no errors"} in ${plural(files, "file")}`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
