// pt plan FILE [RUN]: what runs would cost, before any data is read.

import { dirname, resolve } from "node:path";
import { compileRun } from "../../compiler/compile.ts";
import type { Place } from "../../grammar/diagnostics/define.ts";
import { adapted, type Adapted } from "../../compiler/adapt.ts";
import { sorted } from "../../compiler/check.ts";
import { callFile, callModel, countParameters, type CalledModel } from "../../compiler/model-call.ts";
import { createSink } from "../../compiler/phases/1-resolve/program.ts";
import { widthOf } from "../../compiler/phases/2-check/task.ts";
import { usualHeadBody } from "../../compiler/phases/2-check/usual-head.ts";
import { plain } from "../../compiler/phases/2-check/values.ts";
import { callWord } from "../../compiler/word-call.ts";
import { readPlan } from "../../compiler/plan/hash.ts";
import { imageColumn, leavesOfSource } from "../../compiler/plan/source.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { variantsOf } from "../../compiler/variants.ts";
import { readsImages } from "../../compiler/objectives/plan.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { catalog } from "../catalog.ts";
import { readNamed } from "../files/read.ts";
import { UserError } from "../files/user-error.ts";
import { estimateText } from "../ablations/plan-text.ts";
import { estimate, machinesOf, type Estimate, type Machine } from "../plans/hardware.ts";
import { liveLine } from "../terminal/live-line.ts";
import { plainDiagnostics, printDiagnostics } from "../terminal/diagnostics.ts";
import { withClasses } from "../runs/labels.ts";
import { both, bytes, exact, flops, short } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, type Args, type Io } from "./define.ts";
import { compiledEvaluations, evaluationJson, evaluationPlanText, type CompiledEvaluation } from "./_plan-evaluation.ts";
import { openValid, refuse, type Spec } from "./_spec.ts";

export const planCommand = defineCommand({
  word: "plan",
  summary: "Say what runs would cost in parameters, memory, tokens and operations.",
  arguments: [
    { name: "FILE", doc: "a `.pt` file, or a plan", required: true },
    { name: "RUN", doc: "a run, an `evaluate` or an ablation; without it all but the ablations" },
  ],
  flags: [
    { name: "--model", value: "CALL", doc: "count the parameters of a model of the file instead", repeated: true },
    { name: "--adapt", value: "CALL", doc: "with --model: also count what this adaptation trains of it" },
    { name: "--calibrate", doc: "of an ablation: time a few steps of each plan here, and keep the times" },
    { name: "--backend", value: "BACKEND", doc: "of an ablation: where times are for" },
    { name: "--out", value: "DIR", doc: "folder of run folders, which keeps the times (default: runs)" },
    jsonFlag,
  ],
  examples: [
    { line: "pt plan spec.pt", does: "shows every run of the file" },
    { line: "pt plan spec.pt sizes", does: "shows the jobs of the ablation `sizes`, what they share and what they cost" },
    { line: "pt plan ptarmigan/gpt2.pt --model 'gpt2(layers: 48, width: 1_600, heads: 25)'", does: "counts the parameters of GPT-2 XL" },
    { line: "pt plan ptarmigan/gpt2.pt --model 'gpt2()' --adapt 'lora(rank: 16)'", does: "counts what LoRA trains of GPT-2" },
  ],
  run: async (args, io) => {
    const [name, json] = [args.values.FILE!, args.on["--json"]];
    if (name.endsWith(".json")) return showRuns([{ plan: await planOf(name, io), run: null }], [], json, io);
    const spec = openValid(name, io);
    const calls = args.lists["--model"];
    const ablation = args.values.RUN;
    if (!calls.length && ablation !== undefined && spec.result.ablations.has(ablation)) return showAblation(spec, ablation, args, io);
    if (calls.length) return showModels(calls, args.values["--adapt"] ?? null, spec, json, io);
    const named = args.values.RUN === undefined ? [...spec.result.runs.values()] : [...spec.result.runs.values()].filter((run) => run.name === args.values.RUN);
    // Classes are counted where the files are here; costs hardly depend on their number.
    const result = await withClasses(spec.result, named, { base: dirname(resolve(io.cwd, name)), signal: io.signal, lenient: true });
    const answered = { ...spec, result };
    return showRuns(compiledRuns(answered, args.values.RUN), machinesOf(result), json, io, compiledEvaluations(answered, args.values.RUN));
  },
});

