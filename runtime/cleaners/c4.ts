// `c4`: the rules by which the Colossal Clean Crawled Corpus was made (Raffel et al. 2020, section 2.2), in their order. Left out:
// citation markers of Wikipedia, and text that the crawl itself had cut.

import { defineCleaner } from "./define.ts";

const rules = {
  terminal_punctuation: "lines without an end of sentence",
  min_words: "lines of fewer than 5 words",
  no_code: "documents with `{`, lines about JavaScript",
  no_notices: "lines of policy notices",
  no_placeholder: "documents with placeholder text",
  min_sentences: "documents of fewer than 3 sentences",
  no_bad_words: "documents with words of the list",
  english: "documents in other languages",
  deduplicate: "repeated spans of 3 lines",
};

const settings: Readonly<Record<string, Readonly<Record<string, number>>>> = { min_words: { words: 5 }, min_sentences: { sentences: 3 }, english: { share: 0.1 }, deduplicate: { lines: 3 } };

export const c4 = defineCleaner({
  word: "c4",
  doc: `The rules of C4 in their order: ${Object.entries(rules).map(([rule, meaning]) => `\`${rule}\` (${meaning})`).join(", ")}.`,
  parameters: {
    without: { type: { type: "list", of: { type: "choice", words: rules } }, doc: "rules that are turned off", default: "[]" },
    bad_words: { type: { type: "string", path: true }, doc: "the list of `no_bad_words`, which is left out without it" },
  },
  rules: ({ without, bad_words: list }) => Object.keys(rules)
    .filter((word) => !(without as readonly string[]).includes(word) && (word !== "no_bad_words" || typeof list === "string"))
    .map((word) => ({ word, arguments: word === "no_bad_words" ? { list: list as string } : (settings[word] ?? {}) })),
});
