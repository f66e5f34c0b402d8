// Documents that are drawn: what they hold, and that they are the same everywhere.

import { expect, test } from "vitest";
import { randomStream } from "../../compiler/random.ts";
import { synthetic } from "../../runtime/synthetic/index.ts";

const draw = (word: keyof typeof synthetic, args: Record<string, number>): number[][] => Array.from({ length: 50 }, (_, i) => synthetic[word].draw(args, randomStream(0, "test", i)));

test("uniform: so many ids below the vocabulary, all of them", () => {
  const documents = draw("uniform", { vocab: 5, length: 40 });
  expect(documents.every((document) => document.length === 40)).toBe(true);
  expect([...new Set(documents.flat())].sort()).toEqual([0, 1, 2, 3, 4]);
});

const after = { copy: (ids: number[]) => ids, reverse: (ids: number[]) => ids.toReversed(), sort: (ids: number[]) => ids.toSorted((a, b) => a - b) };
for (const word of ["copy", "reverse", "sort"] as const) {
  test(`${word}: what follows the separator`, () => {
    for (const document of draw(word, { vocab: 12, length: 6 })) {
      expect(document).toHaveLength(13);
      expect(document[6]).toBe(11);
      expect(document.slice(7)).toEqual(after[word](document.slice(0, 6)));
      expect(Math.max(...document.slice(0, 6))).toBeLessThan(11);
    }
  });
}

test("addition: the sum is right, digit by digit", () => {
  for (const document of draw("addition", { digits: 3 })) {
    const text = document.map((id) => "0123456789+="[id]).join("");
    const [, a, b, sum] = /^(\d{3})\+(\d{3})=(\d{4})$/.exec(text)!;
    expect(Number(a) + Number(b)).toBe(Number(sum));
  }
});

test("no document holds more ids than are announced", () => {
  const args = { vocab: 12, length: 6, digits: 3, examples: 1 };
  for (const definition of Object.values(synthetic)) for (const document of draw(definition.word as keyof typeof synthetic, args)) expect(Math.max(...document)).toBeLessThan(definition.ids(args));
});
