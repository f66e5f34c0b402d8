// Reading Hugging Face's `tokenizer.json`. What the file asks and this version does not do is a diagnostic, never ignored.
// The exceptions are `truncation` and `padding`: a run's lengths decide those, and no token's id depends on them.

import { damagedTokenizer } from "../../../grammar/diagnostics/PT7008-damaged-tokenizer.ts";
import { unsupportedTokenizer } from "../../../grammar/diagnostics/PT7009-unsupported-tokenizer.ts";
import { fileError } from "../../files/user-error.ts";
import { byteToCharacter } from "./alphabet.ts";
import type { AddedToken } from "./added.ts";
import type { PostStep, TemplateItem } from "./post.ts";
import type { ByteLevelParts } from "./tokenizer.ts";

type Json = { readonly [key: string]: unknown };

/** Parts of a byte-level tokenizer. Throws UserError (PT7008 not a tokenizer, PT7009 something unsupported). */
export function readTokenizerJson(text: string, file: string): ByteLevelParts {
  const damaged = (reason: string): never => {
    throw fileError(damagedTokenizer, file, { file, reason });
  };
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return damaged(`it is not JSON (${(error as Error).message})`);
  }
  if (!isObject(root)) return damaged("it is not a JSON object");
  if (!isObject(root.model)) return damaged("it has no `model`");
  const asks: string[] = [];
  const model = root.model;
  const type = model.type ?? (Array.isArray(model.merges) ? "BPE" : "unknown");
  if (type !== "BPE") asks.push(`\`model\` of type ${show(type)}`);
  if (root.normalizer != null) asks.push(`\`normalizer\` ${typeOf(root.normalizer)}`);
  for (const key of ["dropout", "continuing_subword_prefix", "end_of_word_suffix"]) if (model[key] != null && model[key] !== "" && model[key] !== 0) asks.push(`\`model.${key}\` ${show(model[key])}`);
  if (model.byte_fallback === true) asks.push("`model.byte_fallback`");
  const pre = byteLevelOf(root.pre_tokenizer, "pre_tokenizer", asks);
  byteLevelOf(root.decoder, "decoder", asks);
  if (asks.length > 0) throw fileError(unsupportedTokenizer, file, { file, asks });

  const vocab = readVocab(model.vocab, damaged);
  const ids = new Map(vocab.flatMap((token, id) => (token === undefined ? [] : [[token, id] as const])));
  const added = readAdded(root.added_tokens, damaged);
  const missing = byteToCharacter.filter((character) => !ids.has(character)).length;
  if (missing > 0) asks.push(`a vocabulary without ${missing} of the 256 bytes`);
  const merges = readMerges(model.merges, ids, damaged);
  const post = readPost(root.post_processor, added, asks);
  if (asks.length > 0) throw fileError(unsupportedTokenizer, file, { file, asks });
  const isBytes = merges.length === 0 && byteToCharacter.every((character, byte) => vocab[byte] === character);
  return {
    kind: isBytes ? "bytes" : "bpe",
    vocab,
    merges,
    added,
    prefixSpace: pre.add_prefix_space !== false,
    regex: pre.use_regex !== false,
    ignoreMerges: model.ignore_merges === true,
    post,
  };
}

/** A `ByteLevel` part, alone or the only one of a sequence. */
function byteLevelOf(part: unknown, name: string, asks: string[]): Json {
  const alone = isObject(part) && part.type === "Sequence" ? (part.pretokenizers ?? part.decoders) : [part];
  if (Array.isArray(alone) && alone.length === 1 && isObject(alone[0]) && alone[0].type === "ByteLevel") return alone[0];
  asks.push(part == null ? `no \`${name}\` (byte-level BPE has \`ByteLevel\`)` : `\`${name}\` ${typeOf(part)}`);
  return {};
}

type Damaged = (reason: string) => never;

function readVocab(vocab: unknown, damaged: Damaged): (string | undefined)[] {
  if (!isObject(vocab)) return damaged("`model.vocab` is not an object");
  const tokens: (string | undefined)[] = [];
  const entries = Object.entries(vocab);
  for (const [token, id] of entries) {
    if (!isId(id) || id > 2 * entries.length + 100_000) return damaged(`the id of ${show(token)} is ${show(id)}`);
    if (tokens[id] !== undefined) return damaged(`${show(token)} and ${show(tokens[id])} have one id`);
    tokens[id] = token;
  }
  // `from` turns holes into undefined, so that maps and searches see them.
  return Array.from(tokens);
}

function readMerges(merges: unknown, ids: ReadonlyMap<string, number>, damaged: Damaged): [string, string][] {
  if (!Array.isArray(merges)) return damaged("`model.merges` is not a list");
  return merges.map((merge: unknown, index): [string, string] => {
    // Older files write "a b"; no character of the alphabet is a space.
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string" || typeof pair[1] !== "string") return damaged(`merge ${index} is ${show(merge)}`);
    for (const token of [pair[0], pair[1], pair[0] + pair[1]]) if (!ids.has(token)) return damaged(`merge ${index} uses ${show(token)}, which is not in the vocabulary`);
    return [pair[0], pair[1]];
  });
}

