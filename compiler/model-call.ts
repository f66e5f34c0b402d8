// A model called on the command line: `gpt2(layers: 48)`, evaluated as if it stood in a file.

import { parse } from "../grammar/parse.ts";
import type { Diagnostic, Position } from "../grammar/diagnostics/define.ts";
import { countedHeads, idleParameters, type Architecture, type Head } from "./architecture.ts";
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
export const callFile = "command line";

const before = "let called_model = ";

/** Diagnostics about `before` + the call as diagnostics about the call, in the words in which it was given. */
export function aboutCall(diagnostics: readonly Diagnostic[], before: string): readonly Diagnostic[] {
  const moved = ({ line, column, offset }: Position): Position => ({ line, column: line === 1 ? Math.max(1, column - before.length) : column, offset: Math.max(0, offset - before.length) });
  const movedPlace = <Place extends { readonly file: string; readonly start: Position; readonly end: Position }>(place: Place): Place => (place.file === callFile ? { ...place, start: moved(place.start), end: moved(place.end) } : place);
  return diagnostics.map((one) => (one.file === callFile ? { ...movedPlace(one), ...(one.related ? { related: one.related.map(movedPlace) } : {}), fixes: one.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, start: edit.start - before.length, end: edit.end - before.length })) })) } : one));
}

/** Names in the call are those of the checked file. */
export function callModel(call: string, result: CheckResult): CalledModel {
  const text = before + call;
  const { tree, diagnostics } = parse(text, callFile);
  const [item, ...more] = tree.items;
  const sink = createSink();
  diagnostics.forEach((diagnostic) => sink.add(diagnostic));
  const context: Context = { ...result.context, sink };
  const failed = (): CalledModel => ({ diagnostics: aboutCall(sorted(sink.diagnostics, callFile), before), text: call });
  if (item?.kind !== "let" || more.length || sink.errors) return failed();
  const source: Source = { file: callFile, text, tree };
  const scope = { source, bindings: new Map(), parent: result.scope };
  const place = placeOf(source, item.value.span);
  const value = evaluate({ expression: item.value, scope, origin: { how: "written", place } }, { type: "declaration", kinds: ["model"] }, context);
  if (value?.kind !== "declaration") return failed();
  const architecture = instantiate(value.declared, value.arguments, { place }, context);
  return architecture && !sink.errors ? { architecture, heads: countedHeads(architecture), value } : failed();
}

/** Scalars of the stacks and of these heads; `active`: those that one token passes through. */
export function countParameters(architecture: Architecture, heads: readonly Head[]): { readonly total: number; readonly trainable: number; readonly active: number } {
  let [total, trainable] = [0, 0];
  for (const parameter of planParameters(architecture, heads)) {
    if (parameter.buffer) continue;
    const size = sizeOf(parameter.shape);
    total += size;
    if (parameter.trainable) trainable += size;
  }
  return { total, trainable, active: total - idleParameters(architecture, heads) };
}
