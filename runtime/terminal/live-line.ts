// One line at the bottom of a terminal that is rewritten while work goes on; whole lines scroll by above it.

import type { Io } from "../commands/define.ts";

export interface LiveLine {
  /** Shows a text in place of the last one, at most ten times a second. Nothing without a terminal. */
  show(text: string): void;
  /** Prints above the line, for good. */
  above(text: string, stream?: Io["stdout"]): void;
  /** Takes the line away. */
  clear(): void;
}

const interval = 100;

export function liveLine(io: Io, now: () => number = () => performance.now()): LiveLine {
  let shown = "";
  let last = -Infinity;
  const erase = (): void => {
    if (shown) io.stderr.write("\r\u001b[K");
  };
  return {
    show(text) {
      if (!io.isTerminal || now() - last < interval) return;
      last = now();
      erase();
      shown = text.slice(0, Math.max(20, io.columns - 1));
      io.stderr.write(shown);
    },
    above(text, stream = io.stderr) {
      erase();
      stream.write(`${text}\n`);
      if (shown) io.stderr.write(shown);
    },
    clear() {
      erase();
      shown = "";
    },
  };
}
