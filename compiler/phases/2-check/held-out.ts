// What a run is measured on while it trains, and by which metrics.

import { incompleteDeclaration } from "../../../grammar/diagnostics/PT3022-incomplete-declaration.ts";
import { conflictingArguments } from "../../../grammar/diagnostics/PT3023-conflicting-arguments.ts";
import { misplacedMetric } from "../../../grammar/diagnostics/PT5030-misplaced-metric.ts";
import { nothingHeldOut } from "../../../grammar/diagnostics/PT5064-nothing-held-out.ts";
import { taskMetric } from "../../../grammar/diagnostics/PT5063-task-metric.ts";
import type { Call, Plan } from "../../plan/schema.ts";
import type { RunSpec } from "../../run-spec.ts";
import { defaultValue, type Where } from "./fields.ts";
import type { Context } from "./context.ts";
import { fieldsOf, numberOr } from "./run-fields.ts";
import { needText, sourceOf } from "./sources.ts";
import { checkColumns, withLabels, type Task } from "./task.ts";
import { heldOutOf, kindsGiven, type Tasks } from "./tasks.ts";
import { plain, type Value, type Values } from "./values.ts";

/** Of a pretraining: losses on the data that it names. */
export function evaluationOf(value: Value | undefined, context: Context): Plan["evaluation"] {
  const fields = fieldsOf(value);
  if (fields?.data?.kind !== "data") return null;
  const data = sourceOf(fields.data.declared, fields.data.part, context);
  const metrics = fields.metrics?.kind === "list" ? fields.metrics.items.flatMap((item) => metricOf(item, context)) : [];
  if (data) needText(data, fields.data.origin.place ?? value!.origin.place!, context);
  return data && { every: numberOr(fields.every, null), data, metrics };
}

/** A metric of token losses, or a report. */
function metricOf(item: Value, { catalog, sink }: Context): Call[] {
  if (item.kind !== "call") return [];
  const { from } = catalog.metrics[item.word];
  if (from !== "losses" && from !== "scores" && item.origin.place) sink.report(misplacedMetric, item.origin.place, { metric: item.word, from, known: Object.values(catalog.metrics).filter((one) => one.from === "losses").map((one) => one.word) });
  return [plain(item) as Call];
}

/** Scores are what a comparison gives. */
export function checkScores(value: Value | undefined, { layout }: RunSpec, { catalog, sink }: Context): void {
  const metrics = fieldsOf(value)?.metrics;
  if (metrics?.kind !== "list" || layout.losses.some(({ kind }) => kind === "contrastive")) return;
  for (const item of metrics.items) {
    if (item.kind !== "call" || catalog.metrics[item.word].from !== "scores" || !item.origin.place) continue;
    sink.report(misplacedMetric, item.origin.place, { metric: item.word, from: "scores", known: Object.values(catalog.metrics).filter((one) => one.from === "losses").map((one) => one.word) });
  }
}

/** Of a task: the data that it names, else a held-out part of its own data; null where there is none. */
export function taskEvaluation(values: Values, tasks: Tasks, where: Where, context: Context): Plan["evaluation"] {
  const { sink } = context;
  const fields = fieldsOf(values.evaluate);
  const { list } = tasks;
  const [task, ...more] = list;
  const named = fields?.data?.kind === "data" ? sourceOf(fields.data.declared, fields.data.part, context) : null;
  if (fields?.data && !named) return null;
  if (named && more.length) {
    sink.report(incompleteDeclaration, fields!.data.origin.place ?? where.place, { field: "evaluate.data", because: "has no use: each task of a mixture is measured on data of its own", needs: "remove it, and give the data of the tasks a `split`, or each of them `held_out: NAME`" });
    return null;
  }
  if (named) checkColumns(task, named, fields!.data.origin.place ?? where.place, context);
  const source = named ?? heldOutOf(tasks);
  const metrics = withLoss(metricsOf(values.metrics, list, where, context));
  if (source) return { every: numberOr(fields?.every, null), data: withLabels(source, task.classes), metrics };
  const asked = values.metrics?.origin.place ?? fields?.every?.origin.place ?? values.compare_with?.origin.place ?? (values.examples?.kind === "list" ? values.examples.origin.place : undefined);
  if (asked) sink.report(nothingHeldOut, asked, { run: where.what });
  return null;
}

/** The loss is always measured. */
function withLoss(metrics: readonly Call[]): readonly Call[] {
  return metrics.some(({ word }) => word === "loss") ? metrics : [...metrics, { word: "loss", arguments: {} }];
}

/** What was asked for, each fitting the predictions of the task, or what is usual for it. */
function metricsOf(value: Value | undefined, tasks: readonly Task[], where: Where, context: Context): Call[] {
  const [{ facts }] = tasks;
  const gives = kindsGiven(tasks);
  if (value?.kind !== "list") return facts.metrics.flatMap((word) => {
    const usual = defaultValue(word, { type: "word", registry: "metric" }, where, context);
    return usual ? [plain(usual) as Call] : [];
  });
  const fits = (from: string): boolean => gives.includes(from);
  return value.items.flatMap((item): Call[] => {
    if (item.kind !== "call") return [];
    const { from } = context.catalog.metrics[item.word];
    if (!fits(from) && item.word !== "loss") {
      context.sink.report(taskMetric, item.origin.place ?? where.place, { metric: item.word, from, task: facts.word, gives: gives.join(" and "), known: ["loss", ...Object.values(context.catalog.metrics).filter((one) => fits(one.from)).map((one) => one.word)] });
      return [];
    }
    return [tasks.length > 1 ? (plain(item) as Call) : withPositive(plain(item) as Call, item, tasks[0], where, context)];
  });
}

/** Labels are compared as ids: the positive class as its id. The default, 1, is the class of that name, else the second one. */
function withPositive(call: Call, item: Value & { kind: "call" }, { classes }: Task, where: Where, { sink }: Context): Call {
  const { average, positive } = call.arguments;
  if (!classes || classes.assumed || average !== "binary" || positive === undefined) return call;
  const refuse = (problem: string): Call => {
    sink.report(conflictingArguments, item.origin.place ?? where.place, { word: call.word, problem });
    return call;
  };
  const { labels } = classes;
  if (labels.length > 2) return refuse(`\`binary\` is about two classes, and there are ${labels.length}: choose an average, such as \`${call.word}(average: macro)\``);
  const found = labels.indexOf(String(positive));
  if (found < 0 && item.arguments.positive.origin.how !== "default") return refuse(`${JSON.stringify(positive)} is no class; they are \`${labels.join("`, `")}\``);
  return { ...call, arguments: { ...call.arguments, positive: found < 0 ? 1 : found } };
}

