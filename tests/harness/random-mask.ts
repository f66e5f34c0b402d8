// Random mask expressions: a text of the language beside what it means, written a second time as plain functions.

import fc from "fast-check";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { callMask } from "../../compiler/mask-call.ts";
import { checkText } from "./compiling.ts";

export interface Pair { readonly query: number; readonly key: number; readonly prefix: number; readonly length: number; readonly same: boolean }
interface Written<Meaning> { readonly text: string; readonly of: (at: Pair) => Meaning }
export type RandomMask = Written<boolean>;

const comparisons: readonly (readonly [string, (a: number, b: number) => boolean])[] = [
  ["<", (a, b) => a < b], ["<=", (a, b) => a <= b], [">", (a, b) => a > b], [">=", (a, b) => a >= b], ["==", (a, b) => a === b], ["!=", (a, b) => a !== b],
];

/** Only what `exactClass` may claim something of: whole numbers, no `mod`, no `length`, no quotients. */
export interface Kinds { readonly whole?: boolean; readonly documents?: boolean }

export function randomMask({ whole = false, documents = true }: Kinds = {}): fc.Arbitrary<RandomMask> {
  const { mask } = fc.letrec<{ mask: Written<boolean>; index: Written<number> }>((tie) => {
    const [mask, index] = [tie("mask"), tie("index")];
    const number = fc.integer({ min: 0, max: 12 });
    const variable = fc.constantFrom<Written<number>>(
      { text: "query", of: (at: Pair) => at.query }, { text: "key", of: (at: Pair) => at.key }, { text: "prefix", of: (at: Pair) => at.prefix },
      ...(whole ? [] : [{ text: "length", of: (at: Pair) => at.length }]),
    );
    const two = fc.tuple(index, index);
    const positive = fc.integer({ min: 1, max: 7 });
    return {
      index: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        number.map((n) => ({ text: String(n), of: () => n })),
        { arbitrary: variable, weight: 3 },
        two.map(([a, b]) => ({ text: `(${a.text} - ${b.text})`, of: (at: Pair) => a.of(at) - b.of(at) })),
        two.map(([a, b]) => ({ text: `(${a.text} + ${b.text})`, of: (at: Pair) => a.of(at) + b.of(at) })),
        index.map((a) => ({ text: `abs(${a.text})`, of: (at: Pair) => (a.of(at) < 0 ? -a.of(at) : a.of(at)) })),
        two.map(([a, b]) => ({ text: `min(${a.text}, ${b.text})`, of: (at: Pair) => (a.of(at) < b.of(at) ? a.of(at) : b.of(at)) })),
        fc.tuple(index, index, index).map(([a, b, c]) => ({ text: `max(${a.text}, ${b.text}, ${c.text})`, of: (at: Pair) => [a, b, c].map((one) => one.of(at)).sort((x, y) => y - x)[0] })),
        index.map((a) => ({ text: `(-${a.text})`, of: (at: Pair) => -1 * a.of(at) })),
        fc.tuple(index, positive).map(([a, n]) => ({ text: `(${n} * ${a.text})`, of: (at: Pair) => a.of(at) * n })),
        ...(whole
          ? []
          : [
              fc.tuple(index, positive).map(([a, n]) => ({ text: `(${a.text} mod ${n})`, of: (at: Pair) => a.of(at) - n * Math.floor(a.of(at) / n) })),
              fc.tuple(index, fc.constantFrom(2, 4)).map(([a, n]) => ({ text: `(${a.text} / ${n})`, of: (at: Pair) => a.of(at) / n })),
              two.map(([a, b]) => ({ text: `(${a.text} * ${b.text})`, of: (at: Pair) => a.of(at) * b.of(at) })),
            ]),
      ),
      mask: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom<Written<boolean>>({ text: "full", of: () => true }, { text: "causal", of: (at: Pair) => at.query >= at.key }, { text: "prefix", of: (at: Pair) => at.query >= at.key || at.prefix > at.key }, ...(documents ? [{ text: "document", of: (at: Pair) => at.same }] : [])),
        positive.map((n) => ({ text: `window(${n})`, of: (at: Pair) => at.query - at.key < n && at.key - at.query < n })),
        positive.map((n) => ({ text: `global(${n})`, of: (at: Pair) => Math.min(at.query, at.key) < n })),
        { weight: 3, arbitrary: fc.tuple(index, fc.constantFrom(...comparisons), index).map(([a, [word, holds], b]) => ({ text: `(${a.text} ${word} ${b.text})`, of: (at: Pair) => holds(a.of(at), b.of(at)) })) },
        { weight: 2, arbitrary: fc.tuple(mask, mask).map(([a, b]) => ({ text: `(${a.text} & ${b.text})`, of: (at: Pair) => (a.of(at) ? b.of(at) : false) })) },
        { weight: 2, arbitrary: fc.tuple(mask, mask).map(([a, b]) => ({ text: `(${a.text} | ${b.text})`, of: (at: Pair) => (a.of(at) ? true : b.of(at)) })) },
        mask.map((a) => ({ text: `(not ${a.text})`, of: (at: Pair) => !a.of(at) })),
      ),
    };
  });
  return mask;
}

const nothing = checkText("");

/** Through the language, as `pt show` reads it. */
export function compileMask(text: string): MaskExpression {
  const called = callMask(text, nothing);
  if ("diagnostics" in called) throw new Error(`${text}: ${called.diagnostics.map((one) => one.message).join("; ")}`);
  return called.mask;
}
