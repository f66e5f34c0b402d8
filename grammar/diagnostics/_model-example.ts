// The smallest Hugging Face folder there is (a GPT-2 of zeros), for examples of import and apply; the member files say what differs.

import type { Example } from "./define.ts";

export interface ModelExample {
  /** Keys of config.json over the usual ones; null removes a key. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Text in place of config.json. */
  readonly configText?: string;
  /** Shapes of tensors over the usual ones; null removes a tensor. */
  readonly tensors?: Readonly<Record<string, readonly number[] | null>>;
  /** Type of all tensors; default F32. */
  readonly type?: "F32" | "I32";
  /** Files beside `main.pt`; null removes one of the folder's. */
  readonly beside?: Readonly<Record<string, string | null>>;
  readonly inputs?: unknown;
  readonly command?: readonly string[];
}

const config = { model_type: "gpt2", architectures: ["GPT2LMHeadModel"], n_layer: 1, n_embd: 4, n_head: 2, vocab_size: 8, n_positions: 8, activation_function: "gelu_new", layer_norm_epsilon: 1e-5 };

const block: Readonly<Record<string, readonly number[]>> = {
  "ln_1.weight": [4], "ln_1.bias": [4], "attn.c_attn.weight": [4, 12], "attn.c_attn.bias": [12], "attn.c_proj.weight": [4, 4], "attn.c_proj.bias": [4],
  "ln_2.weight": [4], "ln_2.bias": [4], "mlp.c_fc.weight": [4, 16], "mlp.c_fc.bias": [16], "mlp.c_proj.weight": [16, 4], "mlp.c_proj.bias": [4],
};

const tensors: Readonly<Record<string, readonly number[]>> = {
  "transformer.wte.weight": [8, 4],
  "transformer.wpe.weight": [8, 4],
  ...Object.fromEntries(Object.entries(block).map(([name, shape]) => [`transformer.h.0.${name}`, shape])),
  "transformer.ln_f.weight": [4],
  "transformer.ln_f.bias": [4],
};

/** `main.pt` is there because every example has one. */
export function modelExample(example: ModelExample = {}): Example {
  const kept = <T>(usual: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== null)) as Record<string, T>;
  const files: Readonly<Record<string, string>> = {
    "main.pt": "",
    "model/config.json": example.configText ?? JSON.stringify(kept<unknown>(config, example.config), null, 1),
    "model/model.safetensors": zeros(kept(tensors, example.tensors), example.type ?? "F32"),
    "inputs.json": JSON.stringify(example.inputs ?? { input_ids: [[1, 2, 3]], labels: [[1, 2, 3]] }),
  };
  return { files: kept(files, example.beside), command: example.command ?? ["apply", "model", "--inputs", "inputs.json", "--outputs", "out.safetensors"] };
}

/** A safetensors file of zeros as a text: every byte of it is below 128, so its UTF-8 is itself. */
function zeros(shapes: Readonly<Record<string, readonly number[]>>, dtype: string): string {
  let offset = 0;
  const header = JSON.stringify(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => {
    const start = offset;
    offset += 4 * shape.reduce((product, n) => product * n, 1);
    return [name, { dtype, shape, data_offsets: [start, offset] }];
  })));
  let length = Math.ceil(header.length / 8) * 8;
  while (length % 256 > 127) length += 8;
  return String.fromCharCode(length % 256, length >> 8, 0, 0, 0, 0, 0, 0) + header.padEnd(length) + "\0".repeat(offset);
}