async function planOf(file: string, io: Io): Promise<Plan> {
  const read = await readPlan(readNamed(resolve(io.cwd, file), file), file);
  if ("diagnostic" in read) throw new UserError([read.diagnostic]);
  return read.plan;
}

interface Compiled { readonly plan: Plan; readonly run: RunSpec | null }

/** Of each run, with diagnostics of its own; all of them are reported together. */
function compiledRuns({ result }: Spec, name: string | undefined): Compiled[] {
  const names = name === undefined ? [...result.runs.keys()] : result.evaluations.has(name) ? [] : [name];
  const compiled = names.map((one) => compileRun({ ...result, context: { ...result.context, sink: createSink() } }, one));
  refuse(compiled.flatMap((one) => one.diagnostics));
  return compiled.flatMap((one) => (one.plan ? [{ plan: one.plan, run: one.run }] : []));
}

function showRuns(compiled: readonly Compiled[], machines: readonly Machine[], json: boolean, io: Io, evaluations: readonly CompiledEvaluation[] = []): 0 {
  if (json) printJson(io, { runs: [...compiled.map(({ plan }) => ({ ...planJson(plan), ...(machines.length ? { estimates: machines.map((machine) => estimateOf(plan, machine)) } : {}) })), ...evaluations.map(evaluationJson)] });
  else io.stdout.write(compiled.length + evaluations.length ? [...compiled.map(({ plan, run }) => planText(plan, run, machines)), ...evaluations.map(evaluationPlanText)].join("\n") : "the file declares no run; `--model 'NAME(…)'` counts the parameters of a model\n");
  return 0;
}

function planJson(plan: Plan): object {
  const { name, kind, hash, costs, horizon, lengths, batch, teachers } = plan;
  const { images } = plan.objective.streams;
  return { name, kind, hash, parameters: costs.parameters, flops: costs.flops, memory: costs.memory, steps: horizon.steps, tokens: horizon.tokens, lengths, epochs: horizon.epochs, batch, ...(images ? { images } : {}), ...(teachers.length ? { teachers } : {}) };
}

const estimateOf = ({ costs }: Plan, machine: Machine): Estimate => estimate(costs.flops.total, costs.memory.peak, machine);

/** An ablation: jobs, what they share, and what they cost together. */
async function showAblation(spec: Spec, name: string, args: Args, io: Io): Promise<0> {
  const [{ openAblation }, { reportOf }, { ablationText }, { timingOf }, { chooseBackend }] = await Promise.all([
    import("../ablations/open.ts"), import("../ablations/plan-report.ts"), import("../ablations/plan-text.ts"), import("../ablations/calibration.ts"), import("../backends/_choose.ts"),
  ]);
  const calibrate = args.on["--calibrate"];
  const opened = await openAblation(spec.result, spec.file, name, { cwd: io.cwd, whole: calibrate, signal: io.signal });
  if (opened.warnings.length) printDiagnostics(opened.warnings, io.stderr, io, spec.host.textOf);
  const line = liveLine(io);
  const timing = await timingOf(opened.plan.jobs, {
    out: resolve(io.cwd, args.values["--out"] ?? "runs"), backend: await chooseBackend(args.values["--backend"]), measure: calibrate, product: !opened.plan.outline,
    progress: (done, all) => line.show(`timing steps of plan ${done + 1} of ${all}`),
  });
  line.clear();
  const machines = machinesOf(spec.result);
  const report = reportOf(opened, timing, machines);
  if (args.on["--json"]) printJson(io, report);
  else io.stdout.write(ablationText(report, machines));
  return 0;
}

