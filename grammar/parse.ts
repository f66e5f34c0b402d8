// Text → Tree and diagnostics: lex, balance the brackets, parse, build.

import type { Tree } from "./ast.ts";
import { balance } from "./balance.ts";
import { buildTree } from "./build-ast.ts";
import type { Diagnostic } from "./diagnostics/define.ts";
import { unexpectedText } from "./diagnostics/PT1116-unexpected-text.ts";
import { lex, spanOf } from "./lex.ts";
import { parseTokens } from "./parse-tokens.ts";
import { createReporter } from "./report.ts";

/**
 * The tree of a file's text and every syntax error in it, in order of place. Never throws, whatever the text; what could not be
 * understood is missing in the tree, what follows it is there. Takes time linear in the length of the text.
 */
export function parse(text: string, file: string): { tree: Tree; diagnostics: Diagnostic[] } {
  const reporter = createReporter(text, file);
  const { tokens, comments } = lex(reporter);
  const balanced = balance(tokens, reporter);
  const tree = buildTree((read) => {
    for (const token of parseTokens(balanced, read)) {
      // The grammar is total, so this is a gap in it; the user still learns where.
      reporter.report(unexpectedText, spanOf(token), { found: token.image === "" ? "the end of a block" : `\`${token.image}\``, where: "here" });
    }
  }, balanced, comments, reporter);
  const diagnostics = [...reporter.diagnostics].sort((a, b) => a.start.offset - b.start.offset || a.end.offset - b.end.offset);
  return { tree, diagnostics };
}
