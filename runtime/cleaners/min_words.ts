// Raffel et al. 2020, section 2.2: "only retained lines that contained at least 5 words".

import { defineCleaner, keepingLines, numberOf, wordsOf } from "./define.ts";

export const min_words = defineCleaner({
  word: "min_words",
  doc: "Keeps lines of at least so many words.",
  parameters: { words: { type: { type: "integer", minimum: 1 }, doc: "words of a line, at least", positional: true, default: "5" } },
  make(args) {
    const least = numberOf(args, "words");
    return keepingLines((line) => wordsOf(line).length >= least);
  },
});
