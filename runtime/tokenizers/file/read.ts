// Reading Hugging Face's `tokenizer.json`. What the file asks and this version does not do is a diagnostic, never ignored.

import { isId, isObject, reportFor, show } from "./json.ts";
import { readDecoder } from "./read-decoder.ts";
import { readModel } from "./read-model.ts";
import { readNormalizer } from "./read-normalizer.ts";
import { readPadding, readPost, readTruncation } from "./read-post.ts";
import { readPreTokenizer } from "./read-pre-tokenizer.ts";
import type { Decoder } from "../decoders/steps.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { Padding, Truncation } from "../post/encoding.ts";
import type { PostStep } from "../post/template.ts";
import type { AddedToken } from "../text/added.ts";
import type { Json, Report } from "./json.ts";
import type { ModelParts } from "./read-model.ts";
import type { PreTokenizerParts } from "./read-pre-tokenizer.ts";

export interface TokenizerParts {
  /** The file itself, to be written again. */
  readonly root: Json;
  readonly model: ModelParts;
  readonly normalizer: Normalizer | null;
  readonly preTokenizer: PreTokenizerParts;
  readonly decoder: Decoder;
  readonly post: readonly PostStep[];
  readonly added: readonly AddedToken[];
  readonly truncation: Truncation | null;
  readonly padding: Padding | null;
}

/** Parts of a tokenizer; `file` is for messages. Throws UserError (PT7008 not a tokenizer, PT7009 something unsupported). */
export function readTokenizerJson(text: string, file: string): TokenizerParts {
  const report = reportFor(file);
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return report.damaged(`it is not JSON (${(error as Error).message})`);
  }
  if (!isObject(root)) return report.damaged("it is not a JSON object");
  return partsOf(root, report);
}

/** Parts of a file that was made here. */
export function partsOf(root: Json, report: Report = reportFor("tokenizer.json")): TokenizerParts {
  if (!isObject(root.model)) return report.damaged("it has no `model`");
  const normalizer = readNormalizer(root.normalizer, report);
  const preTokenizer = readPreTokenizer(root.pre_tokenizer, report);
  const decoder = readDecoder(root.decoder, report);
  const truncation = readTruncation(root.truncation, report);
  const padding = readPadding(root.padding, report);
  const model = readModel(root.model, preTokenizer.byteLevel, report);
  const added = readAdded(root.added_tokens, report);
  const post = readPost(root.post_processor, added, report);
  report.done();
  return { root, model, normalizer, preTokenizer, decoder, post, added, truncation, padding };
}

function readAdded(added: unknown, { damaged }: Report): AddedToken[] {
  if (added == null) return [];
  if (!Array.isArray(added)) return damaged("`added_tokens` is not a list");
  return added.map((token: unknown, index): AddedToken => {
    if (!isObject(token) || !isId(token.id) || typeof token.content !== "string") return damaged(`added token ${index} is ${show(token)}`);
    const flag = (key: string): boolean => token[key] === true;
    return { id: token.id, content: token.content, special: flag("special"), single_word: flag("single_word"), lstrip: flag("lstrip"), rstrip: flag("rstrip"), normalized: flag("normalized") };
  });
}
