// Writes a model as a TensorFlow.js GraphModel: forward over token ids, as `pt apply` computes it.

import type { ApplyDefinition } from "../../../compiler/apply/define.ts";
import { contextOf } from "../../../compiler/sizes.ts";
import { wrongFlag } from "../../../grammar/diagnostics/PT8012-wrong-flag.ts";
import type { AppliedModel } from "../../apply/model.ts";
import { chooseApplication, headsFor } from "../../apply/run.ts";
import { loadTensorflow } from "../../backends/_tensorflow.ts";
import { fileError } from "../../files/user-error.ts";
import { copyTokenizer, prepareExport, writeNote } from "../folder.ts";
import type { Placed } from "./graph-model.ts";
import { traceModel, type TracedResult } from "./model.ts";
import { writeGraphModel } from "./write.ts";

export interface TfjsOptions {
  readonly task: string | undefined;
  /** Undefined: any. */
  readonly batch: number | undefined;
  readonly length: number | undefined;
  /** The length where the model works at one length only. */
  readonly usual: number;
  readonly shardBytes: number;
}

export interface TfjsResult { readonly task: string; readonly inputs: readonly Placed[]; readonly outputs: readonly Placed[]; readonly shards: number; readonly bytes: number }

/** Throws UserError (PT7215, PT7216, PT7234, PT8012); nothing is written before the graph is made. */
export async function exportTfjs(model: AppliedModel, folder: string, out: string, options: TfjsOptions): Promise<TfjsResult> {
  const definition = chooseApplication(model, options.task, folder);
  const { tf } = await loadTensorflow();
  const heads = headsFor(definition, model.heads);
  const longest = Math.min(...model.architecture.stacks.filter(({ reads }) => reads === "tokens").map(contextOf));
  if (options.length !== undefined && options.length > longest) throw fileError(wrongFlag, "", { flag: "--length", given: String(options.length), wanted: `at most ${longest}, the positions of the model` });
  const traced = traceModel(tf, { ...model, heads }, definition, { batch: options.batch ?? null, length: options.length ?? null, usual: options.usual }, folder);
  prepareExport(out);
  const { inputs, outputs } = traced.model;
  const written = writeGraphModel(out, traced.model, (name) => model.weights.get(name)!.data, options.shardBytes);
  const tokenizer = copyTokenizer(folder, out);
  writeNote(out, model.architecture.name, noteText(definition, traced, longest, tokenizer));
  return { task: definition.word, inputs, outputs, ...written };
}

const shapeText = ({ shape }: Placed): string => `[${shape.map((n) => n ?? "?").join(", ")}]`;

function noteText({ word, doc }: ApplyDefinition, { model: { inputs, outputs }, fixed }: TracedResult, longest: number, tokenizer: boolean): string {
  const rows = (all: readonly Placed[]): string => all.map((one) => `| \`${one.name}\` | ${one.dtype} | ${shapeText(one)} |\n`).join("");
  const positions = fixed.length ?? `any number${longest < Infinity ? `, at most ${longest}` : ""}`;
  const targets = "target_length" in fixed ? `; of the decoder: ${fixed.target_length}` : "";
  return `A TensorFlow.js GraphModel, float32. Task \`${word}\`: ${doc}

| input | type | shape |
|---|---|---|
${rows(inputs)}
| output | type | shape |
|---|---|---|
${rows(outputs)}
Examples a call: ${fixed.batch ?? "any number"}. Positions: ${positions}${targets}.${inputs.some(({ name }) => name === "attention_mask") ? " `attention_mask` is 1 for real tokens and 0 for padding." : ""}${tokenizer ? " `tokenizer.json` is in the format of Hugging Face tokenizers." : ""}

\`\`\`js
const model = await tf.loadGraphModel("model.json");
const ${outputs[0].name} = model.execute({ ${inputs.map(({ name }) => name).join(", ")} }, "${outputs[0].name}");
\`\`\`
`;
}
