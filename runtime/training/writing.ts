// What a run writes when it is measured: the answers to the questions of its tasks, over graphs of its own sizes.

import { adaptedRun } from "../../compiler/adapt.ts";
import { generatingHead } from "../../compiler/architecture.ts";
import { check } from "../../compiler/check.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { catalog } from "../catalog.ts";
import type { Asked } from "../data/tasks.ts";
import { endsIn, textOf } from "../evaluation/answers.ts";
import { keptGraphs, keptPrograms } from "../evaluation/graphs.ts";
import { stopOf } from "../generation/call.ts";
import { generate } from "../generation/generate.ts";
import { sourceOf } from "../generation/source.ts";
import { fileHost } from "../host.ts";
import type { Handle, Session } from "../session.ts";
import type { Tokenizer } from "../tokenizers/define.ts";

export type Question = NonNullable<Asked["question"]>;

/** Texts that weights answer questions with, in their order. */
export type Write = (weights: ReadonlyMap<string, Handle>, questions: readonly Question[]) => Promise<string[]>;

/** Null for a run whose tasks write nothing. The architecture is that of the plan's own text. */
export function planWrites(plan: Plan, tokenizer: Tokenizer, session: Session): Write | null {
  const writes = plan.kind === "finetune" && plan.objective.losses.some(({ kind }) => kind === "tokens");
  if (!writes) return null;
  let opened: ReturnType<typeof open> | null = null;
  return async (weights, questions) => {
    const { kept, source } = (opened ??= open(plan, tokenizer, session));
    const texts: string[] = [];
    for (const group of alike(questions)) {
      const [{ decode, tokens, stop }] = group;
      const eos = tokenizer.special("eos");
      const made = await generate(kept, source, weights, group.map(({ prompt }) => prompt), {
        decoding: decode, tokens, seed: plan.seeds.run, index: texts.length, stop: stopOf(decode, eos === null ? [] : [eos], tokenizer), ends: endsIn(stop, tokenizer),
      });
      for (const [best] of made) texts.push(textOf(best?.ids ?? [], stop, tokenizer).trim());
    }
    return texts;
  };
}

function open(plan: Plan, tokenizer: Tokenizer, session: Session) {
  const host = fileHost(".", "spec.pt");
  // The tokenizer is open already, whatever file it came from.
  const read: typeof host.read = (file) => (file.endsWith(".json") ? { text: tokenizer.json() } : host.read(file));
  const checked = check(plan.spec, catalog, { file: "spec.pt", host: { ...host, read } }).runs.get(plan.name);
  if (!checked) throw new Error(`the text of the plan of ${plan.name} is not what it was compiled from`);
  const { architecture, heads, layout } = adaptedRun(checked);
  const source = sourceOf(architecture, generatingHead(heads)!, plan.objective.streams.targets?.start ?? null, (stack) => layout.lengths[stack.path]);
  return { kept: keptPrograms(session), source: keptGraphs(source) };
}

/** Neighbours that are asked in the same way. */
function alike(questions: readonly Question[]): Question[][] {
  const groups: Question[][] = [];
  const key = ({ decode, tokens, stop }: Question): string => JSON.stringify([decode, tokens, stop]);
  for (const question of questions) {
    const last = groups.at(-1);
    if (last && key(last[0]) === key(question)) last.push(question);
    else groups.push([question]);
  }
  return groups;
}
