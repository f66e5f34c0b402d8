// Splits: every document in one part, sizes by largest remainder, nothing that depends on a seed or on the order of keys.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentsOfPart, largestRemainder, stretchOfPart } from "../../runtime/data/split.ts";
import { problems } from "../files/temporary.ts";
import type { Parts } from "../../runtime/data/split.ts";

const shares = fc.constantFrom<Parts>({ train: 0.9, valid: 0.05, test: 0.05 }, { train: 90, valid: 5, test: 5 }, { a: 1 / 3, b: 1 / 3, c: 1 / 3 }, { train: 0.5, valid: 0.5 }, { all: 1 });

describe("by document", () => {
  it("puts every document into exactly one part", () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 400 }), shares, (count, parts) => {
        const all = Object.keys(parts).flatMap((part) => [...documentsOfPart(count, parts, part)]);
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it("rounds by largest remainder", () => {
    expect(largestRemainder(10, [0.9, 0.05, 0.05])).toEqual([9, 1, 0]);
    expect(largestRemainder(100, [0.07, 0.93])).toEqual([7, 93]);
    expect(largestRemainder(7, [0.5, 0.25, 0.25])).toEqual([3, 2, 2]);
    expect(largestRemainder(10, [0.5, 0.2])).toEqual([5, 2]);
  });

  it("does not depend on the order of keys, and never changes", () => {
    const one = documentsOfPart(138, { train: 0.9, valid: 0.05, test: 0.05 }, "valid");
    expect([...one]).toEqual([...documentsOfPart(138, { test: 5, valid: 5, train: 90 }, "valid")]);
    // Old runs were evaluated on these documents.
    expect([...one]).toEqual([52, 85, 98, 110, 121, 131, 132]);
  });

  it("refuses a part without documents and says what else would do", async () => {
    expect(await problems(() => documentsOfPart(1, { train: 90, valid: 10 }, "train"))).toEqual([
      "PT7005 1 document cannot be split into train 90%, valid 10%: `valid` would get none (add `by: position` to the split to cut each document into parts, or use `format: lines`)",
    ]);
  });
});

describe("by position", () => {
  const document = fc.array(fc.constantFrom("word ", "\n", "longer line without end ", "🙂", "é\r\n"), { maxLength: 80 }).map((parts) => parts.join(""));

  it("cuts a document into stretches that join to it, at line ends where there are any", () => {
    fc.assert(
      fc.property(document, shares, (text, parts) => {
        const stretches = Object.keys(parts).map((part) => stretchOfPart(text, parts, part)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(stretches.map(([start, end]) => text.slice(start, end)).join("")).toBe(text);
        for (const [start] of stretches) {
          if (start === 0 || start === text.length) continue;
          if (text.slice(0, -1).includes("\n")) expect(text[start - 1]).toBe("\n");
          expect(text.charCodeAt(start) & 0xfc00).not.toBe(0xdc00);
        }
      }),
    );
  });

  it("takes the line end nearest to the percentage", () => {
    const text = "aaaa\nbbbb\ncccc\ndddd\n";
    expect(stretchOfPart(text, { train: 0.6, valid: 0.4 }, "train")).toEqual([0, 10]);
    expect(stretchOfPart(text, { train: 0.6, valid: 0.4 }, "valid")).toEqual([10, 20]);
  });
});
