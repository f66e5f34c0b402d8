// Every PT1xxx record: its bad example fails with exactly its code, the mended one passes, and each fix leads to a text without syntax errors.

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decode } from "../../grammar/decode.ts";
import type { Diagnostic, DiagnosticRecord } from "../../grammar/diagnostics/define.ts";
import { parse } from "../../grammar/parse.ts";

const folder = new URL("../../grammar/diagnostics/", import.meta.url);

/** An example's text is its bytes in UTF-8, or base64 where no text would do. */
function diagnose(example: string): Diagnostic[] {
  const bytes = example.startsWith("data:;base64,") ? Buffer.from(example.slice(13), "base64") : Buffer.from(example);
  const decoded = decode(bytes, "main.pt");
  return "text" in decoded ? parse(decoded.text, "main.pt").diagnostics : [decoded.diagnostic];
}

describe("syntax diagnostics", () => {
  for (const file of readdirSync(folder).filter((name) => /^PT1\d{3}-.*\.ts$/.test(name)).sort()) {
    test(file, async () => {
      const [record] = Object.values(await import(new URL(file, folder).href)) as DiagnosticRecord[];
      expect(file).toBe(`${record!.code}-${record!.slug}.ts`);
      const found = diagnose(record!.failing as string);
      expect(found.map((item) => item.code)).toEqual([record!.code]);
      expect(diagnose(record!.fixed as string)).toEqual([]);
      for (const fix of found[0]!.fixes) {
        const mended = [...fix.edits].reverse().reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), record!.failing as string);
        expect(diagnose(mended)).toEqual([]);
      }
    });
  }
});
