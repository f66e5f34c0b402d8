// Data sources and tokenizers as a plan holds them.

import { importNotFound } from "../../../grammar/diagnostics/PT2004-import-not-found.ts";
import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { repeatedToken } from "../../../grammar/diagnostics/PT3032-repeated-token.ts";
import { splitShares } from "../../../grammar/diagnostics/PT3021-split-shares.ts";
import { conflictingArguments } from "../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { noText } from "../../../grammar/diagnostics/PT7053-no-text.ts";
import { syntheticTokenizer } from "../../../grammar/diagnostics/PT7054-synthetic-tokenizer.ts";
import { wrongColumns } from "../../../grammar/diagnostics/PT7052-wrong-columns.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { tooManySentinels } from "../../../grammar/diagnostics/PT5009-too-many-sentinels.ts";
import { damagedTokenizer } from "../../../grammar/diagnostics/PT7008-damaged-tokenizer.ts";
import { data as dataBlock } from "../../../grammar/blocks/data.ts";
import { tokenizer as tokenizerBlock } from "../../../grammar/blocks/tokenizer.ts";
import type { Call, PlanColumn, PlanFiles, PlanSource, PlanSynthetic, PlanTokenizer } from "../../plan/schema.ts";
import { leavesOfSource } from "../../plan/source.ts";
import type { Declared } from "../1-resolve/program.ts";
import { bindParameters, type Given } from "./calls.ts";
import type { Context } from "./context.ts";
import { entriesOf } from "./data.ts";
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
  if (!declared.value) return leafOf(declared, part, context);
  const entries = entriesOf(declared, part, context);
  if (!entries) return null;
  const sources = entries.map((entry) => leafOf(entry.declared, entry.part, context));
  if (sources.some((source) => source === null)) return null;
  if (entries.length === 1) return sources[0];
  const names = distinct(entries.map((entry) => entry.declared.name));
  return { kind: "mixture", entries: entries.map(({ share }, i) => ({ name: names[i], share, source: sources[i]! })) };
}

/** `novels`, `novels_2`: metrics are given by these names. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  });
}

function leafOf(declared: Declared, part: string | null, context: Context): PlanFiles | PlanSynthetic | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, dataBlock.fields, where, context);
  if (!declared.incomplete) checkExactlyOne(dataBlock.exactly_one ?? [], declared.fields, where, context);
  const split = splitOf(values.split, declared, context);
  const of = { split, part: part ?? (split ? "train" : null) };
  if (values.synthetic?.kind === "call") {
    for (const name of ["format", "columns", "clean", "malformed"]) {
      if (declared.fields.has(name)) context.sink.report(incompleteDeclaration, declared.fields.get(name)!.place, { field: name, because: "has no use: synthetic data is drawn, not read", needs: "remove it" });
    }
    const generator = plain(values.synthetic) as Call;
    const problem = context.catalog.synthetic[generator.word].problem?.(generator.arguments);
    if (problem) context.sink.report(conflictingArguments, values.synthetic.origin.place ?? where.place, { word: generator.word, problem });
    return context.sink.errors !== before || declared.incomplete ? null : { kind: "synthetic", generator, ...of };
  }
  const format = values.format?.kind === "choice" ? values.format.word : "text";
  const table = columnsOf(values.columns, format, declared, context);
  const clean = values.clean?.kind === "list" ? values.clean.items : values.clean ? [values.clean] : [];
  if (context.sink.errors !== before || declared.incomplete) return null;
  const whole = table.text !== null && (table.columns[table.text]?.type ?? "string") === "string";
  const needs = (field: string, does: string): void => context.sink.report(incompleteDeclaration, declared.fields.get(field)!.place, { field, because: `${does}, and the source has no one column of type \`string\` to read`, needs: "call one of the columns `text`" });
  if (clean.length && !whole) needs("clean", "works on texts");
  if (split?.by === "position" && !whole) needs("split", "by position cuts texts");
  if (context.sink.errors !== before) return null;
  const files = values.files.kind === "list" ? values.files.items.map((item) => plain(item) as string) : [plain(values.files) as string];
  return { kind: "files", files, format, ...table, clean: clean.flatMap((rule) => rulesOf(plain(rule) as Call, context)), malformed: plain(values.malformed) as number, ...of };
}

/** A rule, or those that a preset stands for. */
function rulesOf(call: Call, { catalog }: Context): readonly Call[] {
  return catalog.cleaners[call.word].rules?.(call.arguments) ?? [call];
}

