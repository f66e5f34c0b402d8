// Objective expressions: names followed, arguments bound, weights multiplied out: `masked + 0.5 * nsp` becomes a tree.

import type { Call as CallNode, Expression } from "../../../grammar/ast.ts";
import { dotted } from "../../../grammar/ast.ts";
import { objective as block } from "../../../grammar/blocks/objective.ts";
import { definedByItself } from "../../../grammar/diagnostics/PT2016-defined-by-itself.ts";
import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { missingArgument } from "../../../grammar/diagnostics/PT3009-missing-argument.ts";
import { misalignedInput } from "../../../grammar/diagnostics/PT5020-misaligned-input.ts";
import { objectiveShares } from "../../../grammar/diagnostics/PT3031-objective-shares.ts";
import { tooDeep } from "../../../grammar/diagnostics/PT2020-too-deep.ts";
import { wrongCombination } from "../../../grammar/diagnostics/PT5021-wrong-combination.ts";
import { wrongType } from "../../../grammar/diagnostics/PT3004-wrong-type.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { combinators } from "../../objectives/combinators.ts";
import type { Corruption, ObjectiveTree, Pair } from "../../objectives/tree.ts";
import type { Call } from "../../plan/schema.ts";
import type { Declared, Override, Scope, Thunk } from "../1-resolve/program.ts";
import { argumentsOf, bindParameters, overridden, type Given } from "./calls.ts";
import { at, thunkOf, type Context } from "./context.ts";
import { evaluate, through } from "./evaluate.ts";
import { checkExactlyOne, checkFields } from "./fields.ts";
import { couldBe, lookup } from "./names.ts";
import { deepest, describeExpression, numberOf } from "./numbers.ts";
import { weighted } from "./shown.ts";
import { whereOf } from "./sources.ts";
import { plain, type Value, type Values } from "./values.ts";

export type ObjectiveValue = Value & { kind: "objective" };

/** Null after a report. */
export function evaluateObjective(thunk: Thunk, context: Context): ObjectiveValue | null {
  const { expression, scope } = thunk;
  const made = objectiveOf(expression, scope, thunk.overrides, context);
  return made && { kind: "objective", objective: made.tree, arguments: made.arguments, origin: thunk.origin };
}

interface Made { readonly tree: ObjectiveTree; /** Of a single call, for paths below it. */ readonly arguments: Values }
const only = (tree: ObjectiveTree): Made => ({ tree, arguments: {} });

function objectiveOf(expression: Expression, scope: Scope, overrides: readonly Override[] | undefined, context: Context): Made | null {
  const place = at(scope, expression.span);
  switch (expression.kind) {
    case "group":
      return objectiveOf(expression.inner, scope, overrides, context);
    case "call":
    case "reference":
      return named(expression, scope, overrides, context);
    case "binary": {
      if (expression.operator === "+") {
        const [left, right] = [expression.left, expression.right].map((side) => objectiveOf(side, scope, undefined, context));
        return left && right && only({ kind: "sum", terms: [...termsOf(left.tree), ...termsOf(right.tree)], place });
      }
      const found = weighted(expression, scope, context);
      if (found === undefined) break;
      const inner = found && objectiveOf(found.of, scope, undefined, context);
      return found && inner && only({ kind: "sum", terms: termsOf(inner.tree).map((term) => ({ ...term, weight: term.weight * found.weight })), place });
    }
    default:
      break;
  }
  context.sink.report(wrongType, place, { wanted: "an objective", given: describeExpression(expression) });
  return null;
}

function termsOf(tree: ObjectiveTree): readonly { readonly weight: number; readonly objective: ObjectiveTree }[] {
  return tree.kind === "sum" ? tree.terms : [{ weight: 1, objective: tree }];
}

function named(expression: Expression & { kind: "call" | "reference" }, scope: Scope, overrides: readonly Override[] | undefined, context: Context): Made | null {
  const target = expression.kind === "call" ? expression.target : expression;
  const place = at(scope, expression.span);
  const found = lookup(target, { what: "word", registry: "objective" }, scope, context);
  if (!found || found.kind === "unknown") return null;
  if (found.kind === "word") return combined(expression, scope, context);
  if (found.kind === "thunk") {
    if (expression.kind === "call") context.sink.report(wrongType, place, { wanted: "an objective", given: `a call of \`${dotted(target)}\`, which takes no arguments` });
    const { thunk } = found;
    return guarded(thunk.expression, dotted(target), place, context, () => objectiveOf(thunk.expression, thunk.scope, through(thunk, overrides).overrides, context));
  }
  const { declared } = found;
  const slots = declared.parameters.map((parameter) => ({ name: parameter.name, positional: true }));
  const since = context.sink.errors;
  const matched = argumentsOf(expression.kind === "call" ? expression.arguments : [], slots, declared.name, scope, context);
  const given = overridden(matched, overrides, slots.map((slot) => slot.name), declared.name, (name) => declared.parameters.find((parameter) => parameter.name === name)?.value ?? null, context);
  if (!given || context.sink.errors !== since) return null;
  return guarded(declared, declared.name, place, context, () => declaredObjective(declared, given, place, context));
}

