// Raffel et al. 2020, section 2.2: "discarded any page with fewer than 3 sentences".

import { splitSentences } from "../data/sentences.ts";
import { defineCleaner, numberOf, removingDocuments } from "./define.ts";

export const min_sentences = defineCleaner({
  word: "min_sentences",
  doc: "Removes documents of fewer sentences.",
  parameters: { sentences: { type: { type: "integer", minimum: 1 }, doc: "sentences of a document, at least", positional: true, default: "3" } },
  make(args) {
    const least = numberOf(args, "sentences");
    return removingDocuments((document) => splitSentences(document).length < least);
  },
});
