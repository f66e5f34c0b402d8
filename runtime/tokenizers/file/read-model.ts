// `model` of a `tokenizer.json`: vocabulary and rules.

import { byteToCharacter } from "../text/byte-alphabet.ts";
import { bpeModel } from "../models/bpe.ts";
import { isUnused, unigramModel } from "../models/unigram.ts";
import { wordPieceModel } from "../models/wordpiece.ts";
import { isId, isObject, show } from "./json.ts";
import type { Model } from "../models/model.ts";
import type { Json, Report } from "./json.ts";

export interface ModelParts {
  /** The word of the language. */
  readonly kind: string;
  /** Token text of each id; a hole is an id that nothing uses. */
  readonly vocab: readonly (string | undefined)[];
  readonly unknown: number | null;
  /** Put before tokens inside a word (`##`), or after those that close one (`</w>`). */
  readonly prefix: string;
  readonly suffix: string;
  /** `hidden`: ids that text never becomes. */
  readonly make: (hidden: ReadonlySet<number>) => Model;
}

export function readModel(model: unknown, byteLevel: boolean, report: Report): ModelParts {
  if (!isObject(model)) return report.damaged("it has no `model`");
  const type = model.type ?? (Array.isArray(model.merges) ? "BPE" : "unknown");
  if (byteLevel && type !== "BPE") report.asks.push(`\`pre_tokenizer\` \`ByteLevel\` before a \`model\` of type ${show(type)}`);
  switch (type) {
    case "BPE":
      return readBpe(model, byteLevel, report);
    case "WordPiece":
      return readWordPiece(model, report);
    case "Unigram":
      return readUnigram(model, report);
    default:
      report.asks.push(`\`model\` of type ${show(type)}`);
      report.done();
      return report.damaged("it has no model");
  }
}

function readBpe(model: Json, byteLevel: boolean, report: Report): ModelParts {
  if (model.dropout != null && model.dropout !== 0) report.asks.push(`\`model.dropout\` ${show(model.dropout)}`);
  const vocab = readVocab(model.vocab, report);
  const idOf = idsOf(vocab);
  const missing = byteLevel ? byteToCharacter.filter((character) => !idOf.has(character)).length : 0;
  if (missing > 0 && model.unk_token == null) report.asks.push(`a vocabulary without ${missing} of the 256 bytes`);
  const prefix = textOr(model.continuing_subword_prefix, "");
  const suffix = textOr(model.end_of_word_suffix, "");
  const merges = readMerges(model.merges, idOf, prefix, report);
  const unknown = model.unk_token == null ? null : unknownId(model.unk_token, idOf, report);
  const isBytes = byteLevel && merges.length === 0 && byteToCharacter.every((character, byte) => vocab[byte] === character);
  const settings = { byteLevel, unknown, fuseUnknown: model.fuse_unk === true, byteFallback: model.byte_fallback === true, ignoreMerges: model.ignore_merges === true, prefix, suffix };
  return {
    kind: isBytes ? "bytes" : merges.length === 0 && !byteLevel && !settings.byteFallback ? "characters" : "bpe",
    vocab,
    unknown,
    prefix,
    suffix,
    make: (hidden) => bpeModel({ ...settings, merges, idOf, hidden }),
  };
}

function readWordPiece(model: Json, report: Report): ModelParts {
  const vocab = readVocab(model.vocab, report);
  const idOf = idsOf(vocab);
  const unknown = unknownId(textOr(model.unk_token, "[UNK]"), idOf, report);
  const prefix = textOr(model.continuing_subword_prefix, "##");
  const longest = isId(model.max_input_chars_per_word) ? model.max_input_chars_per_word : 100;
  return { kind: "wordpiece", vocab, unknown, prefix, suffix: "", make: (hidden) => wordPieceModel({ idOf, hidden, unknown, prefix, longest }) };
}

function readUnigram(model: Json, report: Report): ModelParts {
  if (!Array.isArray(model.vocab)) return report.damaged("`model.vocab` is not a list");
  const pieces = model.vocab.map((piece: unknown, id): [string, number] => {
    if (!Array.isArray(piece) || typeof piece[0] !== "string" || typeof piece[1] !== "number") return report.damaged(`token ${id} is ${show(piece)}`);
    return [piece[0], piece[1]];
  });
  const unknown = model.unk_id;
  if (!isId(unknown) || unknown >= pieces.length) {
    report.asks.push("`model` `Unigram` without `unk_id`");
    report.done();
    return report.damaged("it has no unknown token");
  }
  return {
    kind: "unigram",
    vocab: pieces.map(([text]) => (isUnused(text) ? undefined : text)),
    unknown,
    prefix: "",
    suffix: "",
    make: (hidden) => unigramModel({ pieces, unknown, byteFallback: model.byte_fallback === true, hidden }),
  };
}

function readVocab(vocab: unknown, { damaged }: Report): (string | undefined)[] {
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

function readMerges(merges: unknown, ids: ReadonlyMap<string, number>, prefix: string, { damaged }: Report): [string, string, string][] {
  if (!Array.isArray(merges)) return damaged("`model.merges` is not a list");
  return merges.map((merge: unknown, index): [string, string, string] => {
    // Older files write "a b"; no token with a space is written so.
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string" || typeof pair[1] !== "string") return damaged(`merge ${index} is ${show(merge)}`);
    const result = pair[0] + (prefix !== "" && pair[1].startsWith(prefix) ? pair[1].slice(prefix.length) : pair[1]);
    for (const token of [pair[0], pair[1], result]) if (!ids.has(token)) return damaged(`merge ${index} uses ${show(token)}, which is not in the vocabulary`);
    return [pair[0], pair[1], result];
  });
}

export function idsOf(vocab: readonly (string | undefined)[]): Map<string, number> {
  const ids = new Map<string, number>();
  vocab.forEach((token, id) => token !== undefined && ids.set(token, id));
  return ids;
}

function unknownId(token: unknown, idOf: ReadonlyMap<string, number>, { damaged }: Report): number {
  const id = typeof token === "string" ? idOf.get(token) : undefined;
  return id === undefined ? damaged(`the unknown token ${show(token)} is not in the vocabulary`) : id;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
