// Statements of a stack, a head or a combinator as steps, with the width carried along.

import type { Item, Repeat, Statement } from "../../../grammar/ast.ts";
import { blockOnLayer } from "../../../grammar/diagnostics/PT3017-block-on-layer.ts";
import { misplaced } from "../../../grammar/diagnostics/PT3014-misplaced.ts";
import { unknownField } from "../../../grammar/diagnostics/PT3001-unknown-field.ts";
import { widthChanges } from "../../../grammar/diagnostics/PT4001-width-changes.ts";
import { wrongPlaceForLayer } from "../../../grammar/diagnostics/PT4007-wrong-place-for-layer.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import type { Step } from "../../architecture.ts";
import type { Table } from "../../layers/define.ts";
import { childScope, type Scope } from "../1-resolve/program.ts";
import { at, thunkOf } from "./context.ts";
import { roleOf } from "./embedding.ts";
import { evaluate } from "./evaluate.ts";
import { instance } from "./instances.ts";
import { bindLet, type Making } from "./model.ts";
import { container, type Container } from "./naming.ts";

/** The stream at one point. */
export interface Flow { readonly width: number; readonly table: Table | null; readonly pooled: boolean; readonly where: "stream" | "head" | "join" }

interface Made { readonly steps: Step[]; readonly flow: Flow }

const combinators = ["residual", "parallel", "sequence"];

/** Null after a report. */
export function steps(statements: readonly Statement[], scope: Scope, names: Container, start: Flow, making: Making): Made | null {
  const before = making.context.sink.errors;
  const list: Step[] = [];
  let flow = start;
  for (const statement of statements) {
    if (statement.kind === "let") {
      bindLet(statement, scope, names, making);
      continue;
    }
    const made = step(statement, scope, names, flow, making);
    if (!made) continue;
    list.push(...made.steps);
    flow = made.flow;
  }
  return making.context.sink.errors === before ? { steps: list, flow } : null;
}

function step(statement: Statement, scope: Scope, names: Container, flow: Flow, making: Making): Made | null {
  const { sink } = making.context;
  const place = at(scope, statement.span);
  switch (statement.kind) {
    case "repeat":
      return repeat(statement, scope, names, flow, making);
    case "item":
      return combinators.includes(statement.name.text) ? combinator(statement, scope, names, flow, making) : layer(statement, scope, names, flow, making);
    case "field": {
      const name = statement.path.kind === "string" ? statement.path.value : statement.path.parts.map((part) => part.text).join(".");
      sink.report(unknownField, at(scope, statement.path.span), { name, where: "a sequence of layers", names: [] });
      return null;
    }
    default:
      sink.report(misplaced, place, { what: `\`${statement.kind === "stack" || statement.kind === "section" ? statement.word : statement.kind}\``, where: "a sequence of layers", instead: "it stands at the top of a model" });
      return null;
  }
}

function repeat(node: Repeat, scope: Scope, names: Container, start: Flow, making: Making): Made | null {
  const count = evaluate(thunkOf(node.count, scope), { type: "integer", minimum: 1, maximum: 50_000 }, making.context);
  if (count?.kind !== "number") return null;
  const path = names.claim("layers");
  const copies: Step[][] = [];
  let flow = start;
  for (let copy = 0; copy < count.value; copy++) {
    const inner = childScope(scope, scope.source, copy);
    const made = steps(node.body.statements, inner, container(`${path}.${copy}`), flow, making);
    if (!made) return null;
    if (!made.steps.length) return empty("repeat", at(scope, { start: node.span.start, end: node.count.span.end }), making);
    copies.push(made.steps);
    flow = made.flow;
  }
  return { steps: [{ kind: "repeat", path, copies }], flow };
}

function combinator(node: Item, scope: Scope, names: Container, flow: Flow, making: Making): Made | null {
  const { sink } = making.context;
  const word = node.name.text as "residual" | "parallel" | "sequence";
  const place = at(scope, node.name.span);
  if (!node.body || node.arguments) {
    sink.report(misplaced, at(scope, node.span), { what: `\`${word}\` ${node.arguments ? "with arguments" : "without a block"}`, where: "a sequence of layers", instead: `write \`${word} { … }\`` });
    return null;
  }
  if (word === "parallel") {
    const members: Step[] = [];
    const inner = childScope(scope);
    let after: Flow | null = null;
    for (const statement of node.body.statements) {
      const made = steps([statement], inner, names, flow, making);
      if (!made) return null;
      if (statement.kind === "let") continue;
      if (after && made.flow.width !== after.width) {
        sink.report(widthChanges, at(scope, statement.span), { what: "parallel", before: after.width, after: made.flow.width });
        return null;
      }
      if (after && made.flow.pooled !== after.pooled) {
        sink.report(misplaced, at(scope, statement.span), { what: "a member that pools beside one that does not", where: "`parallel`", instead: "pool in each member, or before `parallel`" });
        return null;
      }
      after = made.flow;
      members.push(made.steps.length === 1 ? made.steps[0] : { kind: "sequence", body: made.steps });
    }
    return after ? { steps: [{ kind: "parallel", members }], flow: after } : empty(word, place, making);
  }
  const made = steps(node.body.statements, childScope(scope), names, flow, making);
  if (!made) return null;
  if (!made.steps.length) return empty(word, place, making);
  if (word === "residual" && (made.flow.width !== flow.width || made.flow.pooled !== flow.pooled)) {
    const last = node.body.statements.at(-1);
    sink.report(widthChanges, last ? at(scope, last.span) : place, { what: "residual", before: flow.width, after: made.flow.width }, { related: [{ message: "the residual begins here", place }] });
    return null;
  }
  return { steps: [{ kind: word, body: made.steps }], flow: made.flow };
}

function empty(word: string, place: Place, making: Making): null {
  making.context.sink.report(misplaced, place, { what: `\`${word}\` without layers`, where: "a sequence of layers", instead: "give it layers, or remove it" });
  return null;
}

function layer(node: Item, scope: Scope, names: Container, flow: Flow, making: Making): Made | null {
  const { sink } = making.context;
  const target = { kind: "reference", parts: [node.name], span: node.name.span } as const;
  const expression = node.arguments ? ({ kind: "call", target, arguments: node.arguments, span: { start: node.name.span.start, end: node.body ? (node.arguments.at(-1)?.span.end ?? node.name.span.end) : node.span.end } } as const) : target;
  if (node.body) {
    sink.report(blockOnLayer, at(scope, node.name.span), { name: node.name.text });
    return null;
  }
  const made = instance(expression, scope, { width: flow.width, table: flow.table }, names.claim, making);
  if (!made) return null;
  const { definition, args, input } = made.instance;
  const joining = flow.where === "join";
  const wrong = definition.role === "embedding" || (definition.role === "pool" && (flow.where !== "head" || flow.pooled)) || (flow.pooled && definition.parameters.mask !== undefined) || (definition.role === "join") !== joining;
  if (wrong) {
    sink.report(wrongPlaceForLayer, at(scope, expression.span), { word: definition.word, role: roleOf(definition.role), place: joining ? "the end of a head of two branches" : flow.pooled ? "a head after `pool`" : flow.where === "head" ? "a head" : "the stream" });
    return null;
  }
  return { steps: [{ kind: "layer", instance: made.instance, path: made.path }], flow: { ...flow, width: definition.width(args, input), pooled: flow.pooled || definition.role === "pool" } };
}
