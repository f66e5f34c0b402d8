// An `evaluate` declaration: the run that it measures, its prompt against its data, and its settings against each other.

import type { BlockDefinition } from "../../../grammar/blocks/define.ts";
import { blocks } from "../../../grammar/blocks/index.ts";
import { evaluate as block } from "../../../grammar/blocks/evaluate.ts";
import { conflictingFields } from "../../../grammar/diagnostics/PT3015-conflicting-fields.ts";
import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { evaluationWithoutRun } from "../../../grammar/diagnostics/PT5110-evaluation-without-run.ts";
import { unpromptableRun } from "../../../grammar/diagnostics/PT5111-unpromptable-run.ts";
import { unfitMetric } from "../../../grammar/diagnostics/PT5112-unfit-metric.ts";
import { shotsWithoutExamples } from "../../../grammar/diagnostics/PT5113-shots-without-examples.ts";
import { badAnswerPattern } from "../../../grammar/diagnostics/PT5115-bad-answer-pattern.ts";
import { unnamedPart } from "../../../grammar/diagnostics/PT5116-unnamed-part.ts";
import { aroundContent, type PlanChat } from "../../chat.ts";
import type { EvaluationSpec } from "../../evaluation-spec.ts";
import { checkpointOf, checkpointType } from "../../objectives/combinators.ts";
import type { PlanAnswer, PlanChoices, PlanShots } from "../../plan/evaluation.ts";
import type { Call, PlanSource } from "../../plan/schema.ts";
import { columnsOfSource, partsOfSource, withPart } from "../../plan/source.ts";
import type { RunSpec } from "../../run-spec.ts";
import { holesOf, type PlanPrompt } from "../../template.ts";
import type { Declared } from "../1-resolve/program.ts";
import { argumentsOf } from "./calls.ts";
import { choicesOf } from "./choices.ts";
import { silent, type Context } from "./context.ts";
import { entriesOf, partsOf } from "./data.ts";
import { decodingOf } from "./decoding.ts";
import { evaluate } from "./evaluate.ts";
import { checkFields } from "./fields.ts";
import { lookup } from "./names.ts";
import { checkRun } from "./run.ts";
import { sourceOf, whereOf } from "./sources.ts";
import { chatOf, checkHoles } from "./templates.ts";
import { plain, type Value, type Values } from "./values.ts";

/** Null after a report. */
export function checkEvaluation(declared: Declared, context: Context): EvaluationSpec | null {
  const before = context.sink.errors;
  const where = whereOf(declared, {}, context);
  if (!where) return null;
  const of = measuredRun(declared, context);
  const values = checkFields(declared.fields, block.fields, where, context);
  const data = values.data?.kind === "data" ? sourceOf(values.data.declared, values.data.part, context) : null;
  const chat = values.template?.kind === "declaration" ? chatOf(values.template.declared, context) : null;
  const prompt = values.prompt?.kind === "prompt" ? values.prompt : null;
  if (data && values.data?.kind === "data") refuseUnnamedPart(values.data, context);
  if (data && prompt) for (const side of [prompt.inputs, prompt.targets]) checkHoles(side, columnsOfSource(data), plain(values.data) as string, context);
  if (context.sink.errors !== before || declared.incomplete || of === undefined || !data || !prompt) return null;

  const choices = choicesOf(values, prompt, data, context);
  const shots = shotsOf(values, prompt, data, context);
  const answer = answerOf(values.chain_of_thought, context);
  idleFields(declared, choices, chat, context);
  checkMetrics(values.metrics, prompt, data, choices, context);
  if (of === null) return null;
  const { run } = of;
  if (!run.heads.some((head) => head.name === "lm" && head.stack.word === "decoder")) context.sink.report(unpromptableRun, declared.place, { run: run.name, heads: run.heads.map((head) => head.name) });
  const decode = choices || values.decode?.kind !== "call" ? null
    : decodingOf(values.decode, { tokenizer: run.tokenizer, name: run.tokenizerDeclared?.name ?? "ids", why: "ends the answers", place: declared.place }, context);
  if (context.sink.errors !== before || choices === undefined || !shots) return null;
  return {
    kind: "evaluate", name: declared.name, declared, place: declared.place, values, of,
    settings: {
      data,
      prompt: plain(prompt) as unknown as PlanPrompt,
      template: chat,
      shots: { ...shots, separator: chat ? null : shots.separator },
      choices,
      decode,
      stop: choices ? [] : values.stop ? (plain(values.stop) as string[]) : [chat ? aroundContent(chat, "assistant").after : (shots.separator ?? "")].filter((text) => text !== ""),
      chain_of_thought: answer,
      metrics: plain(values.metrics) as unknown as readonly Call[],
      limit: values.limit?.kind === "number" ? values.limit.value : null,
      seeds: { run: plain(values.seed) as number },
    },
  };
}

/** Without its name the part of a source with a split would be `train`. */
function refuseUnnamedPart({ declared, part, origin }: Value & { kind: "data" }, context: Context): void {
  const open = entriesOf(declared, part, silent(context))?.find((entry) => entry.part === null && entry.declared.fields.has("split"));
  if (open) context.sink.report(unnamedPart, origin.place!, { data: open.declared.name, parts: partsOf(open.declared, context) });
}

