// What an ablation measured, on a terminal: the table of its report.

import type { AblationResult } from "../reports/_result.ts";
import { summaryOf } from "../reports/_summary.ts";
import { ablationTable, markText } from "../reports/_table.ts";
import { table } from "../terminal/table.ts";

/** With what failed or is still to be done, and what the marks mean where there are any. */
export function resultText(result: AblationResult): string {
  const { columns, rows } = ablationTable(summaryOf(result));
  const lines = [columns.map(({ title }) => title), ...rows.map(({ cells }) => cells)];
  const notes = rows.flatMap(({ cells, note }) => (note ? [`${cells[0]}: ${note}`] : []));
  const marked = rows.some(({ cells }) => cells.some((cell) => cell.endsWith(" *")));
  return [table(lines, { right: columns.flatMap(({ numeric }, i) => (numeric ? [i] : [])) }), ...notes, ...(marked ? [markText] : [])].join("\n");
}
