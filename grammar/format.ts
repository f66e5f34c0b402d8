// Text → its canonical form.

import type { Diagnostic } from "./diagnostics/define.ts";
import { parse } from "./parse.ts";
import { printWidth } from "./print-ast.ts";

/** The canonical form of a file's text, every comment kept; or why it has none. Line ends become LF. */
export async function format(text: string, file: string): Promise<{ text: string } | { diagnostics: Diagnostic[] }> {
  const { diagnostics } = parse(text, file);
  if (diagnostics.length > 0) return { diagnostics };
  // Loaded here, so that commands that format nothing do not pay for it.
  const [prettier, plugin] = await Promise.all([import("prettier/standalone"), import("./prettier-plugin.ts")]);
  return { text: await prettier.format(text, { parser: "ptarmigan", plugins: [plugin], printWidth, tabWidth: 2, useTabs: false, endOfLine: "lf", filepath: file }) };
}
