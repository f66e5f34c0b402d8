// Weights and optimizer state: before the first step, from a checkpoint, on the backend.

import { sizeOf } from "../../compiler/graph/node.ts";
import type { InitializerDefinition } from "../../compiler/initializers/define.ts";
import { initializerStream } from "../../compiler/initializers/define.ts";
import { initializers } from "../../compiler/initializers/index.ts";
import type { OptimizerDefinition } from "../../compiler/optimizers/define.ts";
import { optimizers } from "../../compiler/optimizers/index.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { CheckpointTensor } from "../checkpoints/checkpoint.ts";
import type { Handle, Session } from "../session.ts";

export type Tensors = ReadonlyMap<string, CheckpointTensor>;

function member<T>(registry: { readonly [word: string]: T }, word: string, what: string): T {
  if (!Object.hasOwn(registry, word)) throw new Error(`no ${what} \`${word}\``);
  return registry[word];
}

/** The weights before step 1: the same for the same seed, whatever else the model has. */
export function initialParameters(plan: Plan): Map<string, CheckpointTensor> {
  const known: { readonly [word: string]: InitializerDefinition } = initializers;
  return new Map(plan.parameters.map(({ name, shape, initializer }) => {
    const data = new Float32Array(sizeOf(shape));
    member(known, initializer.word, "initializer").fill(data, initializerStream(plan.seeds.run, name), shape, initializer.arguments);
    return [name, { shape, data }];
  }));
}

/** Optimizer state before step 1, under the names of the update graph's inputs, `state:NAME.KEY`. */
export function initialState(plan: Plan): Map<string, CheckpointTensor> {
  const known: { readonly [word: string]: OptimizerDefinition } = optimizers;
  const definition = member(known, plan.optimizer.word, "optimizer");
  const state = new Map<string, CheckpointTensor>();
  for (const { name, shape, trainable } of plan.parameters) {
    if (!trainable) continue;
    for (const [key, info] of Object.entries(definition.state(plan.optimizer.arguments, shape))) {
      state.set(`state:${name}.${key}`, { shape: info.shape, data: new Float32Array(sizeOf(info.shape)).fill(info.value) });
    }
  }
  return state;
}

/** Copies to the backend; on a failure nothing stays there. */
export function uploadAll(session: Session, tensors: Tensors): Map<string, Handle> {
  const handles = new Map<string, Handle>();
  try {
    for (const [name, { shape, data }] of tensors) handles.set(name, session.upload(data, shape));
    return handles;
  } catch (error) {
    session.dispose(handles.values());
    throw error;
  }
}

export async function readAll(session: Session, handles: ReadonlyMap<string, Handle>): Promise<Map<string, CheckpointTensor>> {
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, handle] of handles) tensors.set(name, { shape: handle.shape, data: (await session.read(handle)) as Float32Array });
  return tensors;
}
