// The GPT-2 pre-tokeniser: text falls into pieces, and no token crosses a piece.

// `\s` of JavaScript is not White_Space of Unicode (U+FEFF is in one, U+0085 in the other); the library's regex means the latter.
const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
const space = /\p{White_Space}/u;
const segmentLength = 1 << 16;

/** Pieces of a text in order; joined they are the text. */
export function* piecesOf(text: string): Iterable<string> {
  // `match` on a segment is several times faster than one match at a time, and a bounded segment keeps the list of pieces small.
  for (let start = 0; start < text.length; ) {
    const end = segmentEnd(text, start);
    yield* (start === 0 && end === text.length ? text : text.slice(start, end)).match(gpt2) ?? [];
    start = end;
  }
}

/** A place where cutting changes no piece: before white space that follows something else. */
function segmentEnd(text: string, start: number): number {
  for (let at = start + segmentLength; at < text.length; at++) {
    if (space.test(text[at]) && !space.test(text[at - 1])) return at;
  }
  return text.length;
}
