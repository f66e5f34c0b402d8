// `pre_tokenizer` of a `tokenizer.json`.

import { byteLevelStep } from "../pre-tokenizers/byte-level.ts";
import { metaspaceStep } from "../pre-tokenizers/metaspace.ts";
import { behaviors, bertStep, delimiterStep, digitsStep, punctuationStep, splitStep, whitespaceSplitStep, whitespaceStep } from "../pre-tokenizers/patterns.ts";
import { isObject, typeOf } from "./json.ts";
import { readPattern } from "./read-normalizer.ts";
import type { PrependScheme } from "../pre-tokenizers/metaspace.ts";
import type { Behavior } from "../pre-tokenizers/patterns.ts";
import type { CutStep } from "../pre-tokenizers/step.ts";
import type { Json, Report } from "./json.ts";

export interface PreTokenizerParts {
  readonly steps: readonly CutStep[];
  /** Pieces go to the model as bytes in the byte-level alphabet. */
  readonly byteLevel: boolean;
  /** What stands for a space: `▁`. */
  readonly mark: string | null;
}

export function readPreTokenizer(part: unknown, report: Report): PreTokenizerParts {
  const parts = part == null ? [] : flat(part, report);
  const byteLevel = parts.findIndex((step) => step.type === "ByteLevel");
  for (const after of byteLevel < 0 ? [] : parts.slice(byteLevel + 1)) report.asks.push(`\`pre_tokenizer\` ${typeOf(after)} after \`ByteLevel\``);
  const metaspace = parts.find((step) => step.type === "Metaspace");
  return { steps: parts.flatMap((step) => stepsOf(step, report)), byteLevel: byteLevel >= 0, mark: metaspace === undefined ? null : replacementOf(metaspace) };
}

function flat(part: unknown, report: Report): Json[] {
  if (isObject(part) && part.type === "Sequence" && Array.isArray(part.pretokenizers)) return part.pretokenizers.flatMap((step) => flat(step, report));
  if (isObject(part)) return [part];
  report.asks.push(`\`pre_tokenizer\` ${typeOf(part)}`);
  return [];
}

function stepsOf(part: Json, report: Report): CutStep[] {
  const step = readers[String(part.type)]?.(part, report);
  if (step == null) report.asks.push(`\`pre_tokenizer\` ${typeOf(part)}`);
  return step == null ? [] : [step];
}

const readers: Readonly<Record<string, (part: Json, report: Report) => CutStep | null>> = {
  ByteLevel: (part) => byteLevelStep(part.add_prefix_space !== false, part.use_regex !== false),
  Metaspace: (part) => {
    const scheme = schemeOf(part);
    return scheme === null || [...replacementOf(part)].length !== 1 ? null : metaspaceStep(replacementOf(part), scheme, part.split !== false);
  },
  BertPreTokenizer: () => bertStep,
  Whitespace: () => whitespaceStep,
  WhitespaceSplit: () => whitespaceSplitStep,
  Digits: (part) => digitsStep(part.individual_digits === true),
  Punctuation: (part) => {
    const behavior = behaviorOf(part.behavior ?? "Isolated");
    return behavior === null ? null : punctuationStep(behavior);
  },
  CharDelimiterSplit: (part, report) => {
    const delimiter = readPattern(part.delimiter, "`pre_tokenizer` `CharDelimiterSplit`", report);
    return delimiter === null ? null : delimiterStep(delimiter);
  },
  Split: (part, report) => {
    const behavior = behaviorOf(part.behavior);
    const pattern = behavior === null ? null : readPattern(part.pattern, "`pre_tokenizer` `Split`", report);
    return behavior === null || pattern === null ? null : splitStep(pattern, behavior, part.invert === true);
  },
};

function behaviorOf(value: unknown): Behavior | null {
  return behaviors.find((behavior) => behavior === value) ?? null;
}

/** Older files say `add_prefix_space` only. */
export function schemeOf(part: Json): PrependScheme | null {
  const scheme = part.prepend_scheme ?? (part.add_prefix_space === false ? "never" : "always");
  return scheme === "always" || scheme === "first" || scheme === "never" ? scheme : null;
}

export function replacementOf(part: Json): string {
  return typeof part.replacement === "string" && part.replacement !== "" ? part.replacement : "▁";
}
