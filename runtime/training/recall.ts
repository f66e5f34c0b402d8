// How well the two branches of a comparison find each other among held-out pairs (Radford et al. 2021, zero-shot retrieval).

import { top_k_recall } from "../metrics/top_k_recall.ts";

/** Unit vectors of both branches of a head, `width` numbers a pair, in the order of the pairs. */
export interface Sides { readonly width: number; readonly image: Float32Array; readonly text: Float32Array }

/**
 * A pair is looked for among at most so many, as among COCO's 5,000 test images: more pairs are cut, in their order, into groups of
 * equal size. It also bounds the products, which grow with the square.
 */
const mostCandidates = 5_000;

/** Share of pairs whose partner is among the k nearest, for images among texts and for texts among images. */
export function recallOf({ width, image, text }: Sides, k: number, most = mostCandidates): { readonly image_to_text: number; readonly text_to_image: number } {
  const pairs = image.length / width;
  const groups = Math.ceil(pairs / most);
  const found = { image_to_text: 0, text_to_image: 0 };
  for (let group = 0; group < groups; group++) {
    const [from, to] = [Math.floor((group * pairs) / groups), Math.floor(((group + 1) * pairs) / groups)];
    for (let query = from; query < to; query++) {
      found.image_to_text += isFound(image, text, query, from, to, width, k);
      found.text_to_image += isFound(text, image, query, from, to, width, k);
    }
  }
  return { image_to_text: found.image_to_text / pairs, text_to_image: found.text_to_image / pairs };
}

function isFound(queries: Float32Array, candidates: Float32Array, query: number, from: number, to: number, width: number, k: number): number {
  const scores = Array.from({ length: to - from }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < width; d++) sum += queries[query * width + d] * candidates[(from + i) * width + d];
    return sum;
  });
  const outcome = top_k_recall.compute([scores], [[query - from]], { k });
  return "problem" in outcome ? NaN : outcome.value!;
}

/** The vectors of several parts one after another. */
export function joinedSides(all: readonly Sides[]): Sides {
  const together = (which: "image" | "text"): Float32Array => {
    const whole = new Float32Array(all.reduce((sum, sides) => sum + sides[which].length, 0));
    let at = 0;
    for (const sides of all) {
      whole.set(sides[which], at);
      at += sides[which].length;
    }
    return whole;
  };
  return { width: all[0].width, image: together("image"), text: together("text") };
}
