// Pieces that were seen before need no model: most text is the same few thousand words.

import type { PieceTokens } from "../models/model.ts";

/** At most this many pieces are kept, of at most this many units: some 30 MB. A full cache starts over. */
const cacheSize = 1 << 16;
const longest = 64;

export function pieceCache(tokenize: (piece: string) => PieceTokens): (piece: string) => PieceTokens {
  const cache = new Map<string, PieceTokens>();
  return (piece) => {
    if (piece.length > longest) return tokenize(piece);
    let tokens = cache.get(piece);
    if (tokens === undefined) {
      tokens = tokenize(piece);
      if (cache.size >= cacheSize) cache.clear();
      cache.set(detached(piece), tokens);
    }
    return tokens;
  };
}

/** A cut-out of 13 units or more keeps the whole text it was cut from in memory (V8's sliced strings); a copy does not. */
function detached(piece: string): string {
  return piece.length < 13 ? piece : Buffer.from(piece, "utf16le").toString("utf16le");
}
