// An objective as it was written, names followed and numbers filled in: corruptions and pairs, and what combines them.

import { printExpression } from "../../grammar/print-ast.ts";
import type { Argument, Expression, Reference } from "../../grammar/ast.ts";
import type { Place } from "../../grammar/diagnostics/define.ts";
import type { Call } from "../plan/schema.ts";
import type { PlanShown } from "./plan.ts";

interface Node { /** Where it was named. */ readonly place: Place }

/** A declaration with its fields. `arguments` are those of an objective that is known everywhere, which a text may name again. */
export interface Corruption extends Node {
  readonly kind: "corruption";
  readonly name: string;
  readonly arguments: { readonly [name: string]: number } | null;
  readonly noise: Call | null;
  readonly input: readonly PlanShown[] | null;
  readonly target: string;
  readonly head: string;
}

export interface Pair extends Node {
  readonly kind: "pair";
  readonly name: string;
  readonly arguments: { readonly [name: string]: number } | null;
  readonly pair: string;
  readonly head: string;
}

export interface Sum extends Node { readonly kind: "sum"; readonly terms: readonly { readonly weight: number; readonly objective: ObjectiveTree }[] }
export interface Mixture extends Node { readonly kind: "mixture"; readonly entries: readonly { readonly weight: number; readonly objective: ObjectiveTree }[] }
export interface InTurn extends Node { readonly kind: "in_turn"; readonly parts: readonly ObjectiveTree[] }
export interface Led extends Node { readonly kind: "led_by"; readonly token: string; readonly objective: ObjectiveTree }
interface TeacherFields extends Node { readonly run: string; readonly temperature: number | null }
export interface Distill extends TeacherFields { readonly kind: "distill" }
export interface MatchHidden extends TeacherFields { readonly kind: "match_hidden" }

export type ObjectiveTree = Corruption | Pair | Sum | Mixture | InTurn | Led | Distill | MatchHidden;

const nowhere = { start: 0, end: 0 } as const;
const name = (text: string) => ({ kind: "name", text, span: nowhere }) as const;
const reference = (text: string): Reference => ({ kind: "reference", parts: [name(text)], span: nowhere });
const number = (value: number): Expression => ({ kind: "number", value, raw: String(value).replace("e+", "e"), percent: false, span: nowhere });

export function leavesOf(tree: ObjectiveTree): (Corruption | Pair)[] {
  switch (tree.kind) {
    case "corruption":
    case "pair":
      return [tree];
    case "sum":
      return tree.terms.flatMap((term) => leavesOf(term.objective));
    case "mixture":
      return tree.entries.flatMap((entry) => leavesOf(entry.objective));
    case "in_turn":
      return tree.parts.flatMap(leavesOf);
    case "led_by":
      return leavesOf(tree.objective);
    default:
      return [];
  }
}

/** As an expression of the language; `nameOf` gives the name under which a declared objective stands in the text. */
export function treeExpression(tree: ObjectiveTree, nameOf: (leaf: Corruption | Pair) => string): Expression {
  const again = (inner: ObjectiveTree): Expression => treeExpression(inner, nameOf);
  const call = (word: string, list: readonly { readonly name?: string; readonly value: Expression }[]): Expression =>
    ({ kind: "call", target: reference(word), arguments: list.map((item): Argument => ({ kind: "argument", ...(item.name ? { name: name(item.name) } : {}), value: item.value, span: nowhere })), span: nowhere });
  const weighted = (weight: number, inner: ObjectiveTree): Expression => {
    const value = again(inner);
    if (weight === 1) return value;
    const grouped: Expression = value.kind === "binary" ? { kind: "group", inner: value, span: nowhere } : value;
    return { kind: "binary", operator: "*", left: number(weight), right: grouped, span: nowhere };
  };
  switch (tree.kind) {
    case "corruption":
    case "pair":
      return tree.arguments && Object.keys(tree.arguments).length ? call(nameOf(tree), Object.entries(tree.arguments).map(([key, value]) => ({ name: key, value: number(value) }))) : reference(nameOf(tree));
    case "sum":
      return tree.terms.map(({ weight, objective }) => weighted(weight, objective)).reduce((left, right): Expression => ({ kind: "binary", operator: "+", left, right, span: nowhere }));
    case "mixture":
      return call("mixture", tree.entries.map(({ weight, objective }) => ({ value: weighted(weight, objective) })));
    case "in_turn":
      return call("in_turn", tree.parts.map((part) => ({ value: again(part) })));
    case "led_by":
      return call("led_by", [{ value: { kind: "token", name: tree.token, span: nowhere } }, { value: again(tree.objective) }]);
    default:
      return call(tree.kind, [{ value: reference(tree.run) }, ...(tree.temperature === null ? [] : [{ name: "temperature", value: number(tree.temperature) }])]);
  }
}