function splitOf(value: Value | undefined, declared: Declared, context: Context): PlanFiles["split"] {
  if (value?.kind !== "section") return null;
  const split = value.fields;
  const shares = Object.fromEntries(["train", "valid", "test"].flatMap((name) => (split[name]?.kind === "number" && split[name].value > 0 ? [[name, split[name].value]] : [])));
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  if (Math.abs(total - 1) > 1e-9) context.sink.report(splitShares, declared.fields.get("split")!.place, { total: Number((100 * total).toPrecision(6)) });
  return { by: split.by?.kind === "choice" && split.by.word === "position" ? "position" : "document", parts: shares };
}

/** Columns against what the format can hold, and the one that pretraining reads. */
function columnsOf(value: Value | undefined, format: string, declared: Declared, context: Context): Pick<PlanFiles, "columns" | "text"> {
  const { table } = context.catalog.sources[format];
  const given = value?.kind === "section" ? value.fields : null;
  const report = (place: Place, problem: string, instead: string): void => context.sink.report(wrongColumns, place, { format, problem, instead });
  const place = declared.fields.get("columns")?.place ?? declared.place;
  if (table === "document" && !given) return { columns: {}, text: "text" };
  const columns: Record<string, PlanColumn> = {};
  for (const [name, column] of Object.entries(given ?? {})) {
    if (column.kind !== "call") continue;
    const args = plainAll(column.arguments) as Call["arguments"];
    const { column: from = table === "document" ? "text" : name, labels = null, pattern, names, step } = args as { column?: string | number; labels?: readonly string[] | null; pattern?: string; names?: readonly string[]; step?: number };
    const { formats, problem, image } = context.catalog.columns[column.word];
    const unfit = problem?.(args);
    if (unfit) context.sink.report(conflictingArguments, column.origin.place ?? place, { word: column.word, problem: unfit });
    columns[name] = { type: column.word, column: from, labels, ...(pattern === undefined ? {} : { pattern }), ...(names ? { names } : {}), ...(step === undefined ? {} : { step }), ...(image && !unfit ? { image: image(args) } : {}) };
    const wrong = pattern === undefined ? null : problemOfPattern(pattern);
    if (wrong !== null) report(column.arguments.pattern?.origin.place ?? place, `has a column with a pattern that is no regular expression: ${wrong}`, "mend the pattern; a backslash in a string is written twice: `\"(\\\\d+)\"`");
    if (table === "document" && from !== "text" && from !== "path") report(column.origin.place ?? place, `has no column \`${from}\`: a document is a \`text\` with a \`path\``, "take a part of one by a pattern: `string(column: \"text\", pattern: \"^(.*)$\")`");
    if (names && names.length !== labels?.length) report(column.origin.place ?? place, `has ${names.length} \`names\` of classes for ${labels?.length ?? "no"} \`labels\``, "give `labels: […]`, with one name for each");
    if (names && new Set(names).size < names.length) report(column.origin.place ?? place, "has two classes of one name", "give each class a name of its own");
    if (formats && !formats.includes(format)) report(column.origin.place ?? place, `has no column of type \`${column.word}\``, `\`${column.word}\` is read from ${formats.map((one) => `\`${one}\``).join(", ")}`);
    if (labels && new Set(labels).size < labels.length) report(column.origin.place ?? place, `has a class twice in \`labels\``, "name each class once");
    const numbered = typeof from === "number";
    if (numbered && table === "names") report(column.origin.place ?? place, "names its columns, so none has a number", `give its name: \`${column.word}(column: "…")\``);
  }
  const all = Object.values(columns);
  if (table === "header" && new Set(all.map((column) => typeof column.column)).size > 1) report(place, "cannot mix columns by name (a file with a header) and by number (a file without one)", "name all of them, or number all of them");
  if (declared.fields.get("columns")?.section?.size === 0) report(place, "has no column to read", "name one: `columns { text: string }`");
  if (given) return { columns, text: textOf(columns, context) };
  if (format === "idx") report(declared.place, "needs `columns` that say what is read", "write `columns { image: image  label: class }`");
  return { columns: { text: { type: "string", column: "text", labels: null } }, text: "text" };
}

