// Reads a mask expression of the language (`causal & (query - key < 2)`) for tests of masks and attention, without the compiler.

import type { IndexExpression, MaskDefinition, MaskExpression } from "../../compiler/masks/define.ts";
import { masks } from "../../compiler/masks/index.ts";

type Either = IndexExpression | MaskExpression;
const registry = masks as { readonly [word: string]: MaskDefinition };

export function readMask(text: string): MaskExpression {
  const words = text.match(/\d+|[a-z_]\w*|[<>=!]=|[-+*/<>()&|,]/g) ?? [];
  let next = 0;
  const accept = (...wanted: string[]): string | null => (wanted.includes(words[next]) ? words[next++] : null);
  const binary = (operators: string[], operand: () => Either, join: (operator: string, left: Either, right: Either) => Either): Either => {
    let left = operand();
    for (let operator = accept(...operators); operator; operator = accept(...operators)) left = join(operator, left, operand());
    return left;
  };
  const or = (): Either => binary(["|"], and, (_, left, right) => ({ kind: "or", left: asMask(left), right: asMask(right) }));
  const and = (): Either => binary(["&"], negation, (_, left, right) => ({ kind: "and", left: asMask(left), right: asMask(right) }));
  const negation = (): Either => (accept("not") ? { kind: "not", operand: asMask(negation()) } : comparison());
  const comparison = (): Either => binary(["<", "<=", ">", ">=", "==", "!="], sum, (operator, left, right) => ({ kind: "compare", operator: operator as "<", left: asIndex(left), right: asIndex(right) }));
  const sum = (): Either => binary(["+", "-"], product, arithmetic);
  const product = (): Either => binary(["*", "/", "mod"], primary, arithmetic);
  const list = (): Either[] => {
    const values: Either[] = [];
    while (!accept(")")) {
      values.push(or());
      accept(",");
    }
    return values;
  };
  const primary = (): Either => {
    const word = words[next++];
    if (word === undefined) throw new Error(`mask \`${text}\` ends early`);
    if (/^\d/.test(word)) return { kind: "number", value: Number(word) };
    if (word === "(") {
      const inner = or();
      if (!accept(")")) throw new Error(`mask \`${text}\`: no )`);
      return inner;
    }
    if (word === "-") return arithmetic("-", { kind: "number", value: 0 }, primary());
    if (word === "abs" && accept("(")) return { kind: "abs", operand: asIndex(list()[0]) };
    if ((word === "min" || word === "max") && accept("(")) return list().reduce((left, right) => arithmetic(word, left, right));
    if (word === "query" || word === "key" || word === "prefix" || word === "length") return { kind: "variable", name: word };
    const mask = registry[word];
    if (!mask) throw new Error(`mask \`${text}\`: \`${word}\``);
    const values = accept("(") ? list().map((value) => (asIndex(value) as { value: number }).value) : [];
    return mask.predicate(Object.fromEntries(Object.keys(mask.parameters).map((name, i) => [name, values[i]])));
  };
  const result = asMask(or());
  if (next < words.length) throw new Error(`mask \`${text}\`: \`${words[next]}\``);
  return result;
}

function arithmetic(operator: string, left: Either, right: Either): Either {
  return { kind: "arithmetic", operator: operator as "+", left: asIndex(left), right: asIndex(right) };
}

function isIndex(value: Either): value is IndexExpression {
  return ["number", "variable", "arithmetic", "abs"].includes(value.kind);
}

function asIndex(value: Either): IndexExpression {
  if (!isIndex(value)) throw new Error(`a mask stands where a number is wanted: ${JSON.stringify(value)}`);
  return value;
}

/** `prefix` alone is the mask, not the length. */
function asMask(value: Either): MaskExpression {
  if (!isIndex(value)) return value;
  if (value.kind === "variable" && value.name === "prefix") return masks.prefix.predicate({});
  throw new Error(`a number stands where a mask is wanted: ${JSON.stringify(value)}`);
}
