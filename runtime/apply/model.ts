// A folder as a model to apply: of Hugging Face, of a run, or of an import.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { adaptedModel, mergedWeights } from "../../compiler/adapt.ts";
import { check } from "../../compiler/check.ts";
import type { Architecture, Head } from "../../compiler/architecture.ts";
import { trainedWeights, weightShapes } from "../../compiler/apply.ts";
import type { Shape } from "../../compiler/graph/node.ts";
import { instantiate } from "../../compiler/phases/2-check/model.ts";
import type { Host } from "../../compiler/phases/1-resolve/program.ts";
import type { Call, Plan } from "../../compiler/plan/schema.ts";
import { leavesOfSource } from "../../compiler/plan/source.ts";
import type { RunSpec } from "../../compiler/run-spec.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import type { Tensor } from "../../compiler/weights/layout.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { noRunFolder } from "../../grammar/diagnostics/PT8010-no-run-folder.ts";
import { noWholeCheckpoint } from "../../grammar/diagnostics/PT8104-no-whole-checkpoint.ts";
import { missingModelFile } from "../../grammar/diagnostics/PT7201-missing-model-file.ts";
import { catalog } from "../catalog.ts";
import { loadCheckpoint, type CheckpointTensor, type LoadedCheckpoint } from "../checkpoints/checkpoint.ts";
import { readSafetensors, type SavedTensor } from "../checkpoints/safetensors.ts";
import { fileError, UserError } from "../files/user-error.ts";
import { fileHost, isFolder } from "../host.ts";
import { inLayout } from "../huggingface/export.ts";
import { readHuggingFace, type FileNote, type HuggingFaceModel } from "../huggingface/read.ts";
import { openRunFolder } from "../runs/open.ts";

export interface AppliedModel {
  readonly architecture: Architecture;
  readonly heads: readonly Head[];
  readonly weights: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
  /** Names of the weights that are trained. */
  readonly trained: ReadonlySet<string>;
  /** Tensors like our trained weights (gradients) under the names and in the layouts of the folder's own file. */
  readonly named: (tensor: (name: string) => Tensor) => Map<string, SavedTensor>;
  /** The id by which `pool(last)` knows padding; null: the attention mask says what is real. */
  readonly padding: number | null;
  /** Where the weights came from, if from a Hugging Face folder: what an export gives back. */
  readonly imported: { readonly note: ImportNote; readonly kept: ReadonlyMap<string, SavedTensor> } | null;
  readonly warnings: readonly Diagnostic[];
  /** Ids that stand at the front of every text, in the place of what an adaptation learned. */
  readonly placeholders: readonly number[];
  /** The adaptation whose layers it still has beside those of its spec: where they cannot be merged into the weights. */
  readonly added: Call | null;
}

/** What an import notes in its checkpoint: the heads that the weights have, the config.json they came with, and how the file stores them. */
export interface ImportNote { readonly heads: readonly string[]; readonly className: string; readonly config: JsonObject; readonly file: FileNote }

export function noteOf({ heads, className, config, file }: HuggingFaceModel): ImportNote {
  return { heads: heads.map((head) => head.name), className, config, file };
}

/** Beside the checkpoints of an import: tensors of the file that are no weights. */
export const keptFile = "kept.safetensors";

export interface OpenModelOptions {
  readonly cwd: string;
  readonly spec?: string | undefined;
  /** Which checkpoint of a folder of ours; default: the last. */
  readonly checkpoint?: (folder: string) => Promise<LoadedCheckpoint>;
}

/** Throws UserError with what is wrong. */
export async function openModel(folder: string, options: OpenModelOptions): Promise<AppliedModel> {
  if (!isFolder(folder)) throw fileError(missingModelFile, folder, { folder, file: null, found: [] });
  const has = (file: string): boolean => existsSync(join(folder, file));
  const load = options.checkpoint ?? lastOf;
  if (has("plan.json")) return openRun(folder, load);
  if (has("checkpoints") && has("spec.pt")) return openImported(folder, load);
  const model = await readHuggingFace(folder, options);
  const trained = trainedWeights(model.architecture, model.heads);
  return { ...model, trained, named: (tensor) => inLayout(model.layout, tensor, (name) => trained.has(name)), padding: paddingIn(model.config), imported: { note: noteOf(model), kept: model.kept }, placeholders: [], added: null };
}

type Load = (folder: string) => Promise<LoadedCheckpoint>;

