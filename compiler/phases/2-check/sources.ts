// Data sources and tokenizers as a plan holds them.

import { importNotFound } from "../../../grammar/diagnostics/PT2004-import-not-found.ts";
import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { splitShares } from "../../../grammar/diagnostics/PT3021-split-shares.ts";
import { tooManySentinels } from "../../../grammar/diagnostics/PT5009-too-many-sentinels.ts";
import { damagedTokenizer } from "../../../grammar/diagnostics/PT7008-damaged-tokenizer.ts";
import { data as dataBlock } from "../../../grammar/blocks/data.ts";
import { tokenizer as tokenizerBlock } from "../../../grammar/blocks/tokenizer.ts";
import type { Call, PlanSource, PlanTokenizer } from "../../plan/schema.ts";
import type { Declared } from "../1-resolve/program.ts";
import { bindParameters, type Given } from "./calls.ts";
import type { Context } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { checkExactlyOne, checkFields, type Where } from "./fields.ts";
import { join } from "./paths.ts";
import { plain, plainAll, type Value } from "./values.ts";

/** Where the fields of a declaration are evaluated; null after a report. */
export function whereOf(declared: Declared, given: Given, context: Context): Where | null {
  const inner = bindParameters(declared, given, declared.place, context);
  if (!inner) return null;
  const own = inner(declared.scope);
  for (const { statement, scope } of declared.lets) {
    if (statement.kind !== "let") continue;
    const thunk = { expression: statement.value, scope: inner(scope), origin: { how: "written", place: { file: scope.source.file, text: scope.source.text, span: statement.value.span } } } as const;
    own.bindings.set(statement.name.text, [{ kind: "let", name: statement.name.text, thunk, place: { file: scope.source.file, text: scope.source.text, span: statement.name.span } }]);
  }
  return { what: `the ${declared.word} \`${declared.name}\``, place: declared.place, scope: own, inner, incomplete: declared.incomplete };
}

/** A source, or one part of it; null after a report. */
export function sourceOf(declared: Declared, part: string | null, context: Context): PlanSource | null {
  const before = context.sink.errors;
  if (declared.value) {
    const value = evaluate(declared.value, { type: "data" }, context);
    return value?.kind === "data" ? sourceOf(value.declared, part ?? value.part, context) : null;
  }
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, dataBlock.fields, where, context);
  const split = values.split?.kind === "section" ? values.split.fields : null;
  let parts: PlanSource["split"] = null;
  if (split) {
    const shares = Object.fromEntries(["train", "valid", "test"].flatMap((name) => (split[name]?.kind === "number" && split[name].value > 0 ? [[name, split[name].value]] : [])));
    const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
    if (Math.abs(total - 1) > 1e-9) context.sink.report(splitShares, declared.fields.get("split")!.place, { total: Number((100 * total).toPrecision(6)) });
    parts = { by: split.by?.kind === "choice" && split.by.word === "position" ? "position" : "document", parts: shares };
  }
  if (context.sink.errors !== before || declared.incomplete) return null;
  const files = values.files.kind === "list" ? values.files.items.map((item) => plain(item) as string) : [plain(values.files) as string];
  return { files, format: plain(values.format) as string, split: parts, part: part ?? (parts ? "train" : null) };
}

/** Null after a report. */
export function tokenizerOf(declared: Declared, context: Context): PlanTokenizer | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, tokenizerBlock.fields, where, context);
  checkExactlyOne(tokenizerBlock.exactly_one ?? [], declared.fields, where, context);
  if (context.sink.errors !== before || declared.incomplete) return null;
  const special = specialTokens(values.special);
  const sentinels = plain(values.sentinels) as number;
  if (values.file) return fromFile(declared, plain(values.file) as string, special, sentinels, context);
  const kind = values.kind as Value & { kind: "call" };
  const facts = context.catalog.tokenizers[kind.word];
  if (facts.trained && !values.trained_on) context.sink.report(incompleteDeclaration, values.kind.origin.place ?? where.place, { field: kind.word, because: "is trained, and the tokenizer does not say on what", needs: "add `trained_on: NAME`, a data source" });
  if (!facts.trained && values.trained_on) context.sink.report(incompleteDeclaration, declared.fields.get("trained_on")!.place, { field: "trained_on", because: `has no use: \`${kind.word}\` needs no training`, needs: "remove it" });
  for (const name of facts.tokens ?? []) {
    if (!special.some((token) => token.name === name)) context.sink.report(incompleteDeclaration, values.kind.origin.place ?? where.place, { field: kind.word, because: `has texts that it cannot spell, which become \`<${name}>\``, needs: `add \`<${name}>\` to \`special\`` });
  }
  const trainedOn = values.trained_on?.kind === "data" ? sourceOf(values.trained_on.declared, values.trained_on.part, context) : null;
  const least = facts.least(special.length + sentinels);
  const given = plainAll(kind.arguments).vocab;
  const vocab = typeof given === "number" ? given : least;
  if (vocab < least) context.sink.report(tooManySentinels, kind.arguments.vocab?.origin.place ?? where.place, { vocab, special: special.length + sentinels });
  if (context.sink.errors !== before || declared.incomplete) return null;
  return { kind: plain(kind) as Call, file: null, trained_on: trainedOn, special, sentinels, vocab };
}

function specialTokens(value: Value | undefined): { name: string; text: string }[] {
  if (value?.kind === "list") return value.items.flatMap((item) => (item.kind === "token" ? [{ name: item.name, text: `<${item.name}>` }] : []));
  if (value?.kind === "section") return Object.entries(value.fields).map(([name, text]) => ({ name, text: plain(text) as string }));
  return [];
}

function fromFile(declared: Declared, file: string, special: readonly { name: string; text: string }[], sentinels: number, context: Context): PlanTokenizer | null {
  const place = declared.fields.get("file")!.place;
  const read = context.host.read(join(context.folder, file));
  if (!read) {
    context.sink.report(importNotFound, place, { path: file });
    return null;
  }
  if ("diagnostic" in read) {
    context.sink.add(read.diagnostic);
    return null;
  }
  const facts = context.catalog.readTokenizer(read.text);
  if ("problem" in facts) {
    context.sink.report(damagedTokenizer, place, { file, reason: facts.problem });
    return null;
  }
  return { kind: null, file, trained_on: null, special, sentinels, vocab: facts.vocab };
}

/** Id of a special token by name, or null. */
export function specialId(tokenizer: PlanTokenizer, name: string, context: Context): number | null {
  const index = tokenizer.special.findIndex((token) => token.name === name);
  if (index < 0) return null;
  if (tokenizer.file === null) return tokenizer.vocab - tokenizer.sentinels - tokenizer.special.length + index;
  const read = context.host.read(join(context.folder, tokenizer.file));
  const facts = read && "text" in read ? context.catalog.readTokenizer(read.text) : null;
  return facts && "ids" in facts ? (facts.ids[tokenizer.special[index].text] ?? null) : null;
}

