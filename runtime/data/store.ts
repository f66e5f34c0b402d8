// All tokens of a dataset one after another, with the places where documents and sentences start.

import { numbersInMemory, type NumberKind, type Numbers, type NumbersBuilder } from "./numbers.ts";

export interface TokenStore {
  readonly ids: Numbers;
  /** Document d is the ids from starts[d] up to starts[d + 1]; one more entry than documents. */
  readonly starts: Numbers;
  /** Places where sentences begin, the first token of each document among them; empty unless asked for. */
  readonly sentences: Numbers;
  /** The image of each document, as many bytes each; empty where there are none. */
  readonly pixels: Numbers;
  /** Tokens before and after the text of every document. */
  readonly before: number;
  readonly after: number;
  /** Makes a list that is kept where the tokens are; a second one of a name replaces the first. */
  readonly list: (name: string, kind: NumberKind) => NumbersBuilder;
}

export interface TokenStoreBuilder {
  /** A document, whole or in sentences. */
  readonly add: (sentences: readonly Int32Array[], pixels?: Uint8Array) => void;
  readonly finish: () => TokenStore;
}

export interface StoreLists { readonly ids: NumbersBuilder; readonly starts: NumbersBuilder; readonly sentences: NumbersBuilder; readonly pixels: NumbersBuilder }

/** Ids below 65,536 take two bytes each. */
export function idsKind(vocab: number): NumberKind {
  return vocab <= 2 ** 16 ? "uint16" : "int32";
}

export const inMemory: TokenStore["list"] = (_, kind) => numbersInMemory(kind);

/** Documents of fewer than two tokens predict nothing and are left out; the text of an image may be as short as it likes. */
export function tokenStoreBuilder(
  vocab: number,
  { before, after, sentences: marked }: { readonly before: number | null; readonly after: number | null; readonly sentences: boolean },
  list: TokenStore["list"] = inMemory,
  { ids, starts, sentences, pixels }: StoreLists = { ids: list("ids", idsKind(vocab)), starts: list("starts", "float64"), sentences: list("sentences", "float64"), pixels: list("pixels", "uint8") },
): TokenStoreBuilder {
  if (starts.length() === 0) starts.add(0);
  return {
    add(parts, image) {
      const text = parts.reduce((sum, part) => sum + part.length, 0);
      const more = text + (before === null ? 0 : 1) + (after === null ? 0 : 1);
      if (!image && (text === 0 || more < 2)) return;
      if (image) pixels.addAll(image);
      if (before !== null) ids.add(before);
      for (const part of parts) {
        if (marked && part.length > 0) sentences.add(ids.length());
        ids.addAll(part);
      }
      if (after !== null) ids.add(after);
      starts.add(ids.length());
    },
    finish: () => ({ ids: ids.finish(), starts: starts.finish(), sentences: sentences.finish(), pixels: pixels.finish(), before: before === null ? 0 : 1, after: after === null ? 0 : 1, list }),
  };
}

/** Index of the first place in an ascending list that is not below `place`. */
export function lowerBound(list: Numbers, place: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (list.at(middle)! < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
