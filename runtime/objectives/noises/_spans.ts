// Stretches from marks, and random choices without replacement.

import type { RandomStream } from "../../../compiler/random.ts";
import type { Span } from "./define.ts";

/** Runs of marked tokens: neighbours are one stretch. */
export function spansOf(marks: ArrayLike<number | boolean>): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < marks.length; i++) {
    if (!marks[i]) continue;
    const start = i;
    while (i + 1 < marks.length && marks[i + 1]) i++;
    spans.push({ start, length: i + 1 - start });
  }
  return spans;
}

/** Marks `count` of n, each set of them equally likely (Fisher–Yates, as far as needed). */
export function choose(n: number, count: number, random: RandomStream): Uint8Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const marks = new Uint8Array(n);
  for (let i = 0; i < count; i++) {
    const j = i + random.below(n - i);
    [order[i], order[j]] = [order[j], order[i]];
    marks[order[i]] = 1;
  }
  return marks;
}

/** Cuts n into `parts` lengths of at least 1, each way equally likely. */
export function segments(n: number, parts: number, random: RandomStream): number[] {
  const cuts = choose(n - 1, parts - 1, random);
  const lengths: number[] = [];
  let length = 1;
  for (const cut of cuts) {
    if (cut) {
      lengths.push(length);
      length = 0;
    }
    length++;
  }
  return [...lengths, length];
}