export function objectiveText(tree: ObjectiveTree): string {
  return printExpression(treeExpression(tree, (leaf) => leaf.name));
}

/** The fields of a declared objective with every value filled in. */
export function leafFields(leaf: Corruption | Pair): [field: string, value: Expression][] {
  if (leaf.kind === "pair") return [["pair", reference(leaf.pair)], ["head", reference(leaf.head)]];
  return [
    ...(leaf.noise ? [["noise", callExpression(leaf.noise)] as [string, Expression]] : []),
    ...(leaf.input ? [["input", shownExpression(leaf.input)] as [string, Expression]] : []),
    ["target", reference(leaf.target)],
    ["head", reference(leaf.head)],
  ];
}

function callExpression({ word, arguments: args }: Call): Expression {
  const list = Object.entries(args).map(([key, value]): Argument => ({ kind: "argument", name: name(key), value: typeof value === "number" ? number(value) : reference(String(value)), span: nowhere }));
  return list.length ? { kind: "call", target: reference(word), arguments: list, span: nowhere } : reference(word);
}

function shownExpression(shown: readonly PlanShown[]): Expression {
  const one = (shows: string): Expression => (shows.startsWith("<") ? { kind: "token", name: shows.slice(1, -1), span: nowhere } : reference(shows));
  if (shown.length === 1) return one(shown[0].shows);
  return shown.map(({ share, shows }): Expression => ({ kind: "binary", operator: "*", left: number(share), right: one(shows), span: nowhere }))
    .reduce((left, right): Expression => ({ kind: "binary", operator: "+", left, right, span: nowhere }));
}

/** What a leaf comes to, without its name and place: two of the same content are one objective. */
export function contentOf(leaf: Corruption | Pair): string {
  const { place: _, name: _name, ...content } = leaf;
  return JSON.stringify(content);
}

/** One declaration called with other arguments is another objective: the second of a name is `name_2`. */
export function distinctNames(tree: ObjectiveTree): ObjectiveTree {
  const taken = new Map<string, string>();
  const title = (leaf: Corruption | Pair): string => {
    if (leaf.arguments) return leaf.name;
    const content = contentOf(leaf);
    let free = leaf.name;
    for (let i = 2; taken.has(free) && taken.get(free) !== content; i++) free = `${leaf.name}_${i}`;
    taken.set(free, content);
    return free;
  };
  const renamed = (node: ObjectiveTree): ObjectiveTree => {
    switch (node.kind) {
      case "corruption":
      case "pair":
        return { ...node, name: title(node) };
      case "sum":
        return { ...node, terms: node.terms.map((term) => ({ ...term, objective: renamed(term.objective) })) };
      case "mixture":
        return { ...node, entries: node.entries.map((entry) => ({ ...entry, objective: renamed(entry.objective) })) };
      case "in_turn":
        return { ...node, parts: node.parts.map(renamed) };
      case "led_by":
        return { ...node, objective: renamed(node.objective) };
      default:
        return node;
    }
  };
  return renamed(tree);
}
