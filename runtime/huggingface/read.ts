// A Hugging Face folder as a model of ours: the spec with the values of config.json, and the weights under our names.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Architecture, Head } from "../../compiler/architecture.ts";
import { weightShapes } from "../../compiler/apply.ts";
import type { Shape } from "../../compiler/graph/node.ts";
import { accountForImport, leavesOf, type Assignment, type Imported } from "../../compiler/weights/account.ts";
import { keysOf } from "../../compiler/weights/config.ts";
import { argumentsFrom, instantiateMapped, type Instantiated } from "../../compiler/weights/instantiate.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import { equivalentShapes, shapeOfOurs, splitTheirs, type ShapeOf } from "../../compiler/weights/layout.ts";
import { modernized, unknownSettings } from "../../compiler/weights/settings.ts";
import { diagnose, type Diagnostic, type Place } from "../../grammar/diagnostics/define.ts";
import { impossibleModel } from "../../grammar/diagnostics/PT7213-impossible-model.ts";
import { missingTensor } from "../../grammar/diagnostics/PT7209-missing-tensor.ts";
import { unmappedTensor } from "../../grammar/diagnostics/PT7208-unmapped-tensor.ts";
import { unusedTensors } from "../../grammar/diagnostics/PT7212-unused-tensors.ts";
import { wrongTensorShape } from "../../grammar/diagnostics/PT7210-wrong-tensor-shape.ts";
import { wrongTensorType } from "../../grammar/diagnostics/PT7211-wrong-tensor-type.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { toFloat32, type SavedTensor } from "../checkpoints/safetensors.ts";
import { fileDiagnostic, UserError } from "../files/user-error.ts";
import { placeOfKey, valueError } from "./config-place.ts";
import { openWeights, readConfig, type ConfigFile, type TensorSource } from "./folder.ts";
import { chooseSpec, knownModels, refusals } from "./specs.ts";

/** The tensors of a file of theirs as they were stored. */
export interface FileNote {
  readonly tensors: { readonly [theirs: string]: { readonly dtype: SavedTensor["dtype"]; readonly shape: Shape } };
  /** Tensors that repeat another one: tied weights, stored beside. */
  readonly copies: { readonly [copy: string]: string };
  readonly metadata: Readonly<Record<string, string>>;
}

export interface HuggingFaceModel {
  readonly folder: string;
  readonly config: JsonObject;
  readonly className: string;
  readonly architecture: Architecture;
  readonly heads: readonly Head[];
  /** The model as a `.pt` text, its values those of config.json. */
  readonly spec: string;
  /** Our weights by name. */
  readonly weights: ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;
  /** What each tensor of the file holds, with its shape there: weights and gradients go back by it. */
  readonly layout: readonly (Assignment & { readonly shape: Shape })[];
  /** What the weights do not say about the file, for an export that gives it back. */
  readonly file: FileNote;
  /** Tensors of the file that are no weights of the model: buffers, and what other heads have. */
  readonly kept: ReadonlyMap<string, SavedTensor>;
  /** Path of tokenizer.json, if there is one. */
  readonly tokenizer: string | null;
  readonly warnings: readonly Diagnostic[];
}

export interface ReadOptions { readonly cwd: string; /** A spec to look in before the shipped ones. */ readonly spec?: string | undefined }

/** Throws UserError (PT7201 to PT7213, PT8102) with everything that is wrong at one stage: settings, then tensors. */
export async function readHuggingFace(folder: string, options: ReadOptions): Promise<HuggingFaceModel> {
  const file = await readConfig(folder);
  const { className, made } = describeModel(file, options);
  const source = await openWeights(folder);
  try {
    const read = readTensors(made, source, className, file);
    const tokenizer = join(folder, "tokenizer.json");
    return { folder, config: file.value, className, architecture: made.architecture, heads: made.heads, spec: made.text, ...read, tokenizer: existsSync(tokenizer) ? tokenizer : null };
  } finally {
    source.close();
  }
}

/** The model that a config.json describes, before any weight is read. Throws UserError (PT7204 to PT7207, PT7213). */
export function describeModel(file: ConfigFile, options: ReadOptions): { readonly className: string; readonly made: Instantiated } {
  const config = modernized(file.value);
  const { model, className } = chooseSpec(knownModels(options.spec, options.cwd), file, config);
  const unknown = unknownSettings(model.map, config);
  if (unknown.length) throw refusals(unknown, file);
  const { values, problems } = argumentsFrom(model.map, config);
  if (problems.length) throw new UserError(problems.flatMap((problem) => valueError(problem, file).diagnostics));
  const classes = config.num_labels as number;
  const placeOf = (parameter: string): Place => placeOfKey(file, keysOf(model.map.config[parameter])[0] ?? null);
  const made = instantiateMapped(model, { values, heads: headsOf(model.map.architectures[className], classes), headValues: { classes }, placeOf });
  if ("diagnostics" in made) throw new UserError(impossible(made.diagnostics, file));
  return { className, made };
}

/** What the spec's own checks say, at the values of config.json that they are about; what follows from those is left out. */
function impossible(problems: readonly Diagnostic[], file: ConfigFile): Diagnostic[] {
  const located = problems.filter((problem) => problem.file === file.path);
  return (located.length ? located : problems).map(({ message, start, end }) => {
    const span = located.length ? { start: start.offset, end: end.offset } : { start: 0, end: 0 };
    return diagnose(impossibleModel, { file: file.path, text: file.text, span }, { file: file.path, problem: message });
  });
}

/** One class of theirs may be either of two heads of ours: with one label a classifier is a regression (as in transformers). */
export function headsOf(heads: readonly string[], classes: number): readonly string[] {
  if (!heads.includes("classify") || !heads.includes("regress")) return heads;
  return heads.filter((head) => head !== (classes === 1 ? "classify" : "regress"));
}

