// Pairs of texts: neighbouring sentences of a document, cut in two, and strangers from elsewhere (Devlin et al. 2019, appendix A.2).

import type { RandomStream } from "../../compiler/random.ts";
import type { RawText } from "../objectives/example.ts";
import type { PairDefinition } from "../objectives/pairs/define.ts";
import { lowerBound, type TokenStore } from "./store.ts";
import { windowsBuilder, type Windows } from "./pack.ts";

/** Windows of at least two whole sentences and, beyond two, at most `tokens` tokens. A sentence that is left over at the end of a document is in none. */
export function pairWindows(store: TokenStore, tokens: number): Windows {
  const builder = windowsBuilder(store, `pairs-${tokens}`, null);
  let sentence = 0;
  for (let document = 0; document + 1 < store.starts.length; document++) {
    const end = store.starts.at(document + 1)! - store.after;
    const bounds: number[] = [];
    while (sentence < store.sentences.length && store.sentences.at(sentence)! < end) bounds.push(store.sentences.at(sentence++)!);
    bounds.push(end);
    for (let first = 0; first + 2 < bounds.length; ) {
      let last = first + 2;
      while (last + 1 < bounds.length && bounds[last + 1] - bounds[first] <= tokens) last++;
      builder.add(bounds[first], bounds[last] - bounds[first]);
      first = last;
    }
  }
  return builder.finish();
}

/** Two texts of a window, together at most `tokens` long, and their class. */
export function drawPair(store: TokenStore, windows: Windows, window: number, tokens: number, definition: PairDefinition, random: RandomStream): RawText {
  const bounds = boundsOf(store, windows, window);
  const cut = bounds[1 + random.below(bounds.length - 2)];
  const text = (from: number, to: number): Int32Array => Int32Array.from(store.ids.slice(from, to));
  const stranger = (): Int32Array => {
    const other = (window + 1 + random.below(windows.examples - 1)) % windows.examples;
    const theirs = boundsOf(store, windows, other);
    return text(theirs[random.below(theirs.length - 1)], theirs.at(-1)!);
  };
  const drawn = definition.draw!({ first: text(bounds[0], cut), second: text(cut, bounds.at(-1)!), stranger }, random);
  let [a, b] = [drawn.a.length, drawn.b.length];
  while (a + b > tokens) {
    if (a > b) a--;
    else b--;
  }
  return { ids: Array.from(drawn.a).slice(0, a), sentences: [], pair: { ids: Array.from(drawn.b).slice(0, b), label: drawn.label } };
}

/** Where the sentences of a window begin, and its end. */
function boundsOf(store: TokenStore, windows: Windows, window: number): number[] {
  const start = windows.starts.at(window)!;
  const end = start + windows.lengths.at(window)!;
  const bounds: number[] = [];
  for (let i = lowerBound(store.sentences, start); i < store.sentences.length && store.sentences.at(i)! < end; i++) bounds.push(store.sentences.at(i)!);
  return [...bounds, end];
}
