// Raffel et al. 2020, section 2.2: "removed any line with the word Javascript" (warnings to turn it on), and "any pages that
// contained a curly bracket", which stand in many programming languages and in hardly any natural text.

import { defineCleaner, keepingLines } from "./define.ts";

export const no_code = defineCleaner({
  word: "no_code",
  doc: "Removes documents with a curly bracket `{`, and lines that speak of JavaScript.",
  parameters: {},
  make() {
    const lines = keepingLines((line) => !/javascript/iu.test(line));
    return (document) => (document.includes("{") ? { text: null, removed: [document] } : lines(document));
  },
});
