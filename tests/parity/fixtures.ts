// The model fixtures of `goldens/` (their README is all that is known of them), and the machines that compute them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { evaluateGraph } from "../../compiler/graph/evaluate.ts";
import type { Graph } from "../../compiler/graph/node.ts";
import type { JsonObject } from "../../compiler/weights/json.ts";
import { readSafetensors, toFloat32 } from "../../runtime/checkpoints/safetensors.ts";
import { openSession } from "../../runtime/session.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder that PT_GOLDENS names, relative to the repository. */
export const goldens = resolve(root, process.env.PT_GOLDENS ?? "../shared/goldens");

export function modelCases(): string[] {
  const folder = `${goldens}/models`;
  return existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/config.json`)).sort() : [];
}

export interface Expected {
  readonly loss: number;
  readonly loss_float64: number;
  readonly parameter_count: number;
  readonly tied_and_absent: { readonly [tensor: string]: string };
  readonly buffers_in_file: readonly string[];
  readonly adamw: { readonly lr: number; readonly betas: readonly number[]; readonly eps: number; readonly weight_decay: number; readonly losses: readonly number[]; readonly losses_float64: readonly number[] };
  readonly gradient: { readonly max_abs: number; readonly global_norm: number; readonly mathematically_zero: readonly string[] };
  readonly tolerance: { readonly loss_abs: number; readonly outputs_abs: number; readonly gradients_abs: number; readonly adamw_loss_abs: number };
  readonly float32_vs_float64: { readonly loss: number; readonly outputs: number; readonly gradients: number; readonly adamw_losses: number };
  readonly valid_positions: readonly (readonly number[])[] | null;
}

export interface Fixture {
  readonly folder: string;
  readonly inputs: JsonObject;
  readonly expected: Expected;
  readonly outputs: ReadonlyMap<string, Float32Array>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

export async function readFixture(name: string): Promise<Fixture> {
  const folder = `${goldens}/models/${name}`;
  const json = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
  const outputs = await readSafetensors(`${folder}/outputs.safetensors`);
  const gradients = await readSafetensors(`${folder}/gradients.safetensors`);
  const data = (tensors: typeof outputs): Map<string, Float32Array> => new Map([...tensors].map(([key, tensor]) => [key, toFloat32(tensor)]));
  return {
    folder,
    inputs: json("inputs.json") as JsonObject,
    expected: json("expected.json") as Expected,
    outputs: data(outputs),
    shapes: new Map([...outputs].map(([key, { shape }]) => [key, shape])),
    gradients: data(gradients),
  };
}

export type Numbers = Float32Array | Float64Array | Int32Array;

/** Runs a graph on plain arrays. */
export interface Machine {
  readonly name: string;
  readonly float64: boolean;
  readonly run: (graph: Graph, feeds: ReadonlyMap<string, Numbers>) => Promise<Map<string, Numbers>>;
}

export const oracle: Machine = {
  name: "float64",
  float64: true,
  run: async (graph, feeds) => evaluateGraph(graph, new Map([...feeds].map(([name, data]) => [name, data instanceof Int32Array ? data : Float64Array.from(data)]))),
};

export async function backendMachine(word: string): Promise<Machine> {
  const session = await openSession(word);
  return {
    name: word,
    float64: false,
    run: async (graph, feeds) => {
      const results = session.program(graph).run(feeds as ReadonlyMap<string, Float32Array | Int32Array>);
      const read = new Map<string, Numbers>();
      for (const [name, handle] of results) read.set(name, await session.read(handle));
      session.dispose(results.values());
      return read;
    },
  };
}

/** ‖a − b‖ and ‖b‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): { difference: number; norm: number; largest: number } {
  if (a.length !== b.length) return { difference: Infinity, norm: 0, largest: Infinity };
  let difference = 0;
  let norm = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const d = a[i] - b[i];
    difference += d * d;
    norm += b[i] * b[i];
    if (!(Math.abs(d) <= largest)) largest = Number.isNaN(d) ? Infinity : Math.abs(d);
  }
  return { difference: Math.sqrt(difference), norm: Math.sqrt(norm), largest };
}
