// `decoder` of a `tokenizer.json`.

import { bpeDecoder, byteFallbackDecoder, byteLevelDecoder, fuseDecoder, metaspaceDecoder, replaceDecoder, sequenceDecoder, spacedDecoder, stripDecoder, wordPieceDecoder } from "../decoders/steps.ts";
import { isObject, typeOf } from "./json.ts";
import { readPattern } from "./read-normalizer.ts";
import { replacementOf, schemeOf } from "./read-pre-tokenizer.ts";
import type { Decoder } from "../decoders/steps.ts";
import type { Json, Report } from "./json.ts";

export function readDecoder(part: unknown, report: Report): Decoder {
  if (part == null) return spacedDecoder;
  const decoder = isObject(part) ? readers[String(part.type)]?.(part, report) : null;
  if (decoder == null) report.asks.push(`\`decoder\` ${typeOf(part)}`);
  return decoder ?? spacedDecoder;
}

const readers: Readonly<Record<string, (part: Json, report: Report) => Decoder | null>> = {
  Sequence: (part, report) => (Array.isArray(part.decoders) ? sequenceDecoder(part.decoders.map((step) => readDecoder(step, report))) : null),
  ByteLevel: () => byteLevelDecoder,
  Metaspace: (part) => metaspaceDecoder(replacementOf(part), schemeOf(part) !== "never"),
  WordPiece: (part) => wordPieceDecoder(typeof part.prefix === "string" ? part.prefix : "##", part.cleanup !== false),
  BPEDecoder: (part) => bpeDecoder(typeof part.suffix === "string" ? part.suffix : "</w>"),
  ByteFallback: () => byteFallbackDecoder,
  Fuse: () => fuseDecoder,
  Strip: (part) => (typeof part.content === "string" && part.content !== "" ? stripDecoder(part.content, count(part.start), count(part.stop)) : null),
  Replace: (part, report) => {
    const pattern = readPattern(part.pattern, "`decoder` `Replace`", report);
    return pattern === null || typeof part.content !== "string" ? null : replaceDecoder(pattern, part.content);
  },
};

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
