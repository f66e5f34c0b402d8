// Hugging Face folders for tests: a tiny configuration of a shipped spec, its tensors filled with numbers of their own.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { weightShapes } from "../../compiler/apply.ts";
import { sizeOf } from "../../compiler/graph/node.ts";
import { randomStream } from "../../compiler/random.ts";
import { argumentsFrom, instantiateMapped, type Instantiated } from "../../compiler/weights/instantiate.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import type { Tensor } from "../../compiler/weights/layout.ts";
import { modernized } from "../../compiler/weights/settings.ts";
import { writeSafetensors, type SavedTensor } from "../../runtime/checkpoints/safetensors.ts";
import { exported } from "../../runtime/huggingface/export.ts";
import { chooseSpec, knownModels } from "../../runtime/huggingface/specs.ts";
import { temporaryFolder } from "../files/temporary.ts";

export const models = knownModels(undefined, "/");

export const configs: Readonly<Record<string, JsonObject>> = {
  gpt: { model_type: "openai-gpt", architectures: ["OpenAIGPTLMHeadModel"], n_layer: 2, n_embd: 12, n_head: 3, vocab_size: 17, n_positions: 10, afn: "gelu", layer_norm_epsilon: 1e-4, resid_pdrop: 0.2 },
  gpt2: { model_type: "gpt2", architectures: ["GPT2LMHeadModel"], n_layer: 2, n_embd: 12, n_head: 3, n_inner: 20, vocab_size: 17, n_positions: 10, activation_function: "relu", layer_norm_epsilon: 1e-4, resid_pdrop: 0.2 },
  llama: { model_type: "llama", architectures: ["LlamaForCausalLM"], num_hidden_layers: 2, hidden_size: 12, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 6, intermediate_size: 14, vocab_size: 17, rope_parameters: { rope_type: "default", rope_theta: 500 }, hidden_act: "gelu", attention_bias: true, mlp_bias: true, rms_norm_eps: 1e-4, tie_word_embeddings: false, pad_token_id: 0 },
};

export function build(config: JsonObject): Instantiated & { readonly className: string } {
  const modern = modernized(config);
  const { model, className } = chooseSpec(models, { path: "config.json", text: "", value: config }, modern);
  const { values, problems } = argumentsFrom(model.map, modern);
  const made = instantiateMapped(model, { values, heads: model.map.architectures[className], headValues: { classes: modern.num_labels as number } });
  if (problems.length || "diagnostics" in made) throw new Error(JSON.stringify([problems, made]));
  return { ...made, className };
}

/** Weights drawn at random, the same ones every time. */
export function randomWeights({ architecture, heads }: Instantiated): Map<string, Tensor> {
  const random = randomStream(11, "weights");
  return new Map([...weightShapes(architecture, heads)].map(([name, shape]) => [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.below(2001) / 1000 - 1) }]));
}

/** Writes a folder of this configuration; `change` may alter its tensors. */
export async function modelFolder(config: JsonObject, change: (tensors: Map<string, SavedTensor>) => void = () => {}): Promise<{ folder: string; weights: Map<string, Tensor>; tensors: Map<string, SavedTensor> }> {
  const folder = temporaryFolder();
  const made = build(config);
  const weights = randomWeights(made);
  const { tensors } = exported(made.map, weights);
  change(tensors);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config, null, 1));
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
  return { folder, weights, tensors };
}
