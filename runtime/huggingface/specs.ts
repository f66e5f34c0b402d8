// Which shipped spec describes a model: by model_type, class, and what the spec requires of config.json.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../compiler/check.ts";
import { describeJson, type JsonObject } from "../../compiler/weights/json.ts";
import { mappedModels, type MappedModel } from "../../compiler/weights/instantiate.ts";
import { unmetRequirements, type SettingProblem } from "../../compiler/weights/settings.ts";
import { unknownModelClass } from "../../grammar/diagnostics/PT7205-unknown-model-class.ts";
import { unknownModelType } from "../../grammar/diagnostics/PT7204-unknown-model-type.ts";
import { didYouMean } from "../../grammar/nearest.ts";
import { catalog } from "../catalog.ts";
import { UserError } from "../files/user-error.ts";
import { openSpec, programFolder } from "../host.ts";
import { configError, settingError } from "./config-place.ts";
import type { ConfigFile } from "./folder.ts";

/** Name of the maps that these folders are read by. */
export const mapName = "huggingface";

export interface ChosenSpec {
  readonly model: MappedModel;
  /** The class whose heads the weights have. */
  readonly className: string;
}

/** Models of the given spec first, then of all shipped ones. Throws UserError when the given spec has errors. */
export function knownModels(spec: string | undefined, cwd: string): MappedModel[] {
  const own = spec === undefined ? [] : modelsOf(spec, cwd, true);
  const shipped = readdirSync(join(programFolder(), "specs")).filter((name) => name.endsWith(".pt")).sort();
  return [...own, ...shipped.flatMap((name) => modelsOf(`ptarmigan/${name}`, programFolder(), false))];
}

function modelsOf(name: string, cwd: string, strict: boolean): MappedModel[] {
  const opened = openSpec(name, cwd);
  if ("diagnostic" in opened) throw new UserError([opened.diagnostic]);
  const result = check(opened.text, catalog, { file: opened.file, host: opened.host });
  if (strict && result.diagnostics.some((item) => item.severity === "error")) throw new UserError(result.diagnostics);
  return mappedModels(result, mapName);
}

/** Throws UserError (PT7204, PT7205, PT7206). `config` is the modernized value of the file. */
export function chooseSpec(models: readonly MappedModel[], file: ConfigFile, config: JsonObject): ChosenSpec {
  const type = config.model_type;
  const typed = models.filter(({ map }) => map.modelType === type);
  if (!typed.length) {
    const known = [...new Set(models.flatMap(({ map }) => map.modelType ?? []))].sort();
    throw configError(unknownModelType, file, "model_type", { given: describeJson(type), known, suggestion: typeof type === "string" ? didYouMean(type, known) : undefined });
  }
  const given = classesOf(config);
  const classed = typed.flatMap((model) => {
    const names = Object.keys(model.map.architectures);
    // A file that names no class is taken for the first of the map, the one of pretraining.
    const className = given.length ? given.find((name) => names.includes(name)) : names[0];
    return className === undefined ? [] : [{ model, className }];
  });
  if (!classed.length) {
    const known = [...new Set(typed.flatMap(({ map }) => Object.keys(map.architectures)))].sort();
    const suggestion = given.map((name) => didYouMean(name, known)).find((hint) => hint !== undefined);
    throw configError(unknownModelClass, file, "architectures", { given: given.map((name) => `\`${name}\``).join(", ") || "(none)", type: String(type), known, suggestion });
  }
  const judged = classed.map((choice) => ({ ...choice, unmet: unmetRequirements(choice.model.map, config) }));
  const fitting = judged.find(({ unmet }) => !unmet.length);
  if (fitting) return fitting;
  const [nearest] = [...judged].sort((a, b) => a.unmet.length - b.unmet.length);
  throw refusals(nearest.unmet, file);
}

/** All of them in one error. */
export function refusals(problems: readonly SettingProblem[], file: ConfigFile): UserError {
  return new UserError(problems.flatMap((problem) => settingError(problem, file).diagnostics));
}

function classesOf(config: JsonObject): string[] {
  const given = config.architectures;
  return Array.isArray(given) ? given.filter((name) => typeof name === "string") : typeof given === "string" ? [given] : [];
}
