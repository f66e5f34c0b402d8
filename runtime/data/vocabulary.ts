// What corruption asks of a tokenizer: which ids are special, which are ordinary, and where words begin.

import type { PlanTokenizer } from "../../compiler/plan/schema.ts";
import type { TokenFacts } from "../objectives/corrupt.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

export function tokenFacts(tokenizer: Tokenizer, plan: Pick<PlanTokenizer, "special"> | null): TokenFacts {
  const special = new Uint8Array(tokenizer.vocab);
  for (const id of [...(plan?.special ?? []).map(({ name }) => tokenizer.special(name)), ...tokenizer.sentinels]) if (id !== null) special[id] = 1;
  const ordinary: number[] = [];
  for (let id = 0; id < tokenizer.vocab; id++) if (!special[id] && tokenizer.text(id) !== "") ordinary.push(id);
  let edges: { readonly opens: Uint8Array; readonly closes: Uint8Array } | null = null;
  return {
    special,
    ordinary: Int32Array.from(ordinary),
    sentinels: tokenizer.sentinels,
    idOf(name) {
      const id = tokenizer.special(name);
      if (id === null) throw new Error(`the tokenizer has no <${name}>`);
      return id;
    },
    words(ids) {
      edges ??= edgesOf(tokenizer);
      const { opens, closes } = edges;
      return Uint8Array.from(Array.from(ids), (id, i) => (i === 0 || opens[id] || closes[ids[i - 1]] ? 1 : 0));
    },
  };
}

const letter = /[\p{L}\p{N}\p{M}]/u;

/** Ids whose text cannot go on with a word, and those after which none goes on: white space, punctuation, `▁`; `##` goes on. */
function edgesOf(tokenizer: Tokenizer): { opens: Uint8Array; closes: Uint8Array } {
  const opens = new Uint8Array(tokenizer.vocab);
  const closes = new Uint8Array(tokenizer.vocab);
  const hashes = Array.from({ length: tokenizer.vocab }, (_, id) => tokenizer.text(id)).some((text) => /^##./u.test(text));
  for (let id = 0; id < tokenizer.vocab; id++) {
    const text = tokenizer.text(id);
    const goesOn = hashes ? /^##./u.test(text) : letter.test([...text][0] ?? "") || /^<0x[0-9A-F]{2}>$/u.test(text);
    opens[id] = goesOn ? 0 : 1;
    closes[id] = letter.test([...text].at(-1) ?? "") || /^<0x[89A-F][0-9A-F]>$/u.test(text) ? 0 : 1;
  }
  return { opens, closes };
}
