// Rows as aligned columns.

import { textWidth } from "./width.ts";

/** Columns two spaces apart; those of `right` are aligned right. Trailing spaces are dropped. */
export function table(rows: readonly (readonly string[])[], { right = [], indent = "" }: { readonly right?: readonly number[]; readonly indent?: string } = {}): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, plainWidth(cell))));
  const pad = (cell: string, i: number): string => {
    const space = " ".repeat(widths[i] - plainWidth(cell));
    return right.includes(i) ? space + cell : cell + space;
  };
  return rows.map((row) => `${indent}${row.map(pad).join("  ")}`.trimEnd()).join("\n");
}

/** Colours take no room. */
function plainWidth(cell: string): number {
  return textWidth(cell.replace(/\u001b\[[0-9;]*m/g, ""));
}
