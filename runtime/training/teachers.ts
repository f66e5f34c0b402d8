// The weights of a plan's teachers, from the folders of their runs beside the run's own.

import { existsSync } from "node:fs";
import { missingTeacher } from "../../grammar/diagnostics/PT8013-missing-teacher.ts";
import { teacherInputs, type TeacherInput } from "../../compiler/lessons.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { listCheckpoints, loadCheckpoint, type CheckpointTensor } from "../checkpoints/checkpoint.ts";
import { fileError } from "../files/user-error.ts";
import type { Batch } from "../data/fields.ts";
import { runFolder } from "./run-folder.ts";
import { initialParameters, type Tensors } from "./parameters.ts";

export interface Teachers {
  /** By the names of the train graph's inputs. */
  readonly weights: Tensors;
  /** The step of each one's checkpoint, which a resumed run asks for again. */
  readonly steps: { readonly [teacher: string]: number };
}

/** `runs` is the folder of run folders; `steps` are those that an earlier part of the run has learned from. Throws UserError (PT8013, PT8104). */
export async function openTeachers(plan: Plan, runs: string, steps: Teachers["steps"]): Promise<Teachers> {
  const weights = new Map<string, CheckpointTensor>();
  const used: Record<string, number> = {};
  for (const { name, run, hash, checkpoint } of plan.teachers) {
    const folder = runFolder(runs, { name: run, hash });
    const refuse = (problem: string): never => {
      throw fileError(missingTeacher, folder, { run, folder, problem });
    };
    if (!existsSync(folder) || !listCheckpoints(folder).length) refuse("it was not trained");
    const loaded = (await loadCheckpoint(folder, steps[name] ?? checkpoint))!;
    if (loaded.state.plan !== hash) refuse("its weights are of another plan");
    for (const { input, weight, shape } of inputsOf(plan, name)) {
      // A preference's reference is what the run starts from: what that run lacks is as fresh here as there.
      const tensor = loaded.weights.get(weight) ?? (prefers(plan) ? initialParameters(plan).get(weight) : undefined);
      if (!tensor) refuse(`it has no weight \`${weight}\``);
      else if (tensor.shape.join() !== shape.join()) refuse(`\`${weight}\` is [${tensor.shape.join(", ")}] there and [${shape.join(", ")}] here`);
      else weights.set(input, tensor);
    }
    used[name] = loaded.step;
  }
  return { weights, steps: used };
}

function prefers({ objective }: Plan): boolean {
  return objective.losses.some(({ kind }) => kind === "preference");
}

function inputsOf(plan: Plan, teacher: string): TeacherInput[] {
  return teacherInputs(plan.graphs.train).filter((input) => input.teacher === teacher);
}

/** What the lessons of a batch are divided by: real positions, where no head counts them. */
export function lessonCounts({ objective: { lessons, streams } }: Plan, batch: Batch): { readonly [lesson: string]: number } {
  return Object.fromEntries(lessons.flatMap(({ name, stream }) => (stream === null ? [] : [[name, total(batch.fields.get(`${streams[stream]!.prefix}real`)!.data)]])));
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
