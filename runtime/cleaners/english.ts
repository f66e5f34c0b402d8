// English by its function words: words that hardly any sentence does without and that other languages of the Latin script do not
// have. Raffel et al. used a classifier (langdetect, probability 0.99); running English text has a share of 30 to 45 % of these,
// text in German, French, Spanish, Italian or Dutch one of 0 to 4 %.

import { defineCleaner, numberOf, removingDocuments } from "./define.ts";

const functionWords = new Set(("the of and to that is was it for with as his her he she on be at by this had not are but from they have which or were all we there " +
  "been would their what so when if who will more no out my your you them then its into than other could our some these him only any").split(" "));
/** Fewer words than this tell nothing. */
const fewest = 8;

export const english = defineCleaner({
  word: "english",
  doc: "Removes documents that are not in English, by the share of English function words; documents of fewer than 8 words are kept.",
  parameters: { share: { type: { type: "rate" }, doc: "of function words among all words, at least", positional: true, default: "10%" } },
  make(args) {
    const least = numberOf(args, "share");
    return removingDocuments((document) => {
      const words = document.toLowerCase().match(/[\p{L}\p{M}']+/gu) ?? [];
      if (words.length < fewest) return false;
      return words.filter((word) => functionWords.has(word)).length < least * words.length;
    });
  },
});
