// Sentences of a text, by punctuation and line ends alone: no table of abbreviations, so the same on every machine.

/** A stop with what closes around it, before white space; or the end of a line. */
const stops = /[.!?…。！？]+["'”’»)\]]*(?=\s|$)|(?=\n)/gu;

/** Consecutive parts that together are the text; white space leads the sentence that follows it. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const match of text.matchAll(stops)) {
    const end = match.index + match[0].length;
    if (!/\S/u.test(text.slice(from, end))) continue;
    sentences.push(text.slice(from, end));
    from = end;
  }
  const rest = text.slice(from);
  if (/\S/u.test(rest) || sentences.length === 0) return rest === "" ? sentences : [...sentences, rest];
  return [...sentences.slice(0, -1), sentences.at(-1)! + rest];
}
