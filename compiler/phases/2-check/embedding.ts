// `embed: tokens(…) + learned_positions(…)`: the terms of a stack's embedding and the width they share.

import type { Expression } from "../../../grammar/ast.ts";
import { embeddingWidths } from "../../../grammar/diagnostics/PT4008-embedding-widths.ts";
import { wrongPlaceForLayer } from "../../../grammar/diagnostics/PT4007-wrong-place-for-layer.ts";
import type { Instance, Stack } from "../../architecture.ts";
import { numberIn } from "../../layers/define.ts";
import type { Scope } from "../1-resolve/program.ts";
import { at, silent } from "./context.ts";
import { instance } from "./instances.ts";
import type { Making } from "./model.ts";
import type { Container } from "./naming.ts";

export interface Embedded { readonly terms: readonly Instance[]; readonly width: number; readonly table: Stack["table"]; readonly reads: Stack["reads"] }

/** Null after a report. */
export function embedding(expression: Expression, scope: Scope, names: Container, making: Making): Embedded | null {
  const parts = summands(expression);
  const width = widthOf(parts, scope, making);
  const terms: Instance[] = [];
  for (const part of parts) {
    const made = instance(part, scope, { width, table: null }, names.claim, making);
    if (!made) return null;
    const { definition, args, input } = made.instance;
    if (definition.role !== "embedding") {
      making.context.sink.report(wrongPlaceForLayer, at(scope, part.span), { word: definition.word, role: roleOf(definition.role), place: "`embed`" });
      return null;
    }
    const own = definition.width(args, input);
    if (own !== width) {
      making.context.sink.report(embeddingWidths, at(scope, part.span), { left: width, right: own });
      return null;
    }
    terms.push(made.instance);
  }
  const tokens = terms.find((term) => term.definition.word === "tokens");
  const reads = terms.some(readsPixels) ? "pixels" : "tokens";
  return { terms, width, reads, table: tokens ? { instance: tokens, vocab: numberIn(tokens.args, "vocab"), width: numberIn(tokens.args, "width") } : null };
}

function readsPixels({ definition, parts }: Instance): boolean {
  return definition.reads === "pixels" || Object.values(parts).some((part) => part.kind === "layer" && readsPixels(part.instance));
}

export function roleOf(role: string): string {
  if (role === "join") return "a layer that joins two branches";
  return role === "embedding" ? "an embedding" : role === "pool" ? "a pooling layer" : "a layer of the stream";
}

function summands(expression: Expression): Expression[] {
  if (expression.kind === "group") return summands(expression.inner);
  if (expression.kind === "binary" && expression.operator === "+") return [...summands(expression.left), ...summands(expression.right)];
  return [expression];
}

/** The width of the first term that has one of its own; tried without reporting and without leaving instances behind. */
function widthOf(parts: readonly Expression[], scope: Scope, making: Making): number {
  for (const part of parts) {
    const trial: Making = { ...making, context: silent(making.context), named: new Map(making.named), schemes: new Map(making.schemes), count: { layers: 0 }, trial: true };
    const made = instance(part, scope, { width: 0, table: null }, (word) => word, trial);
    const width = made ? made.instance.definition.width(made.instance.args, made.instance.input) : 0;
    if (width > 0) return width;
  }
  return 0;
}
