// pt evaluate: the loss of a trained run on held-out data, or what it answers to the prompts of an `evaluate` declaration.

import { dirname, join } from "node:path";
import type { Call, Plan, PlanSource } from "../../compiler/plan/schema.ts";
import { namesOfSource, partOfSource, partsOfSource, withPart } from "../../compiler/plan/source.ts";
import { callWord } from "../../compiler/word-call.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { chooseBackend } from "../backends/_choose.ts";
import { catalog } from "../catalog.ts";
import { taskNamed } from "../data/tasks.ts";
import { openDataset } from "../data/batch.ts";
import { fileError } from "../files/user-error.ts";
import { heldOutMetrics } from "../metrics/_held-out.ts";
import { trainedRun } from "../runs/open.ts";
import { checkpointFlag, chosenCheckpoint, tokenizerIn } from "../runs/trained.ts";
import { openSession } from "../session.ts";
import { metricsText } from "../terminal/train-reporter.ts";
import { evaluatePlan } from "../training/evaluate.ts";
import { openTeachers, type Teachers } from "../training/teachers.ts";
import { planWrites } from "../training/writing.ts";
import { defineCommand, jsonFlag, printJson, wrongUsage } from "./define.ts";
import { evaluationIn, runOpened } from "./_evaluation.ts";

export const evaluateCommand = defineCommand({
  word: "evaluate",
  summary: "Measure a trained run on held-out data, or by prompts.",
  arguments: [
    { name: "RUN_DIR", doc: "the folder of a run or of an evaluation, or the spec that the run was trained from, or one with an `evaluate`, or an evaluation's plan", required: true },
    { name: "RUN", doc: "which run or `evaluate` of the spec" },
  ],
  flags: [
    checkpointFlag,
    { name: "--part", value: "PART", doc: "part of the run's data to measure on: train, valid or test (default: the run's evaluation data)" },
    { name: "--backend", value: "BACKEND", doc: "where to compute" },
    { name: "--out", value: "DIR", doc: "folder of run folders, when a spec is given (default: runs)" },
    { name: "--base", value: "DIR", doc: "folder that data files are relative to" },
    jsonFlag,
  ],
  examples: [
    { line: "pt evaluate runs/small-1a2b3c4d --part test", does: "loss, perplexity and bits per byte on the test part" },
    { line: "pt evaluate spec.pt translate", does: "runs `evaluate translate of small { … }`; the same command goes on after an interruption" },
  ],
  run: async (args, io) => {
    const opened = await evaluationIn(args, io);
    if (opened) {
      const idle = ["--checkpoint", "--part"].find((flag) => args.values[flag] !== undefined);
      return idle ? wrongUsage(io, `\`${idle}\` is for runs: an \`evaluate\` says itself what it measures`) : runOpened(opened, args, io);
    }
    const run = await trainedRun(args.values.RUN_DIR!, { cwd: io.cwd, run: args.values.RUN, base: args.values["--base"], out: args.values["--out"] ?? "runs" });
    const { plan, folder } = run;
    const loaded = await chosenCheckpoint(folder, args.values["--checkpoint"]);
    const tokenizer = await tokenizerIn(folder);
    if (!tokenizer) throw new Error(`${folder} has no tokenizer`);
    const source = partOf(plan.evaluation?.data ?? heldOut(plan.data!), args.values["--part"]);
    const data = await openDataset(source, tokenizer, { base: run.base, heldOut: true, objective: plan.objective, pack: plan.batch.pack, seed: plan.seeds.data, special: plan.tokenizer?.special ?? [], signal: io.signal, cache: join(folder, "..", ".cache") });
    const preferring = plan.objective.losses.some(({ kind }) => kind === "preference");
    const session = await openSession(await chooseBackend(args.values["--backend"], io), { file: folder });
    const calls = plan.kind === "finetune" ? (plan.evaluation?.metrics ?? usualMetrics(plan)) : heldOutCalls(plan);
    const { metrics: values, tokens, bytes } = await evaluatePlan(session, plan, loaded.weights, data, calls, { write: planWrites(plan, tokenizer, session), teachers: preferring ? (await openTeachers(plan, dirname(folder), (loaded.state.teachers ?? {}) as Teachers["steps"])).weights : new Map() });
    const summary = { run: plan.name, folder, step: loaded.step, part: partOfSource(source), examples: data.examples, tokens, bytes, metrics: values };
    if (args.on["--json"]) printJson(io, summary);
    else io.stdout.write(`${plan.name} after step ${loaded.step} on ${partOfSource(source) ?? "all"} of ${namesOfSource(source).join(", ")} (${plan.kind === "finetune" ? `${data.examples} examples` : `${tokens} tokens, ${bytes} bytes`}): ${metricsText(values)}\n`);
    return 0;
  },
});

/** All metrics of losses and of comparisons, and those that the run has itself. */
function heldOutCalls(plan: Plan): Call[] {
  const own = plan.evaluation?.metrics ?? [];
  const usual: Call[] = [...Object.keys(heldOutMetrics).map((word) => ({ word, arguments: {} })), { word: "top_k_recall", arguments: { k: 1 } }];
  return [...usual, ...own.filter((call) => !usual.some(({ word, arguments: { k } }) => word === call.word && k === call.arguments.k))];
}

/** Of a task that names no held-out data. */
function usualMetrics(plan: Plan): Call[] {
  return [...new Set(plan.objective.entries.flatMap(({ task }) => (task ? taskNamed(task.call.word).metrics : [])))].map((word) => {
    const called = callWord(word, "metric", catalog, "METRIC");
    if ("diagnostics" in called) throw new Error(`the metric \`${word}\` cannot be called without arguments`);
    return called.call;
  }).concat({ word: "loss", arguments: {} });
}

/** Of data with a split its held-out part, where the run named none itself. */
function heldOut(source: PlanSource): PlanSource {
  const part = ["valid", "test"].find((name) => partsOfSource(source).includes(name));
  return part ? withPart(source, part) : source;
}

function partOf(source: PlanSource, part: string | undefined): PlanSource {
  if (part === undefined) return source;
  const known = partsOfSource(source);
  if (!known.includes(part)) throw fileError(wrongFlag, "", { flag: "--part", given: part, wanted: known.length ? known.map((name) => `\`${name}\``).join(" or ") : "nothing: the data has no `split`" });
  return withPart(source, part);
}
