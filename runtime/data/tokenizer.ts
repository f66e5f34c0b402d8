// The tokenizer a plan names: made, trained (once, then cached) or read from a file.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { missingSpecialToken } from "../../grammar/diagnostics/PT7010-missing-special-token.ts";
import { vocabularyMismatch } from "../../grammar/diagnostics/PT7011-vocabulary-mismatch.ts";
import { shortVocabulary } from "../../grammar/diagnostics/PT7012-short-vocabulary.ts";
import { smallVocabulary } from "../../grammar/diagnostics/PT7013-small-vocabulary.ts";
import { unavailableTokenizer } from "../../grammar/diagnostics/PT7014-unavailable-tokenizer.ts";
import { noFiles } from "../../grammar/diagnostics/PT7002-no-files.ts";
import { nearest } from "../../grammar/nearest.ts";
import { resolveFiles } from "../files/resolve.ts";
import { readWhole } from "../files/text.ts";
import { UserError, fileDiagnostic, fileError } from "../files/user-error.ts";
import { makeFolder, writeAtomically } from "../files/write.ts";
import { readTokenizerJson } from "../tokenizers/file/read.ts";
import { makeTokenizer } from "../tokenizers/file/tokenizer.ts";
import { tokenizers } from "../tokenizers/index.ts";
import { sentinelText } from "../tokenizers/define.ts";
import { documentsOf, fingerprintOf } from "./documents.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { canonical } from "../../compiler/plan/canonical.ts";
import { namesOfSource } from "../../compiler/plan/source.ts";
import type { PlanSource, PlanTokenizer } from "../../compiler/plan/schema.ts";
import type { AddedToken } from "../tokenizers/text/added.ts";
import type { Tokenizer, TokenizerDefinition, TokenizerSettings } from "../tokenizers/define.ts";
import type { DocumentOptions } from "./documents.ts";

export interface TokenizerOptions extends DocumentOptions {
  /** Folder where trained tokenizers are kept, in `tokenizers/`; without it each call trains anew. */
  readonly cache?: string;
  /** Receives diagnostics that do not stop the run. */
  readonly warn?: (diagnostic: Diagnostic) => void;
}

/** Changes when training would give other tokens, so that old caches are left alone. */
const trainerVersion = 2;

/** Throws UserError (PT7008–PT7014, and what reading its data throws). */
export async function openTokenizer(plan: PlanTokenizer, options: TokenizerOptions): Promise<Tokenizer> {
  if (plan.file !== null) return fromFile(plan, plan.file, options);
  const word = plan.kind?.word ?? "nothing";
  const known: Readonly<Record<string, TokenizerDefinition>> = tokenizers;
  if (!Object.hasOwn(known, word)) throw fileError(unavailableTokenizer, "", { kind: word, kinds: Object.keys(known) });
  const definition = known[word];
  const settings = settingsOf(plan);
  const least = definition.least(settings.special.length + plan.sentinels);
  if (plan.vocab < least) throw fileError(smallVocabulary, "", { vocab: plan.vocab, least });
  if (!definition.trained || plan.trained_on === null) return named(plan, await definition.make({ ...settings, vocab: "vocab" in definition.parameters ? plan.vocab : least }, nothing()));
  return named(plan, await trained(plan, plan.trained_on, definition, options));
}

function settingsOf(plan: PlanTokenizer): TokenizerSettings {
  const unknown = plan.special.find(({ name }) => bare(name) === "unk")?.text;
  return { vocab: plan.vocab, special: plan.special.map((token) => token.text), sentinels: plan.sentinels, ...(unknown === undefined ? {} : { unknown }), arguments: plan.kind?.arguments ?? {} };
}

/** Special tokens are found by the names that the plan gives them, whatever their texts. */
function named(plan: PlanTokenizer, tokenizer: Tokenizer): Tokenizer {
  const names = new Map(plan.special.map(({ name, text }) => [bare(name), text]));
  return [...names].every(([name, text]) => text === `<${name}>`) ? tokenizer : makeTokenizer(readTokenizerJson(tokenizer.json(), "tokenizer.json"), { names });
}

/** `mask` of `<mask>`. */
function bare(name: string): string {
  return name.replace(/^<(.*)>$/s, "$1");
}

async function* nothing(): AsyncIterable<string> {}

