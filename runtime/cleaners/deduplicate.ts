// Raffel et al. 2020, section 2.2: "discarded all but one of any three-sentence span occurring more than once in the data set".
// Here the spans are lines, as the language has them.

import { defineCleaner, isBlank, numberOf } from "./define.ts";
import { hashOf, hashTable } from "../data/hashes.ts";

/** Spans that are remembered, at most: 200 MB. */
const mostSpans = 1 << 23;

export const deduplicate = defineCleaner({
  word: "deduplicate",
  doc: "Removes spans of so many lines that stood in the data before (all but the first occurrence); white space at their ends and case make no difference. A shorter document is one span. The first 8 million spans are remembered.",
  parameters: { lines: { type: { type: "integer", minimum: 1 }, doc: "lines of a span, blank ones not counted", positional: true, default: "3" } },
  make(args) {
    const length = numberOf(args, "lines");
    const seen = hashTable(mostSpans);
    return (document) => {
      const lines = document.split("\n");
      const full = lines.flatMap((line, i) => (isBlank(line) ? [] : [i]));
      const keys = full.map((i) => lines[i].trim().toLowerCase());
      const gone = new Set<number>();
      const span = Math.min(length, full.length);
      for (let from = 0; span > 0 && from + span <= full.length; from++) {
        const hash = hashOf(keys.slice(from, from + span).join("\n"));
        if (seen.get(hash) === undefined) {
          seen.set(hash, 1);
          continue;
        }
        for (let i = from; i < from + span; i++) gone.add(full[i]);
      }
      if (gone.size === 0) return { text: document, removed: [] };
      const kept = lines.filter((_, i) => !gone.has(i));
      return { text: kept.every(isBlank) ? null : kept.join("\n"), removed: [...gone].map((i) => lines[i]) };
    };
  },
});
