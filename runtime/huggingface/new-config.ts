// The config.json of a model that was trained here, and the proof that it says what was trained: it is read back as an import would.

import { applicationOf, applyGraph, weightShapes } from "../../compiler/apply.ts";
import type { Architecture, Head } from "../../compiler/architecture.ts";
import { contextOf, stackSize } from "../../compiler/sizes.ts";
import { accountForExport, leavesOf } from "../../compiler/weights/account.ts";
import { keysOf } from "../../compiler/weights/config.ts";
import type { WeightsMap } from "../../compiler/weights/define.ts";
import { argumentsFrom, instantiateMapped } from "../../compiler/weights/instantiate.ts";
import { configOf } from "../../compiler/weights/invert.ts";
import type { Json, JsonObject } from "../../compiler/weights/json.ts";
import { modernized, unknownSettings } from "../../compiler/weights/settings.ts";
import { noModelClass } from "../../grammar/diagnostics/PT7235-no-model-class.ts";
import { otherModel } from "../../grammar/diagnostics/PT7233-other-model.ts";
import { unstatedSetting } from "../../grammar/diagnostics/PT7231-unstated-setting.ts";
import type { AppliedModel } from "../apply/model.ts";
import { fileDiagnostic, fileError, UserError } from "../files/user-error.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { headsOf, type ReadOptions } from "./read.ts";
import { chooseSpec, knownModels } from "./specs.ts";

export interface NewConfig { readonly className: string; readonly config: JsonObject }

/** Throws UserError (PT7231, PT7235). */
export function newConfig({ architecture, heads }: AppliedModel, map: WeightsMap, tokenizer: Tokenizer | null, folder: string): NewConfig {
  const names = heads.map(({ name }) => name);
  const classes = heads.find(({ name }) => name === "classify" || name === "regress" || name === "tag")?.width;
  const className = Object.keys(map.architectures).find((one) => sameNames(headsOf(map.architectures[one], classes ?? 2), names));
  if (className === undefined) throw fileError(noModelClass, folder, { model: architecture.name, heads: names, known: map.architectures });
  const { config: stated, unstated } = configOf(map, withIds(architecture.parameters, tokenizer));
  if (unstated.length) throw new UserError(unstated.map(({ parameter, value, expression }) => fileDiagnostic(unstatedSetting, folder, { parameter, value: String(value), keys: keysOf(expression) })));
  const config: JsonObject = { architectures: [className], ...(map.modelType === null ? {} : { model_type: map.modelType }), dtype: "float32", ...labels(classes), ...specialIds(tokenizer, stated), ...stated };
  return { className, config };
}

/** Throws UserError (PT7233) where an import of this config.json would not give the model that was trained. */
export function refuseOtherModel(model: AppliedModel, map: WeightsMap, config: JsonObject, folder: string, options: ReadOptions): void {
  const difference = differenceWhenRead(model, map, config, options);
  if (difference !== null) throw fileError(otherModel, folder, { model: model.architecture.name, type: map.modelType ?? "", difference });
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Tokens as the ids that the tokenizer gives them. */
function withIds(parameters: Architecture["parameters"], tokenizer: Tokenizer | null): Architecture["parameters"] {
  const idOf = (value: unknown): unknown => {
    const token = (value as { readonly token?: unknown } | null)?.token;
    return typeof token === "string" ? (tokenizer?.special(token) ?? value) : value;
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, idOf(value)]));
}

/** transformers counts labels by their names. */
function labels(classes: number | undefined): JsonObject {
  if (classes === undefined) return {};
  const names = Array.from({ length: classes }, (_, i) => `LABEL_${i}`);
  return { id2label: Object.fromEntries(names.map((name, i) => [String(i), name])), label2id: Object.fromEntries(names.map((name, i) => [name, i])) };
}

/** transformers would assume the ids of the published model. */
function specialIds(tokenizer: Tokenizer | null, stated: JsonObject): JsonObject {
  const ids = ["bos", "eos", "pad"].map((name): [string, Json] => [`${name}_token_id`, tokenizer?.special(name) ?? null]);
  return Object.fromEntries(ids.filter(([key]) => !Object.hasOwn(stated, key)));
}

/** Where the model that this config.json says differs from the one that was trained; null where they are one, or where no spec but its own knows the type. */
function differenceWhenRead({ architecture, heads }: AppliedModel, map: WeightsMap, config: JsonObject, options: ReadOptions): string | null {
  const known = knownModels(options.spec, options.cwd);
  if (!known.some((one) => one.map.modelType === map.modelType)) return null;
  const modern = modernized(config);
  const file = { path: "config.json", text: JSON.stringify(config, null, 2), value: config };
  try {
    const { model, className } = chooseSpec(known, file, modern);
    const [unknown] = unknownSettings(model.map, modern);
    if (unknown) return `\`${unknown.key}\` is no setting of \`${model.declared.name}\``;
    const { values, problems: [problem] } = argumentsFrom(model.map, modern);
    if (problem) return `\`${problem.key}\` is ${problem.given}, not ${problem.wanted}`;
    const classes = modern.num_labels as number;
    const made = instantiateMapped(model, { values, heads: headsOf(model.map.architectures[className], classes), headValues: { classes } });
    if ("diagnostics" in made) return made.diagnostics[0].message;
    return firstDifference(described(architecture, heads, map), described(made.architecture, made.heads, made.map), model.declared.name);
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics[0].message;
    throw error;
  }
}

interface Line { readonly at: string; readonly text: string }

/** Every weight under its name there, and every node of the forward pass. */
function described(architecture: Architecture, heads: readonly Head[], map: WeightsMap): Line[] {
  const shapes = weightShapes(architecture, heads);
  const theirs = new Map(accountForExport(map, new Set(shapes.keys())).assignments.flatMap(({ theirs: name, ours }) => leavesOf(ours).map((leaf, i): [string, string] => [leaf, `${name}[${i}]`])));
  const weights = [...shapes].map(([name, shape]): Line => ({ at: name, text: `${theirs.get(name) ?? name} is [${shape.join(", ")}]` }));
  const definition = applicationOf(architecture, heads);
  if (!definition) return weights;
  const graph = applyGraph(architecture, heads.filter(({ name }) => definition.heads.includes(name)), definition, { batch: 2, size: (stack) => stackSize(stack, Math.min(6, contextOf(stack))), loss: false, gradients: false });
  return [...weights, ...graph.nodes.map(({ op, inputs, attributes, scope }): Line => ({ at: scope, text: `${op}(${inputs.join(", ")}) ${JSON.stringify(attributes)}` }))];
}

function firstDifference(ours: readonly Line[], theirs: readonly Line[], name: string): string | null {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    if (ours[i]?.text === theirs[i]?.text) continue;
    const shown = (line: Line | undefined): string => (line === undefined ? "nothing" : `\`${line.text.length > 120 ? `${line.text.slice(0, 119)}…` : line.text}\``);
    return `in \`${(ours[i] ?? theirs[i]).at}\` ${shown(ours[i])} was trained, \`${name}\` has ${shown(theirs[i])}`;
  }
  return null;
}