async function trained(plan: PlanTokenizer, source: PlanSource, definition: TokenizerDefinition, options: TokenizerOptions): Promise<Tokenizer> {
  const settings = settingsOf(plan);
  const fingerprint = await fingerprintOf(source, options);
  const key = createHash("sha256").update(JSON.stringify([trainerVersion, definition.word, settings, canonical(source), fingerprint])).digest("hex");
  const path = options.cache === undefined ? null : join(options.cache, "tokenizers", `${key}.json`);
  let tokenizer = path === null ? null : cached(path);
  if (tokenizer === null) {
    tokenizer = await definition.make(settings, oneByOne(documentsOf(source, { ...options, what: "training tokenizer" })));
    if (path !== null) save(path, tokenizer);
  }
  warnIfShort(plan, source, tokenizer, options);
  return tokenizer;
}

/** As they are read: a corpus may be larger than the memory. */
async function* oneByOne(batches: AsyncIterable<readonly string[]>): AsyncIterable<string> {
  for await (const batch of batches) yield* batch;
}

/** A missing or damaged entry of the cache is no error: it is made again. */
function cached(path: string): Tokenizer | null {
  try {
    return makeTokenizer(readTokenizerJson(readFileSync(path, "utf8"), path));
  } catch {
    return null;
  }
}

/** A cache that cannot be written costs time, not the run. */
function save(path: string, tokenizer: Tokenizer): void {
  try {
    makeFolder(join(path, ".."));
    writeAtomically(path, tokenizer.json());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

function warnIfShort(plan: PlanTokenizer, source: PlanSource, tokenizer: Tokenizer, { warn }: TokenizerOptions): void {
  if (warn === undefined) return;
  let learned = 0;
  for (let id = 0; id < tokenizer.vocab; id++) if (tokenizer.text(id) !== "") learned++;
  if (learned < plan.vocab) warn(fileDiagnostic(shortVocabulary, namesOfSource(source).join(", "), { asked: plan.vocab, learned }));
}

async function fromFile(plan: PlanTokenizer, file: string, options: TokenizerOptions): Promise<Tokenizer> {
  const files = await resolveFiles([file], options.base);
  if (files.length !== 1) throw fileError(noFiles, file, { pattern: file, folder: resolve(options.base) });
  const parts = readTokenizerJson(await readWhole(files[0]), file);
  const { vocab } = parts.model;
  const ids = new Map<string, number>(parts.added.map((token) => [token.content, token.id]));
  vocab.forEach((token, id) => token !== undefined && !ids.has(token) && ids.set(token, id));
  const named = plan.special.map(({ name, text }) => ({ name: bare(name), text }));
  const missing = named.filter(({ text }) => !ids.has(text));
  if (missing.length > 0) {
    throw new UserError(missing.map(({ name, text }) => {
      const [close] = nearest(text, ids.keys());
      return fileDiagnostic(missingSpecialToken, file, { file, name, text, ...(close === undefined ? {} : { nearest: close }) });
    }));
  }
  const sentinels = sentinelsOf(plan.sentinels, ids, parts.added.reduce((most, token) => Math.max(most, token.id + 1), vocab.length));
  // What the plan calls special is special, even where the file has it as an ordinary token.
  const contents = new Map(parts.added.map((token) => [token.content, token]));
  for (const { text } of [...named, ...sentinels]) contents.set(text, { ...(contents.get(text) ?? plainToken(ids.get(text) ?? sentinels.find((s) => s.text === text)!.id, text)), special: true });
  const tokenizer = makeTokenizer(parts, {
    added: [...contents.values()].sort((a, b) => a.id - b.id),
    names: new Map([...named.map(({ name, text }) => [name, text] as const), ...sentinels.map(({ text }, i) => [sentinelText(i).slice(1, -1), text] as const)]),
    ...(plan.sentinels > 0 ? { sentinels: sentinels.map(({ id }) => id) } : {}),
  });
  if (plan.vocab > 0 && tokenizer.vocab > plan.vocab) throw fileError(vocabularyMismatch, file, { tokenizer: file, tokens: tokenizer.vocab, plan: plan.vocab });
  return tokenizer;
}

/** Sentinels that the vocabulary has under our names or T5's (`<extra_id_0>`); the others come after it. */
function sentinelsOf(count: number, ids: ReadonlyMap<string, number>, size: number): { id: number; text: string }[] {
  let next = size;
  return Array.from({ length: count }, (_, i) => {
    const text = [sentinelText(i), `<extra_id_${i}>`].find((name) => ids.has(name)) ?? sentinelText(i);
    return { text, id: ids.get(text) ?? next++ };
  });
}

function plainToken(id: number, content: string): AddedToken {
  return { id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false };
}