async function openRun(folder: string, load: Load): Promise<AppliedModel> {
  const { plan } = await openRunFolder(folder);
  // The tokenizer's file lies in the folder, whatever the spec called it.
  const host = fileHost(folder, "spec.pt");
  const read = (file: string) => host.read(file.endsWith(".json") ? "tokenizer.json" : file);
  const { runs, diagnostics } = check(plan.spec, catalog, { file: "spec.pt", host: { ...host, read, ...knownFrom(plan) } });
  const run = runs.get(plan.name);
  if (!run) throw new UserError(diagnostics);
  return { ...modelOfRun(folder, run, (await load(folder)).weights), placeholders: plan.objective.streams.inputs.placeholders };
}

/** What the resolved spec of a run asks of the outside: the classes of its data, and what it was imported from, whose model it holds itself. */
function knownFrom({ data, from }: Plan): Pick<Host, "labels" | "imported"> {
  const labels = (column: string): readonly string[] => (data ? leavesOfSource(data).flatMap((leaf) => (leaf.kind === "files" ? (leaf.columns[column]?.labels ?? []) : [])) : []);
  return { labels: (_, column) => [...new Set(labels(column))], imported: () => ({ text: "", hash: from?.hash ?? "" }) };
}

/** The plain model where what an adaptation added can be merged into its weights; else the model with it. */
export function modelOfRun(folder: string, run: Pick<RunSpec, "name" | "architecture" | "heads" | "adapt">, weights: ReadonlyMap<string, CheckpointTensor>): AppliedModel {
  const merged = mergedWeights(weights, run.adapt);
  if (merged) return fromCheckpoint(folder, run.architecture, run.heads, merged, null);
  const { architecture, heads } = adaptedModel(run);
  return { ...fromCheckpoint(folder, architecture, heads, weights, null), added: run.adapt };
}

async function openImported(folder: string, load: Load): Promise<AppliedModel> {
  const host = fileHost(folder, "spec.pt");
  const text = host.textOf("spec.pt") ?? "";
  const { program, context, diagnostics } = check(text, catalog, { file: "spec.pt", host });
  const { weights, state } = await load(folder);
  const note = state.imported as ImportNote | undefined;
  const declared = program.entry.declarations.find((one) => one.word === "model");
  if (!note || !declared) throw fileError(noRunFolder, folder, { folder, reason: "it has no `plan.json`, and no import wrote it" });
  const architecture = instantiate(declared, {}, { place: declared.place }, context);
  if (!architecture) throw new UserError([...diagnostics, ...context.sink.diagnostics]);
  const applied = fromCheckpoint(folder, architecture, architecture.heads.filter((head) => note.heads.includes(head.name)), weights, paddingIn(note.config));
  const kept = existsSync(join(folder, keptFile)) ? await readSafetensors(join(folder, keptFile)) : new Map<string, SavedTensor>();
  return { ...applied, imported: { note, kept } };
}

async function lastOf(folder: string): Promise<LoadedCheckpoint> {
  const loaded = await loadCheckpoint(folder, "last");
  if (!loaded) throw fileError(noWholeCheckpoint, folder, { folder, which: "last", reason: "the run has saved none yet", steps: [] });
  return loaded;
}

function fromCheckpoint(folder: string, architecture: Architecture, heads: readonly Head[], saved: ReadonlyMap<string, CheckpointTensor>, padding: number | null): AppliedModel {
  const shapes = weightShapes(architecture, heads);
  for (const [name, shape] of shapes) {
    const found = saved.get(name);
    if (found?.shape.join() !== shape.join()) throw fileError(noWholeCheckpoint, folder, { folder, which: "last", reason: `\`${name}\` is ${found ? `[${found.shape.join(", ")}]` : "missing"}, the model has [${shape.join(", ")}]`, steps: [] });
  }
  const weights = new Map([...shapes].map(([name, shape]) => [name, { shape, data: saved.get(name)!.data }]));
  const trained = trainedWeights(architecture, heads);
  const named = (tensor: (name: string) => Tensor): Map<string, SavedTensor> => new Map([...trained].map((name) => [name, { dtype: "F32", ...tensor(name) }]));
  return { architecture, heads, weights, trained, named, padding, imported: null, warnings: [], placeholders: [], added: null };
}

function paddingIn(config: JsonObject): number | null {
  return typeof config.pad_token_id === "number" ? config.pad_token_id : null;
}