function planText(plan: Plan, run: RunSpec | null, machines: readonly Machine[]): string {
  const { costs, batch, lengths } = plan;
  const { memory } = costs;
  const count = batch.examples / batch.micro;
  const { length } = plan.objective.streams.inputs;
  const unit = readsImages(plan.objective.streams) ? "positions" : "tokens";
  const perStep = batch.examples * length;
  const sums = memory.peak - memory.weights - memory.optimizer - memory.activations;
  const { total, trainable } = costs.parameters;
  const rows: [string, string][] = [
    ["from", plan.from ? `${plan.from.run} (${typeof plan.from.checkpoint === "number" ? `step ${plan.from.checkpoint}` : plan.from.checkpoint} of ${plan.from.hash.slice(0, 8)})` : plan.kind === "finetune" ? "random weights" : ""],
    ["model", run ? `${run.architecture.name}, heads ${run.heads.map((head) => head.name).join(", ")}` : ""],
    ["parameters", `${both(total)}${trainable === total ? "" : `, of which ${both(trainable)} trained`}`],
    [plan.kind === "finetune" ? "task" : "objective", plan.objective.text],
    ["classes", run?.task ? classesText(run) : ""],
    ["new head", run?.task && run.heads.some((head) => head.usual) ? `head ${run.task.facts.head} { ${usualHeadBody(run.task.facts, widthOf(run.task))(run.heads[0].stack)} }, the usual one: the model declares none` : ""],
    ["teachers", plan.teachers.map(({ run: teacher, hash, checkpoint }) => `${teacher} (${typeof checkpoint === "number" ? `step ${checkpoint}` : checkpoint} of ${hash.slice(0, 8)})`).join(", ")],
    ["beside it", run ? variantsOf(run).slice(1).map((variant) => variant.run.name).join(", ") : ""],
    ["lengths", readsImages(plan.objective.streams) ? `${exact(lengths.inputs)} positions an image` : lengths.raw === lengths.inputs && lengths.inputs === lengths.targets ? `${exact(lengths.inputs)} tokens` : `${exact(lengths.raw)} raw → ${exact(lengths.inputs)} inputs, ${exact(lengths.targets)} targets`],
    ["images", imagesText(plan)],
    ["batch", `${exact(batch.examples)} examples × ${exact(length)} = ${exact(perStep)} ${unit} a step${count === 1 ? "" : `, in ${count} micro-batches of ${batch.micro}${plan.graphs.statistics ? ", each passed through twice: the experts' choices of the whole batch come first" : ""}`}${batch.pack ? ", packed" : ""}`],
    ["train", horizonText(plan, run, perStep)],
    ["FLOPs", `${flops(costs.flops.forward_per_token)} forward and ${flops(costs.flops.train_per_token)} training a token${costs.flops.total === null ? "" : `; ${flops(costs.flops.total)} in all`}`],
    ["memory", `${bytes(memory.peak)} = ${bytes(memory.weights)} weights${plan.teachers.length ? ", the teachers' among them," : ""} + ${bytes(memory.optimizer)} optimizer + ${bytes(memory.activations)} activations and gradients${sums > 0 ? ` + ${bytes(sums)} gradient sums` : ""}`],
    ...machines.map((machine): [string, string] => [`on ${machine.name}`, estimateText(estimateOf(plan, machine), machine)]),
    ["hash", plan.hash],
  ];
  return `${plan.kind} ${plan.name}\n${table(rows.filter(([, text]) => text), { indent: "  " })}\n`;
}

/** Names of the classes, or that their number is only assumed. */
function classesText({ task }: RunSpec): string {
  const classes = task?.classes;
  if (!classes) return "";
  if (classes.assumed) return `${classes.labels.length}, assumed: the files were not read, and \`${classes.column}\` names no \`labels\``;
  return `${classes.labels.length}: ${classes.labels.slice(0, 12).join(", ")}${classes.labels.length > 12 ? ", …" : ""}`;
}