function problemOfPattern(pattern: string): string | null {
  try {
    new RegExp(pattern, "gu");
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, "");
  }
}

/** The column that pretraining reads: the only one of text, else the one called `text`. */
function textOf(columns: PlanFiles["columns"], { catalog }: Context): string | null {
  const texts = Object.keys(columns).filter((name) => catalog.columns[columns[name].type].text);
  return texts.length === 1 ? texts[0] : texts.includes("text") ? "text" : null;
}

/** Reports where there is no one text to pretrain on. */
export function needText(source: PlanSource, place: Place, context: Context): void {
  for (const leaf of leavesOfSource(source)) {
    if (leaf.kind === "files" && leaf.text === null) context.sink.report(noText, place, { columns: Object.entries(leaf.columns).map(([name, { type }]) => `${name}: ${type}`) });
  }
}

/** The tokenizer of a run on synthetic data that names none: an id is a number. Of images one id is enough: there is no text. */
export function idsTokenizer(source: PlanSource, context: Context): PlanTokenizer {
  const vocab = Math.max(1, ...leavesOfSource(source).map((leaf) => (leaf.kind === "synthetic" ? context.catalog.synthetic[leaf.generator.word].ids(leaf.generator.arguments) : 0)));
  return { kind: { word: "ids", arguments: { vocab } }, file: null, trained_on: null, special: [], sentinels: 0, vocab };
}

/** Synthetic data is ids: a tokenizer of text would cut their digits apart. */
export function checkIds(source: PlanSource, tokenizer: PlanTokenizer, name: string, place: Place, context: Context): void {
  const room = tokenizer.vocab - tokenizer.special.length - tokenizer.sentinels;
  for (const leaf of leavesOfSource(source)) {
    if (leaf.kind !== "synthetic") continue;
    const ids = context.catalog.synthetic[leaf.generator.word].ids(leaf.generator.arguments);
    if (tokenizer.kind?.word !== "ids" || room < ids) context.sink.report(syntheticTokenizer, place, { tokenizer: name, generator: leaf.generator.word, ids, room: tokenizer.kind?.word === "ids" ? room : null });
  }
}

/** Null after a report. */
export function tokenizerOf(declared: Declared, context: Context): PlanTokenizer | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const values = checkFields(declared.fields, tokenizerBlock.fields, where, context);
  checkExactlyOne(tokenizerBlock.exactly_one ?? [], declared.fields, where, context);
  refuseRepeated(values.special, context);
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
  if (trainedOn) needText(trainedOn, values.trained_on.origin.place ?? where.place, context);
  const least = facts.least(special.length + sentinels);
  const given = plainAll(kind.arguments).vocab;
  const vocab = typeof given === "number" ? given : least;
  if (vocab < least) context.sink.report(tooManySentinels, kind.arguments.vocab?.origin.place ?? where.place, { vocab, special: special.length + sentinels });
  if (context.sink.errors !== before || declared.incomplete) return null;
  return { kind: plain(kind) as Call, file: null, trained_on: trainedOn, special, sentinels, vocab };
}

function refuseRepeated(value: Value | undefined, context: Context): void {
  const seen = new Set<string>();
  for (const item of value?.kind === "list" ? value.items : []) {
    if (item.kind !== "token") continue;
    if (seen.has(item.name) && item.origin.place) context.sink.report(repeatedToken, item.origin.place, { token: item.name });
    seen.add(item.name);
  }
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

