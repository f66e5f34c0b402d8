// A Hugging Face folder as it lies on the disk: config.json, the tensors of one or several safetensors files, tokenizer.json.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../../compiler/weights/json.ts";
import { damagedConfig } from "../../grammar/diagnostics/PT7203-damaged-config.ts";
import { missingModelFile } from "../../grammar/diagnostics/PT7201-missing-model-file.ts";
import { pytorchWeights } from "../../grammar/diagnostics/PT7202-pytorch-weights.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { openSafetensors, type SavedTensor, type SafetensorsFile, type TensorPlace } from "../checkpoints/safetensors.ts";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import { isFolder } from "../host.ts";

/** Tensors by name, read one at a time. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, Pick<TensorPlace, "dtype" | "shape">>;
  /** The file that holds a tensor, for messages. */
  readonly fileOf: (name: string) => string;
  readonly read: (name: string) => SavedTensor;
  readonly metadata: Readonly<Record<string, string>>;
  readonly close: () => void;
}

export interface ConfigFile { readonly path: string; readonly text: string; readonly value: JsonObject }

/** Path of a file that a folder must have. Throws UserError (PT7201). */
export function fileIn(folder: string, file: string): string {
  const path = join(folder, file);
  if (existsSync(path) && !isFolder(path)) return path;
  if (!isFolder(folder)) throw fileError(missingModelFile, folder, { folder, file: null, found: [] });
  const found = readdirSync(folder).sort();
  throw fileError(missingModelFile, folder, { folder, file, found, suggestion: didYouMean(file, found) });
}

/** Throws UserError (PT7201, PT7203). */
export async function readConfig(folder: string): Promise<ConfigFile> {
  const path = fileIn(folder, "config.json");
  return parseConfig(await readWhole({ path, name: path }), path);
}

/** Throws UserError (PT7203). */
export function parseConfig(text: string, path: string): ConfigFile {
  const value = parseJson(text, path);
  if (!isObject(value)) throw fileError(damagedConfig, path, { file: path, reason: "it is not a JSON object" });
  return { path, text, value };
}

export function parseJson(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw fileError(damagedConfig, path, { file: path, reason: `it is not JSON (${(error as Error).message})` });
  }
}

const weightsFile = "model.safetensors";
const indexFile = "model.safetensors.index.json";

/** The file of the weights, or the index of several. Throws UserError (PT7201, PT7202). */
export function findWeights(folder: string): string {
  if (!existsSync(join(folder, weightsFile)) && existsSync(join(folder, indexFile))) return join(folder, indexFile);
  if (isFolder(folder) && !existsSync(join(folder, weightsFile))) {
    const other = readdirSync(folder).sort().find((name) => /^(pytorch_model|tf_model|flax_model|consolidated|model)\b.*\.(bin|pt|pth|ckpt|h5|msgpack)$/.test(name));
    if (other) throw fileError(pytorchWeights, folder, { folder, file: other });
  }
  return fileIn(folder, weightsFile);
}

/** Opens the weights; the caller closes them. Throws UserError (PT7201, PT7202, PT7203, PT8102). */
export async function openWeights(folder: string): Promise<TensorSource> {
  const path = findWeights(folder);
  if (path.endsWith(indexFile)) return openSharded(folder);
  const { tensors, read, metadata, close } = openSafetensors(path);
  return { tensors, fileOf: () => path, read, metadata, close };
}

async function openSharded(folder: string): Promise<TensorSource> {
  const path = join(folder, indexFile);
  const index = parseJson(await readWhole({ path, name: path }), path);
  const map = isObject(index) && isObject(index.weight_map) ? Object.entries(index.weight_map) : [];
  const damaged = (reason: string): never => {
    throw fileError(damagedConfig, path, { file: path, reason });
  };
  if (!map.length) return damaged("it has no `weight_map` from tensors to files");
  const open = new Map<string, SafetensorsFile>();
  const close = (): void => open.forEach((file) => file.close());
  try {
    const tensors = new Map<string, TensorPlace>();
    const owner = new Map<string, string>();
    for (const [tensor, file] of map) {
      if (typeof file !== "string" || /[\\/]/.test(file)) return damaged(`the file of \`${tensor}\` is not a name of this folder`);
      if (!open.has(file)) open.set(file, openSafetensors(fileIn(folder, file)));
      const place = open.get(file)!.tensors.get(tensor);
      if (!place) return damaged(`\`${file}\` lacks the tensor \`${tensor}\``);
      tensors.set(tensor, place);
      owner.set(tensor, file);
    }
    for (const [file, { tensors: own }] of open) {
      for (const tensor of own.keys()) if (owner.get(tensor) !== file) return damaged(`the tensor \`${tensor}\` of \`${file}\` is not in \`weight_map\``);
    }
    return { tensors, fileOf: (name) => join(folder, owner.get(name)!), read: (name) => open.get(owner.get(name)!)!.read(name), metadata: [...open.values()][0].metadata, close };
  } catch (error) {
    close();
    throw error;
  }
}
