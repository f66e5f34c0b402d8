// A word of a vocabulary called on the command line: `f1(average: macro)`, evaluated as if it stood in a file.

import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import type { Registry } from "../grammar/fields.ts";
import { parse } from "../grammar/parse.ts";
import { check, sorted, type Catalog } from "./check.ts";
import { createSink, placeOf, type Source } from "./phases/1-resolve/program.ts";
import type { Context } from "./phases/2-check/context.ts";
import { evaluate } from "./phases/2-check/evaluate.ts";
import { plain, type Value } from "./phases/2-check/values.ts";
import type { Call } from "./plan/schema.ts";

/** The call with all defaults filled in; or diagnostics, which point into `text`. */
export type CalledWord = { readonly call: Call; readonly value: Value & { kind: "call" } } | { readonly diagnostics: readonly Diagnostic[]; readonly text: string };

/** `file` is what the diagnostics call the place. */
export function callWord(call: string, registry: Registry, catalog: Catalog, file: string): CalledWord {
  const text = `let called_${registry} = ${call}`;
  const { tree, diagnostics } = parse(text, file);
  const [item, ...more] = tree.items;
  const sink = createSink();
  diagnostics.forEach((diagnostic) => sink.add(diagnostic));
  if (item?.kind === "let" && !more.length && !sink.errors) {
    const empty = check("", catalog, { file });
    const context: Context = { ...empty.context, sink };
    const source: Source = { file, text, tree };
    const scope = { source, bindings: new Map(), parent: empty.scope };
    const value = evaluate({ expression: item.value, scope, origin: { how: "written", place: placeOf(source, item.value.span) } }, { type: "word", registry }, context);
    if (value?.kind === "call" && !sink.errors) return { call: plain(value) as Call, value };
  }
  return { diagnostics: sorted(sink.diagnostics, file), text };
}
