// pt plan FILE [RUN]: what runs would cost, before any data is read.

import { resolve } from "node:path";
import { compileRun } from "../../compiler/compile.ts";
import { callFile, callModel, countParameters } from "../../compiler/model-call.ts";
import { partsOfFile } from "../../compiler/parts.ts";
import { createSink } from "../../compiler/phases/1-resolve/program.ts";
import { plain } from "../../compiler/phases/2-check/values.ts";
import { readPlan } from "../../compiler/plan/hash.ts";
import { imageColumn, leavesOfSource } from "../../compiler/plan/source.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import { readNamed } from "../files/read.ts";
import { UserError } from "../files/user-error.ts";
import { plainDiagnostics, printDiagnostics } from "../terminal/diagnostics.ts";
import { both, bytes, exact, flops, short } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, type Io } from "./define.ts";
import { openValid, refuse, type Spec } from "./_spec.ts";

export const planCommand = defineCommand({
  word: "plan",
  summary: "Say what runs would cost in parameters, memory, tokens and operations.",
  arguments: [
    { name: "FILE", doc: "a `.pt` file, or a plan", required: true },
    { name: "RUN", doc: "the run; all of the file without it" },
  ],
  flags: [{ name: "--model", value: "CALL", doc: "count the parameters of a model of the file instead", repeated: true }, jsonFlag],
  examples: [
    { line: "pt plan spec.pt", does: "shows every run of the file" },
    { line: "pt plan ptarmigan/gpt2.pt --model 'gpt2(layers: 48, width: 1_600, heads: 25)'", does: "counts the parameters of GPT-2 XL" },
  ],
  run: async (args, io) => {
    const [name, json] = [args.values.FILE!, args.on["--json"]];
    if (name.endsWith(".json")) return showRuns([{ plan: await planOf(name, io), run: null }], [], json, io);
    const spec = openValid(name, io);
    const calls = args.lists["--model"];
    return calls.length ? showModels(calls, spec, json, io) : showRuns(compiledRuns(spec, args.values.RUN), machinesOf(spec), json, io);
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
  const names = name === undefined ? [...result.runs.keys()] : [name];
  const compiled = names.map((one) => compileRun({ ...result, context: { ...result.context, sink: createSink() } }, one));
  refuse(compiled.flatMap((one) => one.diagnostics));
  return compiled.flatMap((one) => (one.plan ? [{ plan: one.plan, run: one.run }] : []));
}

function showRuns(compiled: readonly Compiled[], machines: readonly Machine[], json: boolean, io: Io): 0 {
  if (json) printJson(io, { runs: compiled.map(({ plan }) => ({ ...planJson(plan), ...(machines.length ? { estimates: machines.map((machine) => estimate(plan, machine)) } : {}) })) });
  else io.stdout.write(compiled.length ? compiled.map(({ plan, run }) => planText(plan, run, machines)).join("\n") : "the file declares no run; `--model 'NAME(…)'` counts the parameters of a model\n");
  return 0;
}

function planJson(plan: Plan): object {
  const { name, kind, hash, costs, horizon, lengths, batch, teachers } = plan;
  const { images } = plan.objective.streams;
  return { name, kind, hash, parameters: costs.parameters, flops: costs.flops, memory: costs.memory, steps: horizon.steps, tokens: horizon.tokens, lengths, epochs: horizon.epochs, batch, ...(images ? { images } : {}), ...(teachers.length ? { teachers } : {}) };
}

/** A `hardware` declaration. */
interface Machine { readonly name: string; readonly flops: number; readonly memory: number; readonly price: number | null }

function machinesOf({ result }: Spec): Machine[] {
  const parts = partsOfFile(result);
  return result.scope.declarations.filter((declared) => declared.word === "hardware").map(({ name }) => {
    const fields = parts.get(name)?.parts();
    const number = (field: string): number | null => {
      const value = fields?.get(field)?.value;
      return value?.kind === "number" ? value.value : null;
    };
    return { name, flops: number("flops") ?? NaN, memory: number("memory") ?? NaN, price: number("price") };
  });
}

/** At the full speed of the machine: a lower bound. */
function estimate({ costs }: Plan, machine: Machine): { hardware: string; seconds: number | null; price: number | null; fits: boolean } {
  const seconds = costs.flops.total === null ? null : costs.flops.total / machine.flops;
  return { hardware: machine.name, seconds, price: seconds === null || machine.price === null ? null : (seconds / 3_600) * machine.price, fits: costs.memory.peak <= machine.memory };
}

function estimateText(plan: Plan, machine: Machine): string {
  const { seconds, price, fits } = estimate(plan, machine);
  const time = seconds === null ? null : `at least ${seconds < 120 ? `${short(seconds)} s` : seconds < 7_200 ? `${short(seconds / 60)} min` : seconds < 172_800 ? `${short(seconds / 3_600)} h` : `${short(seconds / 86_400)} days`}`;
  return [...(time ? [time] : []), ...(price === null ? [] : [`${short(price)} in money`]), fits ? `fits in ${bytes(machine.memory)}` : `does not fit in ${bytes(machine.memory)}`].join("; ");
}

function planText(plan: Plan, run: RunSpec | null, machines: readonly Machine[]): string {
  const { costs, batch, lengths } = plan;
  const { memory } = costs;
  const count = batch.examples / batch.micro;
  const { length } = plan.objective.streams.inputs;
  const perStep = batch.examples * length;
  const sums = memory.peak - memory.weights - memory.optimizer - memory.activations;
  const { total, trainable } = costs.parameters;
  const rows: [string, string][] = [
    ["model", run ? `${run.architecture.name}, heads ${run.heads.map((head) => head.name).join(", ")}` : ""],
    ["parameters", `${both(total)}${trainable === total ? "" : `, of which ${both(trainable)} trained`}`],
    ["objective", plan.objective.text],
    ["teachers", plan.teachers.map(({ run: teacher, hash, checkpoint }) => `${teacher} (${typeof checkpoint === "number" ? `step ${checkpoint}` : checkpoint} of ${hash.slice(0, 8)})`).join(", ")],
    ["lengths", lengths.raw === lengths.inputs && lengths.inputs === lengths.targets ? `${exact(lengths.inputs)} tokens` : `${exact(lengths.raw)} raw → ${exact(lengths.inputs)} inputs, ${exact(lengths.targets)} targets`],
    ["images", imagesText(plan)],
    ["batch", `${exact(batch.examples)} examples × ${exact(length)} = ${exact(perStep)} tokens a step${count === 1 ? "" : `, in ${count} micro-batches of ${batch.micro}${plan.graphs.statistics ? ", each passed through twice: the experts' choices of the whole batch come first" : ""}`}${batch.pack ? ", packed" : ""}`],
    ["train", horizonText(plan, run, perStep)],
    ["FLOPs", `${flops(costs.flops.forward_per_token)} forward and ${flops(costs.flops.train_per_token)} training a token${costs.flops.total === null ? "" : `; ${flops(costs.flops.total)} in all`}`],
    ["memory", `${bytes(memory.peak)} = ${bytes(memory.weights)} weights${plan.teachers.length ? ", the teachers' among them," : ""} + ${bytes(memory.optimizer)} optimizer + ${bytes(memory.activations)} activations and gradients${sums > 0 ? ` + ${bytes(sums)} gradient sums` : ""}`],
    ...machines.map((machine): [string, string] => [`on ${machine.name}`, estimateText(plan, machine)]),
    ["hash", plan.hash],
  ];
  return `${plan.kind} ${plan.name}\n${table(rows.filter(([, text]) => text), { indent: "  " })}\n`;
}

/** The size that the model reads, and what is done to images of another. */
function imagesText({ objective: { streams: { images } }, data }: Plan): string {
  if (!images) return "";
  const { channels, height, width, column } = images;
  const [how] = leavesOfSource(data!).flatMap((leaf) => (leaf.kind === "files" ? (imageColumn(leaf)?.image ?? []) : []));
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

function showModels(calls: readonly string[], spec: Spec, json: boolean, io: Io): 0 | 1 | 2 | 3 {
  const models: CountedModel[] = [];
  for (const call of calls) {
    const called = callModel(call, spec.result);
    if ("diagnostics" in called) {
      if (json) printJson(io, { models: models.map(modelJson), diagnostics: plainDiagnostics(called.diagnostics) });
      else printDiagnostics(called.diagnostics, io.stderr, io, (file) => (file === callFile ? called.text : spec.host.textOf(file)));
      return exitCodeOf(called.diagnostics) || 1;
    }
    models.push({ call, parameters: countParameters(called.architecture, called.heads) });
  }
  if (json) printJson(io, { models: models.map(modelJson) });
  else io.stdout.write(`${table(models.map(({ call, parameters }) => [call, `${exact(parameters.total)} parameters`, `(${short(parameters.total)})`, parameters.active === parameters.total ? "" : `${short(parameters.active)} of them active for a token`]), { right: [1] })}\n`);
  return 0;
}

/** With `active` where a token does not pass through all of them. */
function modelJson({ call, parameters: { total, trainable, active } }: CountedModel): object {
  return { call, parameters: { total, trainable, ...(active < total ? { active } : {}) } };
}