function readAdded(added: unknown, damaged: Damaged): AddedToken[] {
  if (added == null) return [];
  if (!Array.isArray(added)) return damaged("`added_tokens` is not a list");
  return added.map((token: unknown, index): AddedToken => {
    if (!isObject(token) || !isId(token.id) || typeof token.content !== "string") return damaged(`added token ${index} is ${show(token)}`);
    const flag = (key: string): boolean => token[key] === true;
    return { id: token.id, content: token.content, special: flag("special"), single_word: flag("single_word"), lstrip: flag("lstrip"), rstrip: flag("rstrip"), normalized: flag("normalized") };
  });
}

function readPost(post: unknown, added: readonly AddedToken[], asks: string[]): PostStep[] {
  if (post == null) return [];
  if (!isObject(post)) return refuse(asks, post);
  switch (post.type) {
    case "Sequence":
      return Array.isArray(post.processors) ? post.processors.flatMap((step) => readPost(step, added, asks)) : refuse(asks, post);
    case "ByteLevel":
      return post.trim_offsets === false ? [] : [{ kind: "trim", prefixSpace: post.add_prefix_space !== false }];
    case "RobertaProcessing":
    case "BertProcessing":
      return roberta(post) ?? refuse(asks, post);
    case "TemplateProcessing":
      return template(post, added) ?? refuse(asks, post);
    default:
      return refuse(asks, post);
  }
}

function refuse(asks: string[], part: unknown): PostStep[] {
  asks.push(`\`post_processor\` ${typeOf(part)}`);
  return [];
}

/** `<s> A </s>` and `<s> A </s></s> B </s>`, all of type 0; BERT's has one separator between and type 1 for the second text. */
function roberta(post: Json): PostStep[] | null {
  const token = (pair: unknown): TemplateItem["tokens"] | null => (Array.isArray(pair) && typeof pair[0] === "string" && isId(pair[1]) ? [{ text: pair[0], id: pair[1] }] : null);
  const cls = token(post.cls);
  const sep = token(post.sep);
  if (cls === null || sep === null) return null;
  const bert = post.type === "BertProcessing";
  const one = (tokens: TemplateItem["tokens"], type = 0): TemplateItem => ({ type, sequence: null, tokens });
  const single: TemplateItem[] = [one(cls), { type: 0, sequence: "A", tokens: [] }, one(sep)];
  const second = bert ? 1 : 0;
  const pair: TemplateItem[] = [...single, ...(bert ? [] : [one(sep)]), { type: second, sequence: "B", tokens: [] }, one(sep, second)];
  const trim: PostStep[] = !bert && post.trim_offsets !== false ? [{ kind: "trim", prefixSpace: post.add_prefix_space !== false }] : [];
  return [...trim, { kind: "template", single, pair }];
}

function template(post: Json, added: readonly AddedToken[]): PostStep[] | null {
  const known = isObject(post.special_tokens) ? post.special_tokens : {};
  const items = (list: unknown): TemplateItem[] | null => {
    if (!Array.isArray(list)) return null;
    const read = list.map((item: unknown) => templateItem(item, known, added));
    return read.some((item) => item === null) ? null : (read as TemplateItem[]);
  };
  const single = items(post.single);
  const pair = items(post.pair);
  return single === null || pair === null ? null : [{ kind: "template", single, pair }];
}

function templateItem(item: unknown, known: Json, added: readonly AddedToken[]): TemplateItem | null {
  if (!isObject(item)) return null;
  const sequence = item.Sequence;
  if (isObject(sequence) && (sequence.id === "A" || sequence.id === "B")) return { type: Number(sequence.type_id ?? 0), sequence: sequence.id, tokens: [] };
  const special = item.SpecialToken;
  const entry = isObject(special) && typeof special.id === "string" ? known[special.id] : undefined;
  if (!isObject(special) || !isObject(entry) || !Array.isArray(entry.ids) || !entry.ids.every(isId)) return null;
  const texts = Array.isArray(entry.tokens) ? entry.tokens : [];
  return {
    type: Number(special.type_id ?? 0),
    sequence: null,
    tokens: entry.ids.map((id, i) => ({ id, text: typeof texts[i] === "string" ? texts[i] : (added.find((token) => token.id === id)?.content ?? "") })),
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 26;
}

function typeOf(part: unknown): string {
  return isObject(part) && typeof part.type === "string" ? `\`${part.type}\`${inner(part)}` : show(part);
}

function inner(part: Json): string {
  const list = [part.normalizers, part.pretokenizers, part.processors, part.decoders].find(Array.isArray);
  return list === undefined ? "" : ` of ${list.map(typeOf).join(", ")}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
