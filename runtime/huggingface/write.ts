// Writes a model of ours as a Hugging Face folder: config.json, model.safetensors, tokenizer.json.

import { join } from "node:path";
import { weightShapes } from "../../compiler/apply.ts";
import { accountForImport } from "../../compiler/weights/account.ts";
import type { WeightsMap } from "../../compiler/weights/define.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import { joinOurs } from "../../compiler/weights/layout.ts";
import { noWeightsMap } from "../../grammar/diagnostics/PT7230-no-weights-map.ts";
import { unnamedWeights } from "../../grammar/diagnostics/PT7232-unnamed-weights.ts";
import type { AppliedModel, ImportNote } from "../apply/model.ts";
import { fromFloat32, writeSafetensors, type SavedTensor } from "../checkpoints/safetensors.ts";
import { copyTokenizer, prepareExport, writeNote } from "../export/folder.ts";
import { fileError } from "../files/user-error.ts";
import { writeAtomically } from "../files/write.ts";
import { tokenizerIn } from "../runs/trained.ts";
import { exported } from "./export.ts";
import { newConfig, refuseOtherModel } from "./new-config.ts";
import type { ReadOptions } from "./read.ts";
import { mapName } from "./specs.ts";

interface Contents { readonly className: string; readonly config: JsonObject; readonly tensors: ReadonlyMap<string, SavedTensor>; readonly metadata: Readonly<Record<string, string>> }

export interface WrittenFolder { readonly className: string; readonly tensors: number; readonly bytes: number }

/** What was imported is given back as it was stored. Throws UserError (PT7216, PT7230 to PT7235); nothing is written before all is known. */
export async function exportHuggingFace(model: AppliedModel, folder: string, out: string, options: ReadOptions): Promise<WrittenFolder> {
  const { architecture, imported } = model;
  const map = architecture.maps.find(({ name }) => name === mapName);
  if (!map) throw fileError(noWeightsMap, folder, { model: architecture.name, map: mapName });
  const { className, config, tensors, metadata } = imported ? givenBack(model, map, imported) : await fromRun(model, map, folder, options);
  prepareExport(out);
  const { bytes } = await writeSafetensors(join(out, "model.safetensors"), tensors, metadata);
  writeAtomically(join(out, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  copyTokenizer(folder, out);
  writeNote(out, architecture.name, `A model for transformers:\n\n\`\`\`py\nfrom transformers import ${className}\nmodel = ${className}.from_pretrained(".")\n\`\`\`\n`);
  return { className, tensors: tensors.size, bytes };
}

/** The file of an import, with the weights as they are now. */
function givenBack({ architecture, heads, weights }: AppliedModel, map: WeightsMap, { note, kept }: NonNullable<AppliedModel["imported"]>): Contents {
  const { className, config, file } = note as Omit<ImportNote, "file"> & { readonly file?: ImportNote["file"] };
  // Imports of version 0.1 before this note existed.
  if (!file) return { className, config, tensors: exported(map, weights).tensors, metadata: { format: "pt" } };
  const known = new Set(weightShapes(architecture, architecture.heads).keys());
  const built = new Set(weightShapes(architecture, heads).keys());
  const tensors = new Map(kept);
  const own = Object.keys(file.tensors).filter((name) => !Object.hasOwn(file.copies, name) && !kept.has(name));
  for (const { theirs, ours } of accountForImport(map, own, { built, known }).assignments) {
    const { dtype, shape } = file.tensors[theirs];
    tensors.set(theirs, fromFloat32(joinOurs(ours, (name) => weights.get(name)!).data as Float32Array, shape, dtype));
  }
  for (const [copy, original] of Object.entries(file.copies)) tensors.set(copy, tensors.get(original)!);
  return { className, config, tensors, metadata: file.metadata };
}

async function fromRun(model: AppliedModel, map: WeightsMap, folder: string, options: ReadOptions): Promise<Contents> {
  const { className, config } = newConfig(model, map, await tokenizerIn(folder), folder);
  const { tensors, unmapped } = exported(map, model.weights);
  if (unmapped.length) throw fileError(unnamedWeights, folder, { model: model.architecture.name, map: mapName, weights: unmapped, adaptation: model.added?.word });
  refuseOtherModel(model, map, config, folder, options);
  return { className, config, tensors, metadata: { format: "pt" } };
}