function guarded<T>(key: object, name: string, place: Place, context: Context, evaluate_: () => T | null): T | null {
  if (context.active.has(key)) {
    context.sink.report(definedByItself, place, { name });
    return null;
  }
  if (context.limits.exceeded) return null;
  if (context.active.size >= deepest) {
    context.limits.exceeded = true;
    context.sink.report(tooDeep, place, { what: "definitions", limit: deepest });
    return null;
  }
  context.active.add(key);
  const value = evaluate_();
  context.active.delete(key);
  return value;
}

/** A declaration called: its fields, or the expression after `=`. */
export function declaredObjective(declared: Declared, given: Given, place: Place, context: Context): Made | null {
  const inner = bindParameters(declared, given, place, context);
  if (!inner) return null;
  const args = argumentValues(declared, inner(declared.scope), context);
  if (declared.value) {
    const made = objectiveOf(declared.value.expression, inner(declared.value.scope), undefined, context);
    return made && { tree: made.tree, arguments: args };
  }
  const before = context.sink.errors;
  const where = whereOf(declared, given, context);
  if (!where) return null;
  const values = checkFields(declared.fields, block.fields, where, context);
  if (!declared.incomplete) checkExactlyOne(block.exactly_one ?? [], declared.fields, where, context);
  if (context.sink.errors !== before || declared.incomplete) return null;
  const known = declared.scope.source.file === context.catalog.prelude.file;
  const common = { name: declared.name, place, arguments: known ? Object.fromEntries(Object.entries(args).flatMap(([name, value]) => (value.kind === "number" ? [[name, value.value]] : []))) : null };
  const tree = values.pair ? pairOf(values, common, declared, context) : corruptionOf(values, common, declared, context);
  return tree && { tree, arguments: args };
}

function argumentValues(declared: Declared, scope: Scope, context: Context): Values {
  const values: Record<string, Value> = {};
  for (const { name } of declared.parameters) {
    const binding = scope.bindings.get(name)?.[0];
    const value = binding?.kind === "parameter" && binding.thunk && couldBe(binding.thunk.expression, { what: "number" }, binding.thunk.scope, context) ? numberOf(binding.thunk, context) : null;
    if (value) values[name] = { ...value, origin: binding?.kind === "parameter" && binding.thunk ? binding.thunk.origin : value.origin };
  }
  return values;
}

type Common = Pick<Corruption, "name" | "place" | "arguments">;

function fieldPlace(declared: Declared, name: string): Place {
  return declared.fields.get(name)?.place ?? declared.place;
}

function pairOf(values: Values, common: Common, declared: Declared, context: Context): Pair | null {
  for (const name of ["noise", "input"]) {
    if (!values[name]) continue;
    context.sink.report(incompleteDeclaration, fieldPlace(declared, name), { field: name, because: "has no use in a pair: the pair builds the text, and a second objective corrupts it", needs: `remove it, and add the losses: \`${declared.name} + masked\`` });
    return null;
  }
  if (values.head?.kind !== "choice") {
    context.sink.report(incompleteDeclaration, fieldPlace(declared, "pair"), { field: "pair", because: "needs a head that tells its classes apart", needs: "add `head: nsp`, or another head of two classes" });
    return null;
  }
  return { kind: "pair", ...common, pair: (plain(values.pair) as Call).word, head: values.head.word };
}

function corruptionOf(values: Values, common: Common, declared: Declared, context: Context): Corruption | null {
  const target = (plain(values.target) as Call).word;
  const noise = values.noise ? (plain(values.noise) as Call) : null;
  const input = values.input?.kind === "shown" ? values.input.shown : null;
  const { place } = context.catalog.objectives.targets[target];
  const incomplete = (field: string, because: string, needs: string): null => {
    context.sink.report(incompleteDeclaration, fieldPlace(declared, field), { field, because, needs });
    return null;
  };
  if (noise && !input) return incomplete("noise", "says what is noised, but not what the input shows of it", "add `input: <mask>`, `input: drop`, …");
  if (input && !noise) return incomplete("input", "says what is shown of noised places, but nothing is noised", "add `noise: tokens(15%)`");
  if (!noise && place !== "before") return incomplete("target", `is \`${target}\`, but nothing is noised`, "add `noise: …` and `input: …`, or use `target: next`");
  const problem = noise && context.catalog.objectives.noises[noise.word].problem?.(noise.arguments);
  if (problem) return incomplete("noise", `needs ${problem}`, `write \`${noise!.word}(15%, mean: 3)\``);
  const misaligned = place === "apart" ? null : input?.find(({ shows }) => !shows.startsWith("<") && context.catalog.objectives.inputs[shows].length !== "tokens");
  if (misaligned) {
    context.sink.report(misalignedInput, fieldPlace(declared, "input"), { input: misaligned.shows, target });
    return null;
  }
  return { kind: "corruption", ...common, noise, input, target, head: values.head?.kind === "choice" ? values.head.word : place === "same" ? "mlm" : "lm" };
}

