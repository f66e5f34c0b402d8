// The published table of an ablation: a CSV of labels and numbers.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AblationSpec } from "../../compiler/ablations/spec.ts";
import { malformedPublished } from "../../grammar/diagnostics/PT7080-malformed-published.ts";
import { missingFile } from "../../grammar/diagnostics/PT7020-missing-file.ts";
import { unpublishedRow } from "../../grammar/diagnostics/PT7081-unpublished-row.ts";
import { diagnose, type Diagnostic } from "../../grammar/diagnostics/define.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { readWhole } from "../files/text.ts";
import { isFolder } from "../host.ts";
import { isSpread } from "../reports/_published.ts";
import { withoutReturn } from "../sources/_lines.ts";
import { splitRow } from "../sources/csv.ts";

export interface Published { readonly file: string; readonly columns: readonly string[]; readonly rows: readonly { readonly label: string; readonly values: readonly (number | null)[] }[] }

/** Null without one, or after a diagnostic. `base` is the folder of the spec. */
export async function readPublished(spec: AblationSpec, base: string): Promise<{ readonly published: Published | null; readonly diagnostics: readonly Diagnostic[] }> {
  if (!spec.published) return { published: null, diagnostics: [] };
  const { file, place } = spec.published;
  const path = join(base, file);
  if (!existsSync(path) || isFolder(path)) return { published: null, diagnostics: [diagnose(missingFile, place, { file })] };
  const text = await readWhole({ path, name: file });
  const table = parseCsv(text);
  const problem = typeof table === "string" ? table : problemOf(table);
  if (problem !== null || typeof table === "string") return { published: null, diagnostics: [diagnose(malformedPublished, place, { file, problem: problem ?? "" })] };
  const [header, ...lines] = table;
  const numeric = header.map((_, i) => i > 0 && lines.every((line) => line[i] === "" || Number.isFinite(Number(line[i]))) && lines.some((line) => line[i] !== ""));
  const columns = header.filter((_, i) => numeric[i]);
  const rows = lines.map((line) => ({ label: line[0], values: line.filter((_, i) => numeric[i]).map((cell) => (cell === "" ? null : Number(cell))) }));
  const labels = spec.rows.map((row) => row.label);
  const diagnostics = rows.filter(({ label }) => !labels.includes(label) && !isSpread(label)).map(({ label }) => diagnose(unpublishedRow, place, { file, label, suggestion: didYouMean(label, labels) }));
  return { published: { file, columns, rows }, diagnostics };
}

function problemOf([header, ...lines]: readonly (readonly string[])[]): string | null {
  if (!header || header.length < 2) return "it has no header with a column of labels and one of numbers";
  if (!lines.length) return "it has a header and no row";
  const short = lines.findIndex((line) => line.length !== header.length);
  if (short >= 0) return `line ${short + 2} has ${lines[short].length} cells, and the header ${header.length}`;
  const labels = lines.map((line) => line[0]);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) return `two rows are labelled \`${twice}\``;
  for (const [i, name] of header.entries()) {
    if (i === 0) continue;
    const cells = lines.map((line) => line[i]).filter((cell) => cell !== "");
    const words = cells.filter((cell) => !Number.isFinite(Number(cell)));
    if (words.length && words.length < cells.length) return `in the column \`${name}\`, \`${words[0]}\` is no number`;
  }
  return header.slice(1).some((_, i) => lines.some((line) => line[i + 1] !== "" && Number.isFinite(Number(line[i + 1])))) ? null : "no column holds numbers";
}

/** Lines of cells; what is wrong as a text. Empty lines are left out. */
function parseCsv(text: string): string[][] | string {
  const lines: string[][] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const row = withoutReturn(line);
    if (row.trim() === "") continue;
    if ((row.split('"').length - 1) % 2) return `line ${i + 1}: a quote is not closed`;
    const read = splitRow(row, i + 1);
    if ("problem" in read) return `line ${i + 1}: ${read.problem}`;
    lines.push(read.fields.map((cell) => cell.trim()));
  }
  return lines;
}
