// What corruption asks of a tokenizer: which ids are special, which are ordinary, and where words begin.

import type { PlanTokenizer } from "../../compiler/plan/schema.ts";
import type { TokenFacts } from "../objectives/corrupt.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

export function tokenFacts(tokenizer: Tokenizer, plan: Pick<PlanTokenizer, "special"> | null): TokenFacts {
  const special = new Uint8Array(tokenizer.vocab);
  for (const id of [...(plan?.special ?? []).map(({ name }) => tokenizer.special(name)), ...tokenizer.sentinels]) if (id !== null) special[id] = 1;
  const ordinary: number[] = [];
  for (let id = 0; id < tokenizer.vocab; id++) if (!special[id] && tokenizer.text(id) !== "") ordinary.push(id);
  return {
    special,
    ordinary: Int32Array.from(ordinary),
    sentinels: tokenizer.sentinels,
    idOf(name) {
      const id = tokenizer.special(name);
      if (id === null) throw new Error(`the tokenizer has no <${name}>`);
      return id;
    },
    words: tokenizer.wordStarts,
  };
}
