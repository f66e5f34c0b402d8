// The tokenizer of NIST's mteval-v13a script, which WMT and sacrebleu's default (`13a`) score with.

import { wordsOf } from "./_text.ts";

const entities: readonly (readonly [RegExp, string])[] = [[/<skipped>/g, ""], [/-\n/g, ""], [/\n/g, " "], [/&quot;/g, '"'], [/&amp;/g, "&"], [/&lt;/g, "<"], [/&gt;/g, ">"]];

const separations: readonly (readonly [RegExp, string])[] = [
  // ASCII punctuation but the apostrophe, dash, period and comma.
  [/[{-~[-` -&(-+:-@/]/g, " $& "],
  // A period or comma that no digit precedes, or that no digit follows.
  [/([^0-9])([.,])/gu, "$1 $2 "],
  [/([.,])([^0-9])/gu, " $1 $2"],
  // A dash after a digit.
  [/([0-9])(-)/g, "$1 $2 "],
];

export function mtevalTokens(text: string): string[] {
  const plain = entities.reduce((line, [pattern, by]) => line.replace(pattern, by), text);
  return wordsOf(separations.reduce((line, [pattern, by]) => line.replace(pattern, by), ` ${plain} `));
}
