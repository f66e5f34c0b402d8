// Raffel et al. 2020, section 2.2: "removed any page that contained any word on the 'List of Dirty, Naughty, Obscene or Otherwise
// Bad Words'". The list is the user's: none comes with the program.

import { defineCleaner, removingDocuments } from "./define.ts";

export const no_bad_words = defineCleaner({
  word: "no_bad_words",
  doc: "Removes documents that hold a word or phrase of a list, as whole words, whatever their case.",
  parameters: { list: { type: { type: "string", path: true }, doc: "a file of one word or phrase a line, relative to this file", positional: true, required: true } },
  async make(args, read) {
    const phrases = (await read(args.list as string)).split("\n").map((line) => line.trim().toLowerCase()).filter((line) => line !== "");
    if (phrases.length === 0) return (document) => ({ text: document, removed: [] });
    const escaped = phrases.map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    // A word of a script without spaces has letters beside it that belong to other words.
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu");
    return removingDocuments((document) => pattern.test(document.toLowerCase()));
  },
});
