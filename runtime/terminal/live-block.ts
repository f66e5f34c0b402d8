// Several lines at the bottom of a terminal that are rewritten while work goes on.

import type { Io } from "../commands/define.ts";
import { textWidth } from "./width.ts";

export interface LiveBlock {
  /** Shows lines in place of the last ones, at most five times a second unless `now`. Nothing without a terminal. */
  show(lines: () => readonly string[], now?: boolean): void;
  /** Prints above the lines, for good. */
  above(text: string): void;
  clear(): void;
}

const interval = 200;

export function liveBlock(io: Io, clock: () => number = () => performance.now()): LiveBlock {
  let shown: readonly string[] = [];
  let last = -Infinity;
  const erase = (): void => {
    if (shown.length) io.stderr.write(`\u001b[${shown.length}A\r\u001b[J`);
  };
  const write = (lines: readonly string[]): void => {
    shown = lines.map((line) => fit(line, Math.max(20, io.columns - 1)));
    if (shown.length) io.stderr.write(`${shown.join("\n")}\n`);
  };
  return {
    show(lines, now = false) {
      if (!io.isTerminal || (!now && clock() - last < interval)) return;
      last = clock();
      erase();
      write(lines());
    },
    above(text) {
      erase();
      io.stderr.write(`${text}\n`);
      const lines = shown;
      shown = [];
      if (io.isTerminal) write(lines);
    },
    clear() {
      erase();
      shown = [];
    },
  };
}

/** A line that wraps would be two to erase. */
function fit(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line;
  let [text, width] = ["", 0];
  for (const letter of line) {
    width += textWidth(letter);
    if (width >= columns) break;
    text += letter;
  }
  return `${text}…`;
}