/** `in_turn`, `mixture`, `led_by`, `distill`, `match_hidden`. */
function combined(expression: Expression & { kind: "call" | "reference" }, scope: Scope, context: Context): Made | null {
  const word = dotted(expression.kind === "call" ? expression.target : expression);
  const place = at(scope, expression.span);
  const list = expression.kind === "call" ? expression.arguments : [];
  const least = word === "in_turn" || word === "led_by" ? 2 : 1;
  const positional = list.filter((argument) => !argument.name);
  if (positional.length < least) {
    context.sink.report(missingArgument, place, { callee: word, missing: word === "led_by" ? ["a token", "an objective"].slice(positional.length) : word === "in_turn" || word === "mixture" ? ["objectives"] : ["a run"] });
    return null;
  }
  if (word === "distill" || word === "match_hidden") return teacher(expression as CallNode, word, scope, context);
  const since = context.sink.errors;
  const slots = positional.map((_, i) => ({ name: `${i + 1}`, positional: true }));
  argumentsOf(list, word === "led_by" ? slots.slice(0, 2) : slots, word, scope, context);
  if (context.sink.errors !== since) return null;
  if (word === "led_by") {
    const token = evaluate(thunkOf(positional[0].value, scope), { type: "token" }, context);
    const inner = objectiveOf(positional[1].value, scope, undefined, context);
    return token?.kind === "token" && inner ? only({ kind: "led_by", token: token.name, objective: inner.tree, place }) : null;
  }
  if (word === "mixture") return mixture(positional.map((argument) => argument.value), place, scope, context);
  const parts = positional.map((argument) => objectiveOf(argument.value, scope, undefined, context));
  if (parts.some((part) => part === null)) return null;
  for (const part of parts) {
    if (part!.tree.kind === "corruption" && part!.tree.target === "everything") continue;
    context.sink.report(wrongCombination, part!.tree.place, { what: "what is no corruption with `target: everything`", where: "`in_turn`", instead: "give corruptions whose target is the original text: `infilling`, `token_deletion`, `sentence_permutation`, `rotation`, `deshuffling`" });
    return null;
  }
  return only({ kind: "in_turn", parts: parts.map((part) => part!.tree), place });
}

function mixture(list: readonly Expression[], place: Place, scope: Scope, context: Context): Made | null {
  const entries = list.map((expression) => {
    const bare = expression.kind === "group" ? expression.inner : expression;
    const found = weighted(bare, scope, context);
    const inner = found === null ? null : objectiveOf(found?.of ?? bare, scope, undefined, context);
    return inner && { weight: found?.weight ?? 1, percent: found?.percent ?? false, objective: inner.tree };
  });
  if (entries.some((entry) => entry === null)) return null;
  const given = entries.map((entry) => entry!);
  if (given.some((entry) => entry.percent)) {
    const total = given.reduce((sum, entry) => sum + (entry.percent ? entry.weight : 0), 0);
    if (given.some((entry) => !entry.percent) || Math.abs(total - 1) > 1e-9) {
      context.sink.report(objectiveShares, place, { total: Number((100 * total).toPrecision(6)), what: "the mixture" });
      return null;
    }
  }
  // A mixture in a mixture is one with the products of the weights.
  const flat = given.flatMap(({ weight, objective }) => {
    if (objective.kind !== "mixture") return [{ weight, objective }];
    const sum = objective.entries.reduce((total, entry) => total + entry.weight, 0);
    return objective.entries.map((entry) => ({ weight: (weight * entry.weight) / sum, objective: entry.objective }));
  });
  return only({ kind: "mixture", entries: flat, place });
}

function teacher(expression: CallNode, word: "distill" | "match_hidden", scope: Scope, context: Context): Made | null {
  const since = context.sink.errors;
  const given = argumentsOf(expression.arguments, [{ name: "run", positional: true }, ...Object.keys(combinators[word].parameters).map((name) => ({ name, positional: false }))], word, scope, context);
  const run = given.run && evaluate(given.run, { type: "declaration", kinds: ["pretrain"] }, context);
  const temperature = given.temperature ? evaluate(given.temperature, combinators.distill.parameters.temperature.type, context) : null;
  if (context.sink.errors !== since || run?.kind !== "declaration") return null;
  return only({ kind: word, run: run.declared.name, temperature: word === "match_hidden" ? null : temperature?.kind === "number" ? temperature.value : 1, place: at(scope, expression.span) });
}
