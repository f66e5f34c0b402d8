// A model called on the command line: `gpt2(layers: 48)`, evaluated as if it stood in a file.

import { parse } from "../grammar/parse.ts";
import type { Diagnostic } from "../grammar/diagnostics/define.ts";
import { countedHeads, type Architecture, type Head } from "./architecture.ts";
import { sorted, type CheckResult } from "./check.ts";
import { planParameters } from "./graphs.ts";
import { sizeOf } from "./graph/node.ts";
import { createSink, placeOf, type Source } from "./phases/1-resolve/program.ts";
import type { Context } from "./phases/2-check/context.ts";
import { evaluate } from "./phases/2-check/evaluate.ts";
import { instantiate } from "./phases/2-check/model.ts";
import type { Value } from "./phases/2-check/values.ts";

export type CalledModel =
  | { readonly architecture: Architecture; /** The heads that a count includes. */ readonly heads: readonly Head[]; readonly value: Value & { kind: "declaration" } }
  | { readonly diagnostics: readonly Diagnostic[]; /** The text that diagnostics about the call point into. */ readonly text: string };

/** What the file of diagnostics about the call is called. */
export const callFile = "--model";

const before = "let called_model = ";

/** Names in the call are those of the checked file. */
export function callModel(call: string, result: CheckResult): CalledModel {
  const text = before + call;
  const { tree, diagnostics } = parse(text, callFile);
  const [item, ...more] = tree.items;
  const sink = createSink();
  diagnostics.forEach((diagnostic) => sink.add(diagnostic));
  const context: Context = { ...result.context, sink };
  const failed = (): CalledModel => ({ diagnostics: sorted(sink.diagnostics, callFile), text });
  if (item?.kind !== "let" || more.length || sink.errors) return failed();
  const source: Source = { file: callFile, text, tree };
  const scope = { source, bindings: new Map(), parent: result.scope };
  const place = placeOf(source, item.value.span);
  const value = evaluate({ expression: item.value, scope, origin: { how: "written", place } }, { type: "declaration", kinds: ["model"] }, context);
  if (value?.kind !== "declaration") return failed();
  const architecture = instantiate(value.declared, value.arguments, { place }, context);
  return architecture && !sink.errors ? { architecture, heads: countedHeads(architecture), value } : failed();
}

/** Scalars of the stacks and of these heads. */
export function countParameters(architecture: Architecture, heads: readonly Head[]): { readonly total: number; readonly trainable: number } {
  let [total, trainable] = [0, 0];
  for (const parameter of planParameters(architecture, heads)) {
    if (parameter.buffer) continue;
    const size = sizeOf(parameter.shape);
    total += size;
    if (parameter.trainable) trainable += size;
  }
  return { total, trainable };
}
