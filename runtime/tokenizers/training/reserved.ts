// Special tokens and sentinels as added tokens, one id after another.

import { sentinelText } from "../define.ts";
import type { AddedToken } from "../text/added.ts";

export function reservedTokens(special: readonly string[], sentinels: number, firstId: number): AddedToken[] {
  const contents = [...special, ...Array.from({ length: sentinels }, (_, i) => sentinelText(i))];
  return contents.map((content, i) => ({ id: firstId + i, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }));
}
