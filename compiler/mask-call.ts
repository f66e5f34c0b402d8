// A mask given on the command line: `sliding(4)`, `causal & window(4)`, evaluated as if it stood in a file.

import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { parse } from "../grammar/parse.ts";
import { sorted, type CheckResult } from "./check.ts";
import type { MaskExpression } from "./masks/define.ts";
import { aboutCall, callFile } from "./model-call.ts";
import { createSink, placeOf, type Source } from "./phases/1-resolve/program.ts";
import type { Context } from "./phases/2-check/context.ts";
import { evaluate } from "./phases/2-check/evaluate.ts";

export type CalledMask = { readonly mask: MaskExpression } | { readonly diagnostics: readonly Diagnostic[]; readonly text: string };

/** Names in it are those of the checked file. */
export function callMask(call: string, result: CheckResult): CalledMask {
  const before = "let called_mask = ";
  const text = before + call;
  const { tree, diagnostics } = parse(text, callFile);
  const [item, ...more] = tree.items;
  const sink = createSink();
  diagnostics.forEach((diagnostic) => sink.add(diagnostic));
  const context: Context = { ...result.context, sink };
  if (item?.kind === "let" && !more.length && !sink.errors) {
    const source: Source = { file: callFile, text, tree };
    const scope = { source, bindings: new Map(), parent: result.scope };
    const value = evaluate({ expression: item.value, scope, origin: { how: "written", place: placeOf(source, item.value.span) } }, { type: "mask" }, context);
    if (value?.kind === "mask" && !sink.errors) return { mask: value.mask };
  }
  return { diagnostics: aboutCall(sorted(sink.diagnostics, callFile), before), text: call };
}
