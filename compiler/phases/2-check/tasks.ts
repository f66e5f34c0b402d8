// What a `finetune` learns: a task, or a mixture of tasks that write texts, each with its data.

import { missingField } from "../../../grammar/diagnostics/PT3003-missing-field.ts";
import { taskMixtureData } from "../../../grammar/diagnostics/PT5120-task-mixture-data.ts";
import { unmixableTask } from "../../../grammar/diagnostics/PT5121-unmixable-task.ts";
import type { PlanSource } from "../../plan/schema.ts";
import { partsOfSource, withPart } from "../../plan/source.ts";
import { holesOf, type Template } from "../../template.ts";
import { valueText } from "../../value-text.ts";
import type { Context } from "./context.ts";
import type { Where } from "./fields.ts";
import { taskOf, withLabels, type Task } from "./task.ts";
import type { Values } from "./values.ts";

export interface Tasks {
  /** At least one. */
  readonly list: readonly Task[];
  /** As text of the language. */
  readonly text: string;
  /** Of one task its data; of several a mixture with an entry for each, by its name. */
  readonly data: PlanSource;
}

/** `whole` is the run's `data`, which it needs only for tasks without their own. Null after a report. */
export function tasksOf({ task: value, data: field }: Values, whole: PlanSource | null, where: Where, context: Context): Tasks | null {
  if (value?.kind !== "call" && value?.kind !== "mixture") return null;
  const before = context.sink.errors;
  const entries = value.kind === "mixture" ? value.entries : [{ weight: 1, value }];
  if (!field && entries.some((entry) => entry.value.arguments.data?.kind !== "data")) {
    if (!where.incomplete) context.sink.report(missingField, where.place, { names: ["data"], where: where.what });
    return null;
  }
  const list = entries.map((entry): Task | null => {
    const task = taskOf(entry.value, whole, where.place, context);
    return task && { ...task, weight: entry.weight };
  });
  if (context.sink.errors !== before || list.some((task) => task === null)) return null;
  const made = list.map((task) => task!);
  const text = valueText(value);
  if (value.kind === "call") return { list: made, text, data: withLabels(made[0].data, made[0].classes) };
  for (const { facts, place } of made) if (facts.loss !== "tokens") context.sink.report(unmixableTask, place, { task: facts.word, known: Object.values(context.catalog.tasks).filter(({ loss }) => loss === "tokens").map(({ word }) => word) });
  const total = made.reduce((sum, { weight }) => sum + weight, 0);
  const names = entryNames(made);
  const sources = made.flatMap(({ data, weight, place }, i) => {
    if (data.kind !== "mixture" && made[i].heldOut?.kind !== "mixture") return [{ name: names[i], share: weight / total, source: data }];
    context.sink.report(taskMixtureData, place, { task: made[i].facts.word });
    return [];
  });
  return context.sink.errors === before ? { list: made, text, data: { kind: "mixture", entries: sources } } : null;
}

/** `spelling`, `spelling_2`: metrics are given by these names. Of several tasks on the run's data each is called by its prompt. */
export function entryNames(tasks: readonly Task[]): string[] {
  const names = tasks.map(({ name, facts, prompt }) => (tasks.length > 1 && name === facts.word && prompt ? (nameOfPrompt(prompt) ?? name) : name));
  const used = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let again = 2; used.has(own); again++) own = `${name}_${again}`;
    used.add(own);
    return own;
  });
}

/** `cola_sentence` of `"cola sentence: {sentence}" -> …`: its first three words, else those that the answer begins with, else its columns (`word_to_sounds`). Null without any. */
function nameOfPrompt({ inputs, targets }: NonNullable<Task["prompt"]>): string | null {
  const [asked, answered] = [inputs.template, targets.template];
  const wordsOf = (template: Template): string => {
    const [first] = template;
    return (first && "text" in first ? (first.text.toLowerCase().match(/[a-z0-9]+/g) ?? []) : []).slice(0, 3).join("_");
  };
  const columns = [asked, answered].map((template) => holesOf(template).join("_"));
  const name = wordsOf(asked) || wordsOf(answered) || (columns.every((one) => one) ? columns.join("_to_") : "");
  return name === "" ? null : /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Parts of a source that examples may be held out in, in the order of preference. */
const heldOutParts = ["valid", "test"];

/** What tasks are measured on by themselves: the data that they name, else a held-out part of their own; of several those that have some. Null where there is none. */
export function heldOutOf({ list, data }: Tasks): PlanSource | null {
  if (list.length === 1) return list[0].heldOut ?? partHeldOut(data);
  const names = entryNames(list);
  const total = list.reduce((sum, { weight }) => sum + weight, 0);
  const entries = list.flatMap((task, i) => {
    const source = task.heldOut ?? partHeldOut(task.data);
    return source && source.kind !== "mixture" ? [{ name: names[i], share: task.weight / total, source }] : [];
  });
  return entries.length ? { kind: "mixture", entries } : null;
}

function partHeldOut(source: PlanSource): PlanSource | null {
  const part = heldOutParts.find((name) => partsOfSource(source).includes(name));
  return part === undefined ? null : withPart(source, part);
}

/** What metrics can be computed from, of the predictions of any of them. */
export function kindsGiven(tasks: readonly Task[]): string[] {
  return [...new Set(tasks.flatMap(({ gives }) => gives))];
}
