// What differs between two resolved runs, models or files: values and layers, not text. Order, formatting, names of lets
// and of models, and where a value was written make no difference.

import { positionAt, type Place, type Position } from "../grammar/diagnostics/define.ts";
import type { Architecture, Head, Step } from "./architecture.ts";
import { instancesOf } from "./architecture.ts";
import type { CheckResult } from "./check.ts";
import { partsOfFile, type Part } from "./parts.ts";
import { createSink } from "./phases/1-resolve/program.ts";
import { instantiate } from "./phases/2-check/model.ts";
import { maskText, resolvedText, valueText } from "./value-text.ts";
import { plain } from "./phases/2-check/values.ts";
import type { MaskExpression } from "./masks/define.ts";

export interface Side { readonly value: string; /** How it came: `written`, `default`, … */ readonly how: string; readonly file: string | null; readonly start: Position | null }
export interface Difference { readonly path: string; /** Null where this side has nothing. */ readonly a: Side | null; readonly b: Side | null; /** Paths alike that differ alike, this one included. */ readonly places: number }

/** What a path of a side is, and where it was written. */
interface Leaf { readonly text: string; /** Equal for equal meanings: `10%` and `0.1`. */ readonly key: string; readonly how: string; readonly place: Place | null }
type Leaves = Map<string, Leaf>;

/** One declaration of each, by name. Null where there is none of that name. */
export function diffDeclarations(a: CheckResult, nameA: string, b: CheckResult, nameB: string): Difference[] | null {
  const [left, right] = [leavesOf(a, nameA), leavesOf(b, nameB)];
  return left && right && compare(left, right);
}

/** All declarations of two files, matched by name. */
export function diffFiles(a: CheckResult, b: CheckResult): Difference[] {
  const names = (result: CheckResult): string[] => result.scope.declarations.map((declared) => declared.name);
  const [left, right] = [new Set(names(a)), new Set(names(b))];
  const all = [...new Set([...left, ...right])];
  const seen = new Set<string>();
  // Runs last: what they only pass on is reported where it is declared.
  const isRun = (name: string): boolean => a.runs.has(name) || b.runs.has(name);
  return [...all.filter((name) => !isRun(name)), ...all.filter(isRun)].flatMap((name): Difference[] => {
    if (!left.has(name) || !right.has(name)) return [whole(name, left.has(name) ? a : null, right.has(name) ? b : null)];
    return (diffDeclarations(a, name, b, name) ?? []).flatMap((difference) => {
      const key = JSON.stringify([difference.a, difference.b]);
      if (seen.has(key) && difference.a?.start && difference.b?.start) return [];
      seen.add(key);
      return [{ ...difference, path: difference.path ? `${name}.${difference.path}` : name }];
    });
  });
}

function whole(name: string, a: CheckResult | null, b: CheckResult | null): Difference {
  const side = (result: CheckResult | null): Side | null => {
    const declared = result?.scope.declarations.find((one) => one.name === name);
    return declared ? sideOf({ text: `${declared.word} ${name}`, key: "", how: "written", place: declared.place }) : null;
  };
  return { path: name, a: side(a), b: side(b), places: 1 };
}

function leavesOf(result: CheckResult, name: string): Leaves | null {
  const part = partsOfFile(result).get(name);
  if (!part) return null;
  const leaves: Leaves = new Map();
  collect(part, "", leaves);
  const needed = part.declared?.value ? part.declared.parameters.filter((parameter) => !parameter.value).length : 0;
  if (needed) leaves.set("parameters", { text: String(needed), key: String(needed), how: "written", place: part.declared!.place });
  const run = result.runs.get(name);
  const architecture = run?.architecture ?? (part.declared?.word === "model" ? defaultArchitecture(part, result) : null);
  if (architecture) collectLayers(architecture, run?.heads ?? architecture.heads, run ? "model." : "", leaves);
  return leaves;
}

function defaultArchitecture({ declared }: Part, result: CheckResult): Architecture | null {
  if (!declared || declared.parameters.some((parameter) => !parameter.value)) return null;
  return instantiate(declared, {}, { place: declared.place }, { ...result.context, sink: createSink() });
}

