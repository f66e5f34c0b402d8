// A folder as a model that generates: of a run, of an import, or of Hugging Face.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatingHead, readsEncoder, type Stack } from "../../compiler/architecture.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import type { Diagnostic } from "../../grammar/diagnostics/define.ts";
import { damagedConfig } from "../../grammar/diagnostics/PT7203-damaged-config.ts";
import { nothingGenerated } from "../../grammar/diagnostics/PT8030-nothing-generated.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { openModel, type AppliedModel } from "../apply/model.ts";
import { fileError } from "../files/user-error.ts";
import { openRunFolder } from "../runs/open.ts";
import { chosenCheckpoint, tokenizerIn } from "../runs/trained.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { promptIds, templatedIds, type Prompt } from "./prompts.ts";
import { sourceOf, stacksOf, type GraphSource } from "./source.ts";

export interface GeneratingModel {
  /** Of a run, and the step of its checkpoint. */
  readonly plan: Plan | null;
  readonly step: number | null;
  readonly source: GraphSource;
  readonly weights: AppliedModel["weights"];
  readonly tokenizer: Tokenizer | null;
  /** Ids that end a text unless a decoding says otherwise. */
  readonly stop: readonly number[];
  /** Ids of a prompt, as the model was trained to read it. */
  readonly ids: (prompt: Prompt) => number[];
  /** What the ids of every prompt may begin with, and must where they do: placeholders of an adaptation, `<bos>`. */
  readonly lead: readonly number[];
  readonly warnings: readonly Diagnostic[];
}

export interface OpenGeneratingOptions { readonly cwd: string; readonly checkpoint?: string | undefined; readonly spec?: string | undefined }

/** Throws UserError: no such folder, no `lm` head on a decoder (PT8030), and what `openModel` finds. */
export async function openGenerating(folder: string, { cwd, checkpoint, spec }: OpenGeneratingOptions): Promise<GeneratingModel> {
  const plan = existsSync(join(folder, "plan.json")) ? (await openRunFolder(folder)).plan : null;
  const loaded = plan && (await chosenCheckpoint(folder, checkpoint));
  if (plan && !plan.graphs.prefill) throw fileError(nothingGenerated, folder, { run: plan.name });
  const model = await openModel(folder, { cwd, spec, checkpoint: async (from) => loaded ?? chosenCheckpoint(from, checkpoint) });
  const head = generatingHead(model.heads);
  if (!head) throw fileError(nothingGenerated, folder, { run: model.architecture.name });
  const tokenizer = await tokenizerIn(folder);
  const step = loaded?.state.step;
  const shared = { plan, step: typeof step === "number" ? step : null, weights: model.weights, tokenizer, warnings: model.warnings };
  const readable = (prompt: Prompt): Prompt => {
    if (typeof prompt === "string" && !tokenizer) throw fileError(wrongFlag, folder, { flag: "--prompt", given: prompt, wanted: "ids in `--inputs`: the folder has no tokenizer" });
    return prompt;
  };
  const bos = idsIn(tokenizer?.special("bos"));
  if (plan) {
    // A run's positions are those it was trained with.
    const { decoder, encoder } = stacksOf(plan.graphs.prefill!);
    const lengthOf = (stack: Stack): number => (stack === head.stack ? decoder.length : encoder?.length ?? Infinity);
    const eos = tokenizer?.special("eos") ?? null;
    const front = plan.objective.streams.inputs.placeholders;
    return { ...shared, lead: [...front, ...bos], source: sourceOf(model.architecture, head, plan.objective.streams.targets?.start ?? null, lengthOf), stop: eos === null ? [] : [eos], ids: (prompt) => [...front, ...promptIds(readable(prompt), tokenizer, encoder !== null)] };
  }
  const config = model.imported?.note.config ?? {};
  const generation = readGenerationConfig(folder);
  const stop = idsIn(generation.eos_token_id ?? config.eos_token_id);
  return {
    ...shared,
    lead: bos,
    source: sourceOf(model.architecture, head, startOf(head.stack, config, folder)),
    stop: stop.length ? stop : idsIn(tokenizer?.special("eos")),
    ids: (prompt) => templatedIds(readable(prompt), tokenizer, idsIn(config.bos_token_id)[0] ?? stop[0] ?? null),
  };
}

/** The id before a decoder's first, beside an encoder: given as such, or as the name of a special token that config.json has. */
function startOf(stack: Stack, config: JsonObject, folder: string): number | null {
  if (!readsEncoder(stack) || typeof stack.start === "number") return stack.start as number | null;
  const names = typeof stack.start === "string" ? [stack.start] : ["bos", "pad"];
  const [id] = names.flatMap((name) => idsIn(config[`${name}_token_id`]));
  if (id === undefined) throw fileError(damagedConfig, folder, { file: "config.json", reason: `it has no \`decoder_start_token_id\`, and no \`${names[0]}_token_id\` in its place` });
  return id;
}

function idsIn(value: unknown): number[] {
  return [value].flat().filter((id): id is number => typeof id === "number");
}

/** Beside the weights: what transformers' `generate` takes where a call says nothing. */
function readGenerationConfig(folder: string): JsonObject {
  const path = join(folder, "generation_config.json");
  if (!existsSync(path)) return {};
  try {
    const json: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (json !== null && typeof json === "object" && !Array.isArray(json)) return json as JsonObject;
    throw new Error("it is no JSON object");
  } catch (error) {
    throw fileError(damagedConfig, path, { file: path, reason: (error as Error).message });
  }
}
