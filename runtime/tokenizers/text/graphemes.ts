// Grapheme clusters (Unicode Standard Annex 29). The engine's segmenter is slow and slower on long texts, so it sees only what may join.

/** Characters that may join one before: marks, formats, jamo, flags, modifiers, and letters of Indic and Southeast Asian scripts that extend or lead. */
const joining = "\\r\\n\\p{M}\\p{Cf}\\p{Emoji_Modifier}\\p{Regional_Indicator}\\u0d4e\\u0e33\\u0eb3\\u1100-\\u11ff\\ua960-\\ua97f\\ud7b0-\\ud7ff\\uff9e\\uff9f\\u{11000}-\\u{11fff}";
/** Chains of them, with the character before and the one after, which a leading sign or a joiner may take in. */
const chunk = new RegExp(`(?:[^${joining}]?[${joining}]+)+[^${joining}]?|[^${joining}]`, "gu");
const join = new RegExp(`[${joining}]`, "u");
/** The segmenter is fed at most this many units at a time, cut where a cluster surely ends. */
const longest = 4096;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

export function graphemes(text: string): string[] {
  const result: string[] = [];
  for (const [part] of text.matchAll(chunk)) {
    if (!join.test(part)) result.push(part);
    else for (let at = 0; at < part.length; ) {
      const end = safeEnd(part, at);
      for (const { segment } of segmenter.segment(part.slice(at, end))) result.push(segment);
      at = end;
    }
  }
  return result;
}

/** After a line end, or before a plain character that follows a mark: only joiners, leading signs and formats reach over that. */
function safeEnd(text: string, start: number): number {
  for (let at = start + longest; at < text.length; at++) {
    const before = text[at - 1];
    if (before === "\n" || (before === "\r" && text[at] !== "\n")) return at;
    if (/\p{Mn}/u.test(before) && /[\p{L}\p{N}]/u.test(text[at]) && !join.test(text[at])) return at;
  }
  return text.length;
}
