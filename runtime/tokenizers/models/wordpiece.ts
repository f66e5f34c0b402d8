// WordPiece: the longest token that a word begins with, again and again (Wu et al. 2016, as BERT reads it).

import { makeTrie } from "./trie.ts";
import type { Model } from "./model.ts";

export interface WordPieceSettings {
  readonly idOf: ReadonlyMap<string, number>;
  /** Ids that text never becomes: special tokens. */
  readonly hidden: ReadonlySet<number>;
  readonly unknown: number;
  /** What tokens inside a word begin with: `##`. */
  readonly prefix: string;
  /** Longer words are unknown as a whole. In code points. */
  readonly longest: number;
}

export function wordPieceModel({ idOf, hidden, unknown, prefix, longest }: WordPieceSettings): Model {
  const initial = makeTrie(4 * idOf.size);
  const inner = makeTrie(4 * idOf.size);
  for (const [token, id] of idOf) {
    if (hidden.has(id)) continue;
    initial.insert(token, id);
    if (token.startsWith(prefix) && token.length > prefix.length) inner.insert(token.slice(prefix.length), id);
  }
  const whole = { ids: [unknown], ranges: null };
  return {
    surface: null,
    tokenize(word) {
      if (word.length > longest && [...word].length > longest) return whole;
      const ids: number[] = [];
      const ranges: number[] = [];
      for (let at = 0; at < word.length; ) {
        const trie = at === 0 ? initial : inner;
        let id = -1;
        let end = at;
        for (let i = at, node = 0; i < word.length; ) {
          node = trie.next(node, word.charCodeAt(i++));
          if (node < 0) break;
          if (trie.idAt(node) < 0) continue;
          id = trie.idAt(node);
          end = i;
        }
        if (id < 0) return whole;
        ids.push(id);
        ranges.push(at, end);
        at = end;
      }
      return { ids, ranges };
    },
  };
}
