// The fixtures that exports are tested with, and what to feed them.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSafetensors } from "../../runtime/checkpoints/safetensors.ts";
import { pt } from "../harness/cli.ts";
import { modelJson } from "./graph-model.ts";

/** One of each kind, for the browser: decoders, an encoder, an encoder-decoder, images. */
export const listed = ["gpt2-clm", "llama-clm", "bert-mlm-nsp", "t5-seq2seq", "vit-classification"];

export interface Values { readonly shape: readonly number[]; readonly values: Int32Array | Float32Array }
export type Given = { readonly [input: string]: Values };

/** Nested lists as one array, with their shape. */
export function tensorOf(value: unknown): Values {
  const shape: number[] = [];
  for (let at = value; Array.isArray(at); at = at[0]) shape.push(at.length);
  const flat = (value as unknown[]).flat(Infinity) as number[];
  return { shape, values: flat.every(Number.isInteger) ? Int32Array.from(flat) : Float32Array.from(flat) };
}

/** What transformers assumes where an input is not given: everything is real, one segment; a decoder reads its labels shifted. */
function assumed(input: string, inputs: { readonly [name: string]: unknown }, config: { readonly [key: string]: unknown }): unknown {
  const rows = (of: unknown, make: (id: number, i: number, row: readonly number[]) => number): number[][] => (of as number[][]).map((row) => row.map(make));
  const pad = (config.pad_token_id ?? 0) as number;
  if (input === "attention_mask") return rows(inputs.input_ids, () => 1);
  if (input === "token_type_ids") return rows(inputs.input_ids, () => 0);
  if (input === "decoder_input_ids") return rows(inputs.labels, (_, i, row) => (i === 0 ? ((config.decoder_start_token_id ?? pad) as number) : row[i - 1] === -100 ? pad : row[i - 1]));
  throw new Error(`${input} is not given`);
}

export interface Exported { readonly folder: string; readonly given: Given; /** What the session computes. */ readonly session: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }> }

/** Exports a folder into `cwd`, and applies it to the same inputs. */
export async function exportedCase(from: string, inputsFile: string, inputs: { readonly [name: string]: unknown }, cwd: string, flags: readonly string[] = []): Promise<Exported> {
  const ran = await pt(["export", from, "--to", "tfjs", "--out", "out", ...flags], cwd);
  if (ran.code !== 0 || ran.stderr) throw new Error(ran.stderr);
  const folder = join(cwd, "out");
  const applied = await pt(["apply", from, "--inputs", inputsFile, "--outputs", "out.safetensors", "--backend", "cpu", ...flags], cwd);
  if (applied.code !== 0) throw new Error(applied.stderr);
  const config = JSON.parse(readFileSync(join(resolve(cwd, from), "config.json"), "utf8")) as { readonly [key: string]: unknown };
  const given = Object.fromEntries(Object.keys(modelJson(folder).signature.inputs).map((input) => [input, tensorOf(inputs[input] ?? assumed(input, inputs, config))]));
  const session = new Map([...(await readSafetensors(join(cwd, "out.safetensors")))].map(([name, { shape, data }]) => [name, { shape, values: data as Float32Array }]));
  return { folder, given, session };
}
