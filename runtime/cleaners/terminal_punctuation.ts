// Raffel et al. 2020, section 2.2: "only retained lines that ended in a terminal punctuation mark (i.e. a period, exclamation mark, question mark, or end quotation mark)".

import { defineCleaner, keepingLines } from "./define.ts";

export const terminal_punctuation = defineCleaner({
  word: "terminal_punctuation",
  doc: "Keeps lines that end in `.`, `!`, `?` or a closing quotation mark; an ellipsis of dots is none.",
  parameters: {},
  make: () => keepingLines((line) => /[.!?"”]\s*$/u.test(line) && !/\.\.\.\s*$/u.test(line)),
});
