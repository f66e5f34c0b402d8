// What the formats of one record a line share.

import type { SourceFile, SourceRecord } from "./define.ts";

/** One record a line; blank lines are skipped, lines that are not UTF-8 are problems. */
export async function* eachLine(file: SourceFile, record: (text: string, line: number) => SourceRecord | null): AsyncGenerator<readonly SourceRecord[]> {
  for await (const { first, lines, broken } of file.lines()) {
    const records: SourceRecord[] = [];
    for (let i = 0; i < lines.length; i++) {
      const problem = broken?.get(i);
      const text = withoutReturn(lines[i]);
      const made = problem !== undefined ? { file: file.name, line: first + i, problem } : isBlank(text) ? null : record(text, first + i);
      if (made) records.push(made);
    }
    yield records;
  }
}

export function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

export function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}
