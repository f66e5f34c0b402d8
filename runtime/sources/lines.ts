// `format: lines`: each line is one document, without its line end; lines of nothing but spaces and tabs are skipped.

import { defineSource } from "./define.ts";

export const lines = defineSource({
  word: "lines",
  doc: "Each line is one document; `\\n` and `\\r\\n` end a line and are not part of it, empty lines are skipped.",
  async *documents(file) {
    let rest = "";
    for await (const piece of file.text()) {
      const parts = piece.split("\n");
      parts[0] = rest + parts[0];
      rest = parts.pop()!;
      for (const part of parts) {
        const line = withoutReturn(part);
        if (!isBlank(line)) yield line;
      }
    }
    const last = withoutReturn(rest);
    if (!isBlank(last)) yield last;
  },
});

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}