function readTensors(made: Instantiated, source: TensorSource, className: string, file: ConfigFile): Pick<HuggingFaceModel, "weights" | "layout" | "file" | "kept" | "warnings"> {
  const { architecture, heads, map } = made;
  const shapes = weightShapes(architecture, heads);
  const known = new Set(weightShapes(architecture, architecture.heads).keys());
  const account = accountForImport(map, source.tensors.keys(), { built: new Set(shapes.keys()), known });
  const shapeOf: ShapeOf = (name) => shapes.get(name)!;
  const layout = account.assignments.flatMap(({ theirs, ours }) => (ours.kind === "off" ? [] : [{ theirs, ours, shape: source.tensors.get(theirs)!.shape }]));
  const copies = copiesIn(account, made, source);
  const problems = [...unaccounted(account, made, copies, source, file), ...misfits(layout, source, shapeOf)];
  if (problems.length) throw new UserError(firstOfEach(problems));
  const read = new Map(layout.flatMap(({ theirs, ours }) => splitTheirs(ours, toFloat32(source.read(theirs)), shapeOf)));
  // In the order of the model, so that checkpoints do not depend on the order of the file.
  const weights = new Map([...shapes].map(([name, shape]) => [name, { shape, data: read.get(name)!.data as Float32Array }]));
  const unused = account.unused.map(({ theirs }) => theirs);
  return { weights, layout, ...asStored(layout, copies, source), warnings: unused.length ? [fileDiagnostic(unusedTensors, source.fileOf(unused[0]), { tensors: unused, heads: `heads of \`${className}\`` })] : [] };
}

function asStored(layout: HuggingFaceModel["layout"], copies: FileNote["copies"], source: TensorSource): Pick<HuggingFaceModel, "file" | "kept"> {
  const ours = new Set(layout.map(({ theirs }) => theirs));
  const others = [...source.tensors.keys()].filter((name) => !ours.has(name) && !Object.hasOwn(copies, name));
  const tensors = Object.fromEntries([...source.tensors].map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
  return { file: { tensors, copies, metadata: source.metadata }, kept: new Map(others.map((name) => [name, source.read(name)])) };
}

/** Copies of a tied table among the tensors without a place. */
function copiesIn({ unmapped, assignments }: Imported, { architecture }: Instantiated, source: TensorSource): FileNote["copies"] {
  const tables = new Set(architecture.stacks.flatMap(({ table }) => (table ? [`${table.instance.path}.weight`] : [])));
  const tied = assignments.filter(({ ours }) => leavesOf(ours).some((leaf) => tables.has(leaf))).map(({ theirs }) => theirs);
  return Object.fromEntries(unmapped.flatMap((tensor) => {
    const table = tied.find((one) => isCopy(tensor, one, source));
    return table === undefined ? [] : [[tensor, table]];
  }));
}

/** Tensors without a place, but for copies of a tied table; and weights without a tensor. */
function unaccounted({ unmapped, missing }: Imported, { architecture }: Instantiated, copies: FileNote["copies"], source: TensorSource, file: ConfigFile): Diagnostic[] {
  const absent = missing.flatMap(({ theirs }) => theirs ?? []);
  const strange = unmapped.filter((tensor) => !Object.hasOwn(copies, tensor));
  return [
    ...strange.map((tensor) => fileDiagnostic(unmappedTensor, source.fileOf(tensor), { tensor, model: architecture.name, suggestion: didYouMean(tensor, absent) })),
    ...missing.map(({ ours, theirs }) => fileDiagnostic(missingTensor, file.path, { tensor: theirs, ours, suggestion: theirs === null ? undefined : didYouMean(theirs, strange) })),
  ];
}

/** Some files store a tied output layer beside the table that it is. */
function isCopy(tensor: string, table: string, source: TensorSource): boolean {
  const a = source.tensors.get(tensor)!;
  const b = source.tensors.get(table)!;
  if (a.dtype !== b.dtype || a.shape.length !== 2 || a.shape.join() !== b.shape.join()) return false;
  const { data } = source.read(tensor);
  const bytes = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return Buffer.compare(bytes(data), bytes(source.read(table).data)) === 0;
}

function misfits(layout: HuggingFaceModel["layout"], source: TensorSource, shapeOf: ShapeOf): Diagnostic[] {
  const strange = new Map<string, string[]>();
  const problems = layout.flatMap(({ theirs, ours, shape }): Diagnostic[] => {
    const type = source.tensors.get(theirs)!.dtype;
    if (!["F32", "F16", "BF16", "F64"].includes(type)) strange.set(type, [...(strange.get(type) ?? []), theirs]);
    const wanted = shapeOfOurs(ours, shapeOf);
    return wanted && equivalentShapes(shape, wanted) ? [] : [fileDiagnostic(wrongTensorShape, source.fileOf(theirs), { tensor: theirs, shape, wanted: wanted ?? [] })];
  });
  return [...problems, ...[...strange].map(([type, tensors]) => fileDiagnostic(wrongTensorType, source.fileOf(tensors[0]), { tensors, type }))];
}

/** The first of each kind: another model's file would have hundreds. */
function firstOfEach(problems: readonly Diagnostic[]): Diagnostic[] {
  const shown = 8;
  return problems.flatMap((problem, i) => {
    const alike = problems.filter(({ code }) => code === problem.code);
    const rank = alike.indexOf(problems[i]);
    if (rank >= shown) return [];
    return rank === shown - 1 && alike.length > shown ? [{ ...problem, message: `${problem.message}; ${alike.length - shown} more are like it` }] : [problem];
  });
}
