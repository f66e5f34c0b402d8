// Values as texts of the language, for people: provenance, differences.

import { printExpression } from "../grammar/print-ast.ts";
import type { IndexExpression, MaskDefinition, MaskExpression } from "./masks/define.ts";
import { masks } from "./masks/index.ts";
import type { PlanShown } from "./objectives/plan.ts";
import { objectiveText } from "./objectives/tree.ts";
import { templateLiteral } from "./phases/spec-expressions.ts";
import type { Resolved } from "./plan/schema.ts";
import type { Value } from "./phases/2-check/values.ts";

export function valueText(value: Value): string {
  switch (value.kind) {
    case "number":
      return numberText(value.value, value.unit, value.percent);
    case "text":
      return JSON.stringify(value.value);
    case "template":
      return templateLiteral(value.text.template).raw;
    case "prompt":
      return `${templateLiteral(value.inputs.template).raw} -> ${templateLiteral(value.targets.template).raw}`;
    case "switch":
      return value.value ? "on" : "off";
    case "token":
      return `<${value.name}>`;
    case "choice":
      return value.word;
    case "call": {
      const list = Object.entries(value.arguments).map(([name, argument]) => `${name}: ${valueText(argument)}`);
      return list.length ? `${value.word}(${list.join(", ")})` : value.word;
    }
    case "mixture":
      return `mixture(${value.entries.map(({ weight, percent, value: inner }) => (weight === 1 && !percent ? valueText(inner) : `${numberText(weight, null, percent)} * ${valueText(inner)}`)).join(", ")})`;
    case "mask":
      return maskText(value.mask);
    case "objective":
      return objectiveText(value.objective);
    case "shown":
      return shownText(value.shown);
    case "declaration": {
      const list = Object.entries(value.arguments).map(([name, thunk]) => `${name}: ${thunk.injected === undefined ? printExpression(thunk.expression) : thunk.injected}`);
      return list.length ? `${value.declared.name}(${list.join(", ")})` : value.declared.name;
    }
    case "data":
      return value.part === null ? value.declared.name : `${value.declared.name}.${value.part}`;
    case "list":
      return `[${value.items.map(valueText).join(", ")}]`;
    case "section":
      return `{ ${Object.entries(value.fields).map(([name, inner]) => (inner.kind === "section" ? `${name} ${valueText(inner)}` : `${name}: ${valueText(inner)}`)).join("  ")} }`;
  }
}

/** `<mask>`, or `80% * <mask> + 20% * keep`. */
export function shownText(shown: readonly PlanShown[]): string {
  return shown.map(({ share, shows }) => (shown.length === 1 ? shows : `${numberText(share, null, true)} * ${shows}`)).join(" + ");
}

export function numberText(value: number, unit: string | null = null, percent = false): string {
  if (percent || unit === "percent") return `${Number((unit === "percent" ? value : 100 * value).toPrecision(12))}%`;
  const grouped = Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value).replace(/\B(?=(\d{3})+$)/g, "_") : String(value);
  const digits = value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : Math.abs(value) < 10_000 ? String(value) : grouped.replace("e+", "e");
  if (unit === "tokens_per_parameter") return `tokens_per_parameter(${digits})`;
  return unit === null ? digits : `${digits} ${{ bytes: "B", time: "s" }[unit] ?? unit}`;
}

/** A predicate with as few parentheses as its operators need. */
export function maskText(mask: MaskExpression): string {
  const known = wordOfMask(mask);
  if (known !== null) return known;
  switch (mask.kind) {
    case "constant":
      return mask.value ? "full" : "not full";
    case "document":
      return "document";
    case "not":
      return `not ${wordOfMask(mask.operand) === null && ["and", "or", "compare"].includes(mask.operand.kind) ? `(${maskText(mask.operand)})` : maskText(mask.operand)}`;
    case "and":
      return [mask.left, mask.right].map((side) => (side.kind === "or" && wordOfMask(side) === null ? `(${maskText(side)})` : maskText(side))).join(" & ");
    case "or":
      return `${maskText(mask.left)} | ${maskText(mask.right)}`;
    case "compare":
      return `${indexText(mask.left)} ${mask.operator} ${indexText(mask.right)}`;
  }
}

function indexText(index: IndexExpression): string {
  switch (index.kind) {
    case "number":
      return String(index.value);
    case "variable":
      return index.name;
    case "abs":
      return `abs(${indexText(index.operand)})`;
    case "arithmetic": {
      if (index.operator === "min" || index.operator === "max") return `${index.operator}(${indexText(index.left)}, ${indexText(index.right)})`;
      const inner = (side: IndexExpression): string => (side.kind === "arithmetic" && side.operator !== "min" && side.operator !== "max" ? `(${indexText(side)})` : indexText(side));
      return `${inner(index.left)} ${index.operator} ${inner(index.right)}`;
    }
  }
}

/** `causal`, `window(8)`: the word whose predicate this is. */
function wordOfMask(mask: MaskExpression): string | null {
  const text = JSON.stringify(mask);
  const numbers = [...new Set([...text.matchAll(/"kind":"number","value":(-?[\d.e+-]+)/g)].map((match) => Number(match[1])))];
  for (const { word, parameters, predicate } of Object.values(masks as Readonly<Record<string, MaskDefinition>>)) {
    const names = Object.keys(parameters);
    if (names.length > 1 || (names.length === 1 && numbers.length !== 1)) continue;
    if (JSON.stringify(predicate(names.length ? { [names[0]]: numbers[0] } : {})) === text) return names.length ? `${word}(${numbers[0]})` : word;
  }
  return null;
}

/** A plain value as text of the language. */
export function resolvedText(value: Resolved | undefined): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string" || value === null || value === undefined) return String(value ?? "");
  if (Array.isArray(value)) return `[${value.map(resolvedText).join(", ")}]`;
  const record = value as { readonly [name: string]: Resolved };
  if (typeof record.token === "string") return `<${record.token}>`;
  if (typeof record.unit === "string") return numberText(record.value as number, record.unit);
  if (typeof record.word !== "string") return JSON.stringify(value);
  const list = Object.entries(record.arguments as { readonly [name: string]: Resolved }).map(([name, inner]) => `${name}: ${resolvedText(inner)}`);
  return list.length ? `${record.word}(${list.join(", ")})` : record.word;
}
