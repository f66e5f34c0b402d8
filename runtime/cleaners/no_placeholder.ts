// Raffel et al. 2020, section 2.2: "removed any page where the phrase 'lorem ipsum' appeared".

import { defineCleaner, removingDocuments } from "./define.ts";

export const no_placeholder = defineCleaner({
  word: "no_placeholder",
  doc: "Removes documents with placeholder text (`lorem ipsum`).",
  parameters: {},
  make: () => removingDocuments((document) => /lorem\s+ipsum/iu.test(document)),
});
