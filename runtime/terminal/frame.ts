// A code frame: the lines that a span touches, with what is meant underlined.

import type { Position } from "../../grammar/diagnostics/define.ts";
import { cellsOf, type Cell } from "./width.ts";

export interface FrameStyle {
  /** For line numbers and bars. */
  readonly dim: (text: string) => string;
  /** For the underline. */
  readonly mark: (text: string) => string;
}

export interface FrameOptions { readonly start: Position; readonly end: Position; /** Columns of the terminal. */ readonly columns: number; readonly style: FrameStyle; readonly mark?: string }

/** Lines of a text by `\n`, `\r\n` or `\r`; the last text is kept, since a file with many mistakes asks many times. */
export function linesOf(text: string): readonly string[] {
  if (text !== lastText) {
    lastText = text;
    lastLines = text.split(/\r\n|\r|\n/);
  }
  return lastLines;
}

let lastText = "";
let lastLines: readonly string[] = [""];

/** Lines of the frame, without line ends. A span over several lines shows its first and its last. */
export function frame(text: string, { start, end, columns, style, mark = "^" }: FrameOptions): string[] {
  const lines = linesOf(text);
  const gutter = String(end.line).length;
  const room = Math.max(20, Math.min(columns, 160) - gutter - 4);
  const bar = style.dim("|");
  const numbered = (line: number, body: string): string => `${style.dim(String(line).padStart(gutter))} ${bar}${body ? ` ${body}` : ""}`;
  const under = (body: string): string => `${" ".repeat(gutter)} ${bar} ${body}`;
  const show = (line: number, from: number, to: number): string[] => {
    const cells = cellsOf(lines[line - 1] ?? "");
    const cut = cutOut(cells, from, to, room);
    return [numbered(line, cut.text), under(" ".repeat(cut.before) + style.mark(mark.repeat(Math.max(1, cut.width))))];
  };
  if (end.line === start.line) return show(start.line, start.column - 1, Math.max(end.column - 1, start.column));
  const first = lines[start.line - 1] ?? "";
  const last = lines[end.line - 1] ?? "";
  const body = show(start.line, start.column - 1, first.length);
  if (end.line > start.line + 1) body.push(`${" ".repeat(gutter)} ${style.dim("…")}`);
  if (end.column > 1) body.push(...show(end.line, last.length - last.trimStart().length, end.column - 1));
  return body;
}

/** At most `room` columns of a line around a range of offsets, `…` where it is cut. */
function cutOut(cells: readonly Cell[], from: number, to: number, room: number): { text: string; before: number; width: number } {
  let a = cells.findIndex((cell) => cell.offset + 1 > from);
  if (a < 0) a = cells.length;
  let b = cells.findIndex((cell) => cell.offset >= to);
  if (b < 0) b = cells.length;
  const widthOf = (low: number, high: number): number => cells.slice(low, high).reduce((sum, cell) => sum + cell.width, 0);
  if (widthOf(0, cells.length) <= room) return { text: cells.map((cell) => cell.text).join(""), before: widthOf(0, a), width: widthOf(a, b) };
  // Most of the room goes to the span, the rest evenly to both sides of it.
  const span = Math.min(widthOf(a, b), Math.floor(room * 0.7));
  let low = a;
  for (let left = Math.floor((room - span) / 2) - 1; low > 0 && left >= cells[low - 1].width; low--) left -= cells[low - 1].width;
  let high = low;
  for (let left = room - 2; high < cells.length && left >= cells[high].width; high++) left -= cells[high].width;
  const [head, tail] = [low > 0 ? "…" : "", high < cells.length ? "…" : ""];
  return { text: head + cells.slice(low, high).map((cell) => cell.text).join("") + tail, before: head.length + widthOf(low, a), width: widthOf(a, Math.min(b, high)) };
}
