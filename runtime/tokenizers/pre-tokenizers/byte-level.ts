// GPT-2's pre-tokenizer (Radford et al. 2019): words with the space before them, numbers, other signs, white space.

import type { CutStep } from "./step.ts";

// `\s` of JavaScript is not White_Space of Unicode (U+FEFF is in one, U+0085 in the other); the library's regex means the latter.
const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

export function byteLevelStep(prefixSpace: boolean, regex: boolean): CutStep {
  return {
    ...(prefixSpace ? { prepare: (text, { head }) => (head && !text.startsWith(" ") ? ` ${text}` : text) } : {}),
    ...(regex ? { cut: (text) => text.match(gpt2) ?? [] } : {}),
    breaks: regex ? /\p{White_Space}/u : null,
  };
}
