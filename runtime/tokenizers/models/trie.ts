// A prefix tree over the UTF-16 units of tokens: all tokens that begin at a place are found in one walk.

import { pairMap } from "./pair-map.ts";

export interface Trie {
  readonly insert: (text: string, id: number) => void;
  /** The node after one more unit, -1 where no token goes on so. The root is node 0. */
  readonly next: (node: number, unit: number) => number;
  /** Id of the token that ends at a node, -1 where none does. */
  readonly idAt: (node: number) => number;
}

export function makeTrie(expectedNodes = 1024): Trie {
  const edges = pairMap(expectedNodes);
  const ids = [-1];
  return {
    insert(text, id) {
      let node = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        let child = edges.get(node, unit);
        if (child < 0) {
          child = ids.length;
          ids.push(-1);
          edges.set(node, unit, child);
        }
        node = child;
      }
      ids[node] = id;
    },
    next: edges.get,
    idAt: (node) => ids[node],
  };
}
