// One line that is written over and over, on a terminal only.

import type { Io } from "../commands/define.ts";

export interface Progress {
  /** Replaces the line, at most ten times a second. */
  update(text: string): void;
  /** Takes the line away, so that something else can be printed. */
  clear(): void;
}

export function progress(io: Pick<Io, "isTerminal" | "stderr" | "columns">, now: () => number = () => performance.now()): Progress {
  let shown = false;
  let last = -Infinity;
  return {
    update(text) {
      if (!io.isTerminal || now() - last < 100) return;
      last = now();
      shown = true;
      io.stderr.write(`\r\u001b[2K${text.slice(0, Math.max(1, io.columns - 1))}`);
    },
    clear() {
      if (shown) io.stderr.write("\r\u001b[2K");
      shown = false;
    },
  };
}
