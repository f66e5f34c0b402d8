// Raffel et al. 2020, section 2.2: "Some pages had boilerplate policy notices, so we removed any lines containing" these phrases.

import { defineCleaner, keepingLines } from "./define.ts";

const phrases = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

export const no_notices = defineCleaner({
  word: "no_notices",
  doc: `Removes lines of policy notices: ${phrases.map((phrase) => `\`${phrase}\``).join(", ")}.`,
  parameters: {},
  make: () => keepingLines((line) => {
    const lower = line.toLowerCase();
    return !phrases.some((phrase) => lower.includes(phrase));
  }),
});