/** Leaves of a value by path; the name of a declaration is none. */
function collect(part: Part, path: string, leaves: Leaves): void {
  const below = (name: string): string => (path ? `${path}.${name}` : name);
  const { value } = part;
  const leaf = (text: string, key = text): Leaf => ({ text, key, how: part.origin?.how ?? "written", place: part.origin?.place ?? null });
  if (value?.kind === "call") leaves.set(path, leaf(value.word));
  else if (value?.kind === "data" && value.part !== null) leaves.set(below("part"), leaf(value.part));
  else if (value && !["section", "declaration", "data"].includes(value.kind)) leaves.set(path, leaf(valueText(value), JSON.stringify(plain(value))));
  for (const [name, inner] of part.parts()) collect(inner, below(name), leaves);
}

const order = " (order)";

/** Layers by the names of their weights, and how they are put together. */
function collectLayers(architecture: Architecture, heads: readonly Head[], prefix: string, leaves: Leaves): void {
  for (const { path, definition, args, place, places } of instancesOf(architecture, heads)) {
    const leaf = (text: string, where = place): Leaf => ({ text, key: text, how: "written", place: where });
    leaves.set(prefix + path, leaf(definition.word));
    for (const [name, value] of Object.entries(args)) leaves.set(`${prefix}${path}.${name}`, leaf(name === "mask" ? maskText(value as unknown as MaskExpression) : resolvedText(value), places[name]));
  }
  const structure = (path: string, steps: readonly Step[], place: Place): void => {
    const text = stepsText(steps);
    leaves.set(`${prefix}${path}${order}`, { text, key: text, how: "written", place });
    const repeats = (inner: readonly Step[]): void => {
      for (const step of inner) {
        if (step.kind === "repeat") step.copies.forEach((copy, i) => structure(`${step.path}.${i}`, copy, place));
        else if (step.kind === "parallel") repeats(step.members);
        else if (step.kind !== "layer") repeats(step.body);
      }
    };
    repeats(steps);
  };
  for (const stack of architecture.stacks) structure(stack.path, stack.body, stack.place);
  for (const head of heads) structure(head.name, head.body, head.place);
}

function stepsText(steps: readonly Step[]): string {
  return steps.map((step): string => {
    switch (step.kind) {
      case "layer":
        return step.instance.path === step.path ? step.instance.definition.word : `${step.instance.definition.word} shared with ${step.instance.path}`;
      case "parallel":
        return `parallel { ${stepsText(step.members)} }`;
      case "repeat":
        return `repeat ${step.copies.length}`;
      default:
        return `${step.kind} { ${stepsText(step.body)} }`;
    }
  }).join(" ");
}

function compare(a: Leaves, b: Leaves): Difference[] {
  const groups = new Map<string, Difference>();
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(path), b.get(path)];
    if (left?.key === right?.key) continue;
    if ((!left || !right) && followsFromAnother(path, left ? a : b, left ? b : a)) continue;
    const alike = path.replace(/(layers(?:_\d+)?)\.\d+/g, "$1.*");
    const key = JSON.stringify([alike, left?.text, right?.text]);
    const known = groups.get(key);
    groups.set(key, known ? { ...known, path: alike, places: known.places + 1 } : { path, a: left ? sideOf(left) : null, b: right ? sideOf(right) : null, places: 1 });
  }
  return [...groups.values()];
}

/** What only one side has, and what is reported without it: see each line. */
function followsFromAnother(path: string, own: Leaves, other: Leaves): boolean {
  // A parameter that only one model has shows in its layers.
  if (isParameter(path, own.get(path)!)) return true;
  // A further copy of a repeat: the number of copies differs.
  const copy = /^(.*layers(?:_\d+)?)\.(\d+)(?=$|[. ])/.exec(path);
  if (copy && copy[2] !== "0" && other.has(`${copy[1]}.0${order}`) && !other.has(`${copy[0]}${order}`)) return true;
  // An argument of a layer that only one side has.
  const parent = path.slice(0, path.lastIndexOf("."));
  return own.has(parent) && !other.has(parent);
}

function isParameter(path: string, leaf: Leaf): boolean {
  return /^(model\.)?[a-z_]\w*$/.test(path) && ["parameter", "argument", "tokenizer", "assumed"].includes(leaf.how);
}

function sideOf({ text, how, place }: Leaf): Side {
  return { value: text, how, file: place?.file ?? null, start: place ? positionAt(place.text, place.span.start) : null };
}
