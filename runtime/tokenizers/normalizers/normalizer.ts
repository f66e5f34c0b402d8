// The contract of normalizers: a text is changed before it is cut into pieces.

import type { Aligned } from "../text/aligned.ts";

export interface Normalizer {
  readonly apply: (text: string) => string;
  /** The same on a text that remembers where it came from. */
  readonly align: (text: Aligned) => Aligned;
}

/** A text that `apply` leaves alone needs no alignment. */
export function normalizer(apply: Normalizer["apply"], align: Normalizer["align"]): Normalizer {
  return { apply, align: (text) => (apply(text.text) === text.text ? text : align(text)) };
}

export function sequence(steps: readonly Normalizer[]): Normalizer {
  if (steps.length === 1) return steps[0];
  return {
    apply: (text) => steps.reduce((changed, step) => step.apply(changed), text),
    align: (text) => steps.reduce((changed, step) => step.align(changed), text),
  };
}