/** The run after `of`, its own or that of what it extends; undefined after a report, null in a file without runs, which is there to be imported: the evaluation is one to extend. */
function measuredRun(declared: Declared, context: Context): EvaluationSpec["of"] | undefined | null {
  let holder: Declared | null = declared;
  while (holder && !holder.node.relations.some((relation) => relation.word === "of")) holder = holder.base;
  const relation = holder?.node.relations.find((candidate) => candidate.word === "of");
  if (!holder || !relation) {
    if (!declared.scope.declarations.some((other) => (blocks as Readonly<Record<string, BlockDefinition>>)[other.word].run)) return null;
    if (!declared.incomplete) context.sink.report(evaluationWithoutRun, declared.place, { name: declared.name });
    return undefined;
  }
  const found = lookup(relation.target, { what: "declaration", kinds: ["pretrain", "finetune"] }, holder.scope, context);
  if (found?.kind !== "declaration") return undefined;
  const since = context.sink.errors;
  const given = argumentsOf(relation.arguments ?? [], [{ name: "checkpoint", positional: false }], found.declared.name, holder.scope, context);
  const checkpoint = checkpointOf(given.checkpoint ? evaluate(given.checkpoint, checkpointType, context) : null);
  const run: RunSpec | null = checkRun(found.declared, context);
  return run && context.sink.errors === since ? { run, checkpoint } : undefined;
}

/** How many solved examples, and where they come from; null after a report. */
function shotsOf(values: Values, prompt: Value & { kind: "prompt" }, data: PlanSource, context: Context): PlanShots | null {
  const counts = [...new Set(plain(values.shots) as number[])].sort((a, b) => a - b);
  const separator = plain(values.separator) as string;
  const given = values.shots_from?.kind === "data" ? sourceOf(values.shots_from.declared, values.shots_from.part, context) : null;
  if (values.shots_from && !given) return null;
  if (given) for (const side of [prompt.inputs, prompt.targets]) checkHoles(side, columnsOfSource(given), plain(values.shots_from) as string, context);
  // Holes of choices are filled in solved examples too.
  if (given && values.choices?.kind === "list") for (const item of values.choices.items) if (item.kind === "template") checkHoles(item.text, columnsOfSource(given), plain(values.shots_from) as string, context);
  if (counts.at(-1) === 0) return { counts, from: null, separator };
  const split = partsOfSource(data).includes("train");
  if (!given && !split) {
    context.sink.report(shotsWithoutExamples, values.shots.origin.place!, { shots: counts.at(-1)!, data: plain(values.data) as string });
    return null;
  }
  return { counts, from: given ?? withPart(data, "train"), separator };
}

/** A pattern has one group; either it or a text says where the answer is. */
function answerOf(value: Value | undefined, context: Context): PlanAnswer | null {
  if (value?.kind !== "section") return null;
  const text = (name: string): string | null => (value.fields[name]?.kind === "text" ? value.fields[name].value : null);
  const [after, pattern] = [text("after"), text("pattern")];
  if ((after === null) === (pattern === null)) {
    context.sink.report(conflictingFields, value.origin.place!, { group: ["after", "pattern"], given: after === null ? [] : ["after", "pattern"], where: "`chain_of_thought`" });
    return null;
  }
  const problem = pattern === null ? (after === "" ? "is empty: the answer follows some text" : null) : patternProblem(pattern);
  if (problem) context.sink.report(badAnswerPattern, (value.fields.pattern ?? value.fields.after).origin.place!, { problem });
  return { after, pattern };
}

function patternProblem(pattern: string): string | null {
  try {
    const groups = new RegExp(`${pattern}|`, "u").exec("")!.length - 1;
    return groups === 1 ? null : `has ${groups} groups, not one`;
  } catch (error) {
    return `is no regular expression (${(error as Error).message.replace(/^.*: /, "")})`;
  }
}

/** Fields that were given and have no use. */
function idleFields(declared: Declared, choices: PlanChoices | null | undefined, chat: PlanChat | null, context: Context): void {
  const refuse = (names: readonly string[], because: string): void => {
    for (const name of names) {
      const entry = declared.fields.get(name);
      if (entry) context.sink.report(incompleteDeclaration, entry.place, { field: name, because: `has no use: ${because}`, needs: "remove it" });
    }
  };
  if (choices) refuse(["decode", "stop", "chain_of_thought"], "with `choices` nothing is generated");
  if (choices === null) refuse(["normalize"], "without `choices` nothing is ranked");
  if (chat) refuse(["separator"], "the template says how messages follow one another");
}

/** Of texts any metric; of labels where there are choices or classes; of numbers where the answer is one. */
function checkMetrics(value: Value | undefined, prompt: Value & { kind: "prompt" }, data: PlanSource, choices: PlanChoices | null | undefined, context: Context): void {
  if (value?.kind !== "list" || choices === undefined) return;
  const [hole, ...more] = holesOf(prompt.targets.template);
  const type = hole !== undefined && !more.length ? columnsOfSource(data)[hole]?.type : undefined;
  const fits: readonly string[] = ["texts", ...(choices || type === "class" ? ["labels"] : []), ...(type === "number" ? ["numbers"] : [])];
  for (const item of value.items) {
    if (item.kind !== "call") continue;
    const { from } = context.catalog.metrics[item.word];
    if (!fits.includes(from)) context.sink.report(unfitMetric, item.origin.place!, { metric: item.word, from, known: Object.values(context.catalog.metrics).filter((one) => fits.includes(one.from)).map((one) => one.word) });
  }
}