/** The size that the model reads, and what is done to images of another. */
function imagesText({ objective: { streams: { images } }, data }: Plan): string {
  if (!images) return "";
  const { channels, height, width, column } = images;
  const [how] = leavesOfSource(data!).flatMap((leaf) => (leaf.kind === "files" ? (imageColumn(leaf, column)?.image ?? []) : []));
  const fit = how.fit === "crop" ? `the shortest side resized (${how.resize}), the middle cut out` : `both sides resized (${how.resize})`;
  const list = (values: readonly number[]): string => values.map((value) => Number(value.toPrecision(3))).join(" ");
  return `\`${column}\` as ${channels} × ${height} × ${width}: ${fit}; values from 0 to 1, less ${list(how.mean)}, over ${list(how.std)}`;
}

/** `300 M tokens → 9,156 steps`: what was written, and what the batch makes of it. */
function horizonText({ horizon }: Plan, run: RunSpec | null, perStep: number): string {
  const written = run?.values.train;
  const given = written?.kind === "number" ? plain(written) : null;
  const asked = given !== null && typeof given === "object" && "unit" in given ? `${short(given.value as number)} ${(given.unit as string).replaceAll("_", " ")}` : null;
  if (horizon.steps === null) return `${exact(horizon.epochs ?? 0)} epochs; steps and FLOPs follow from the data`;
  const result = `${exact(horizon.steps)} steps, ${short(horizon.steps * perStep)} tokens`;
  return asked === null || asked.endsWith("steps") ? result : `${asked} → ${result}`;
}

interface CountedModel { readonly call: string; readonly parameters: ReturnType<typeof countParameters> }

function showModels(calls: readonly string[], adaptation: string | null, spec: Spec, json: boolean, io: Io): 0 | 1 | 2 | 3 {
  const models: CountedModel[] = [];
  for (const call of calls) {
    const called = callModel(call, spec.result);
    const counted = "diagnostics" in called || adaptation === null ? called : adaptModel(called, adaptation);
    if ("diagnostics" in counted) {
      if (json) printJson(io, { models: models.map(modelJson), diagnostics: plainDiagnostics(counted.diagnostics) });
      else printDiagnostics(counted.diagnostics, io.stderr, io, (file) => (file === callFile || file === adaptFlag ? counted.text : spec.host.textOf(file)));
      return exitCodeOf(counted.diagnostics) || 1;
    }
    models.push({ call, parameters: countParameters(counted.architecture, counted.heads) });
  }
  if (json) printJson(io, { models: models.map(modelJson) });
  else io.stdout.write(`${table(models.map(({ call, parameters: { total, trainable, active } }) => [call, `${exact(total)} parameters`, `(${short(total)})`, trainable === total ? "" : `${exact(trainable)} of them trained`, active === total ? "" : `${short(active)} of them active for a token`]), { right: [1] })}\n`);
  return 0;
}

const adaptFlag = "--adapt";

/** The model under an adaptation, as a run that starts from it would train it. */
function adaptModel({ architecture, heads }: Exclude<CalledModel, { diagnostics: unknown }>, text: string): Adapted | Exclude<CalledModel, { architecture: unknown }> {
  const called = callWord(text, "adaptation", catalog, adaptFlag);
  if ("diagnostics" in called) return called;
  const sink = createSink();
  const place = (argument?: string): Place => (argument && called.value.arguments[argument]?.origin.place) || called.value.origin.place!;
  const result = adapted(architecture, heads, called.call, (record, data, argument, extras) => sink.report(record, place(argument), data, extras));
  return result ?? { diagnostics: sorted(sink.diagnostics, adaptFlag), text: place().text };
}

/** With `active` where a token does not pass through all of them. */
function modelJson({ call, parameters: { total, trainable, active } }: CountedModel): object {
  return { call, parameters: { total, trainable, ...(active < total ? { active } : {}) } };
}
