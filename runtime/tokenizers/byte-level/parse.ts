// A tokenizer from the text of a `tokenizer.json`.

import { idsFromJson } from "../ids.ts";
import { readTokenizerJson } from "./read-json.ts";
import { byteLevelTokenizer } from "./tokenizer.ts";
import type { Tokenizer } from "../define.ts";

/** `file` is for messages. Throws UserError (PT7008, PT7009). */
export function parseTokenizer(json: string, file = "tokenizer.json"): Tokenizer {
  return idsFromJson(json) ?? byteLevelTokenizer(readTokenizerJson(json, file));
}
