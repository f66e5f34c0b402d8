// Questions to a model: prompts that fit, answers that are generated or chosen, and what is kept of each.

import { fillTemplate, holesOf, readTemplate } from "../../compiler/template.ts";
import type { EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { PlanSource } from "../../compiler/plan/schema.ts";
import { columnsOfSource } from "../../compiler/plan/source.ts";
import { quoted } from "../../grammar/diagnostics/_quoted.ts";
import { unaskableRow } from "../../grammar/diagnostics/PT8043-unaskable-row.ts";
import { longPrompt } from "../../grammar/diagnostics/PT8031-long-prompt.ts";
import { columnText, rowFiller } from "../data/prompts.ts";
import { fileError } from "../files/user-error.ts";
import { stopOf } from "../generation/call.ts";
import { generate } from "../generation/generate.ts";
import type { GeneratingModel } from "../generation/model.ts";
import type { GraphSource } from "../generation/source.ts";
import type { Handle, Session } from "../session.ts";
import { endsIn, extractAnswer, textOf } from "./answers.ts";
import { rankChoices } from "./likelihood.ts";
import { fitPrompt, promptText, type FittedPrompt } from "./prompt.ts";
import type { AskedRow } from "./rows.ts";
import { drawShots } from "./shots.ts";

/** What `predictions.jsonl` keeps of a question; it depends on plan, data and weights alone. */
export interface Prediction {
  readonly shots: number;
  /** Number of the row in the data, from 0. */
  readonly example: number;
  readonly file: string;
  readonly line: number;
  readonly prompt: string;
  /** The whole of what was generated, up to where it stops. */
  readonly text?: string;
  /** What is scored, and the right one. */
  readonly prediction: string;
  readonly reference: string;
  /** With reasoning: whether an answer was found behind it. */
  readonly answered?: boolean;
  /** Each choice with the sum of its log-probabilities, and what it is compared by. */
  readonly choices?: readonly { readonly text: string; readonly logprob: number; readonly score: number; readonly tokens: number }[];
  /** Ids that were read and written. */
  readonly tokens: number;
  readonly dropped_shots: number;
  readonly cut_tokens: number;
}

/** A row with what does not depend on the number of shots. */
export interface Question { readonly number: number; /** Among the questions, which `limit` may leave fewer of than rows. */ readonly place: number; readonly row: AskedRow; readonly reference: string; /** Choices as they are compared and as they follow the prompt. */ readonly choices: readonly { readonly text: string; readonly written: string }[] }

/** Throws UserError (PT8043) about a row that cannot be asked about or scored. */
export function questionOf(plan: EvaluationPlan, row: AskedRow, { number, place }: Pick<Question, "number" | "place">, choicesOfRow: (row: AskedRow) => readonly string[]): Question {
  const { choices: ranked, chain_of_thought: thought } = plan;
  const refuse = (problem: string): never => {
    throw fileError(unaskableRow, row.file, { file: row.file, line: row.line, problem });
  };
  if (!ranked) {
    const reference = thought ? (extractAnswer(row.targets, thought) ?? refuse("the right text has no answer where `chain_of_thought` looks for it")) : row.targets.trim();
    return { number, place, row, reference, choices: [] };
  }
  const texts = choicesOfRow(row);
  if (texts.length < 2) refuse(`it has ${texts.length === 0 ? "no choice" : "one choice"}`);
  if (texts.some((text) => text === "")) refuse("one of its choices is empty");
  const column = columnsOfSource(plan.data)[ranked.hole];
  const value = row.values[ranked.hole];
  const right = ranked.right === "class" ? texts[column.labels!.indexOf(value as string)] : texts.find((text) => text === columnText(column, value));
  if (right === undefined) refuse(`its answer ${quoted(columnText(column, value))} is not among its ${texts.length} choices`);
  const targets = readTemplate(plan.prompt.targets);
  return { number, place, row, reference: right!, choices: texts.map((text) => ({ text, written: fillTemplate(targets, () => text) })) };
}

/** The answer of a solved example: where the number of a class tells the right choice, that choice stands in it and not the class. */
export function solvedTargets(plan: EvaluationPlan, source: PlanSource): (row: AskedRow) => string {
  const { choices: ranked } = plan;
  if (ranked?.right !== "class") return ({ targets }) => targets;
  const texts = choicesOfRows(plan, source);
  const { labels } = columnsOfSource(source)[ranked.hole];
  const targets = readTemplate(plan.prompt.targets);
  return (row) => fillTemplate(targets, () => texts(row)[labels!.indexOf(row.values[ranked.hole] as string)] ?? "");
}

/** The choices of any row of a source with the columns of the data. */
export function choicesOfRows(plan: EvaluationPlan, source: PlanSource): (row: AskedRow) => readonly string[] {
  const { choices } = plan;
  if (!choices) return () => [];
  if (choices.column !== null) return ({ values }) => values[choices.column!] as readonly string[];
  if (choices.texts!.every((text) => !holesOf(readTemplate(text)).length)) {
    const plain = choices.texts!.map((text) => fillTemplate(readTemplate(text), String));
    return () => plain;
  }
  const fills = choices.texts!.map((text) => rowFiller(text, source));
  return ({ values }) => fills.map((fill) => fill(values));
}

export interface Asked { readonly session: Session; readonly model: GeneratingModel; readonly source: GraphSource; readonly weights: ReadonlyMap<string, Handle>; readonly pool: readonly AskedRow[] }

/** Answers of some questions with so many shots; null when interrupted. */
export async function ask(plan: EvaluationPlan, asked: Asked, questions: readonly Question[], count: number, signal?: AbortSignal): Promise<Prediction[] | null> {
  return plan.choices ? chooseAll(plan, asked, questions, count, signal) : writeAll(plan, asked, questions, count, signal);
}

/** The prompt of a question, as much of it as leaves room for `reserve` ids. */
function fitted(plan: EvaluationPlan, { model, source, pool }: Asked, { row, number }: Question, count: number, reserve: number): FittedPrompt {
  const drawn = drawShots(pool.length, count, { seed: plan.seeds.run, example: number }, (other) => pool[other].inputs === row.inputs);
  if (!drawn) throw new Error("there are fewer examples than shots: the caller says so first");
  const room = source.encoder ?? source.window - reserve;
  return fitPrompt(drawn.map((at) => pool[at]), (shots) => promptText(shots, row.inputs, plan), model.ids, room, model.lead);
}

function kept({ row, number, reference }: Question, count: number, { text, dropped, cut }: FittedPrompt): Pick<Prediction, "shots" | "example" | "file" | "line" | "prompt" | "reference" | "dropped_shots" | "cut_tokens"> {
  return { shots: count, example: number, file: row.file, line: row.line, prompt: text, reference, dropped_shots: dropped, cut_tokens: cut };
}

async function writeAll(plan: EvaluationPlan, asked: Asked, questions: readonly Question[], count: number, signal?: AbortSignal): Promise<Prediction[] | null> {
  const { session, model, source, weights } = asked;
  const tokenizer = model.tokenizer!;
  const decoding = plan.decode!;
  const tokens = typeof decoding.arguments.tokens === "number" ? decoding.arguments.tokens : 32;
  const prompts = questions.map((question) => fitted(plan, asked, question, count, Math.min(tokens, Math.floor(source.window / 2))));
  const stop = stopOf(decoding, model.stop, tokenizer);
  const made = await generate(session, source, weights, prompts.map(({ ids }) => ids), { decoding, tokens, seed: plan.seeds.run, index: questions[0].place, stop, ends: endsIn(plan.stop, tokenizer), signal });
  if (signal?.aborted) return null;
  return questions.map((question, i) => {
    const ids = made[i][0]?.ids ?? [];
    const text = textOf(ids, plan.stop, tokenizer);
    const found = plan.chain_of_thought ? extractAnswer(text, plan.chain_of_thought) : text.trim();
    return { ...kept(question, count, prompts[i]), text, prediction: found ?? "", ...(plan.chain_of_thought ? { answered: found !== null } : {}), tokens: prompts[i].ids.length + ids.length };
  });
}

async function chooseAll(plan: EvaluationPlan, asked: Asked, questions: readonly Question[], count: number, signal?: AbortSignal): Promise<Prediction[] | null> {
  const { session, source, weights } = asked;
  const prompts = questions.map((question) => fitRanking(plan, asked, question, count));
  const sums = await rankChoices(session, source, weights, prompts.map(({ ids, choices }) => ({ prompt: ids, choices })), signal);
  if (signal?.aborted) return null;
  const { normalize } = plan.choices!;
  return questions.map((question, i) => {
    const choices = question.choices.map(({ text }, j) => {
      const [logprob, tokens] = [sums[i][j], prompts[i].choices[j].length];
      const size = normalize === "none" ? 1 : normalize === "tokens" ? tokens : Buffer.byteLength(text);
      return { text, logprob, score: logprob / size, tokens };
    });
    const best = choices.reduce((one, other) => (other.score > one.score ? other : one));
    return { ...kept(question, count, prompts[i]), prediction: best.text, choices, tokens: prompts[i].ids.length + choices.reduce((sum, { tokens }) => sum + tokens, 0) };
  });
}

type FittedRanking = FittedPrompt & { readonly choices: readonly (readonly number[])[] };

/**
 * A prompt and its choices as ids. In one stack the text of both is cut into tokens together, as the model has seen texts, and what all choices
 * share with the prompt alone is read once; beside an encoder the choices are the decoder's, without `<eos>`.
 */
function fitRanking(plan: EvaluationPlan, asked: Asked, question: Question, count: number): FittedRanking {
  const { model, source } = asked;
  const tokenizer = model.tokenizer!;
  const apart = question.choices.map(({ written }) => [...tokenizer.encode(written, { special: true })]);
  const longest = Math.max(...apart.map((ids) => ids.length));
  if (longest >= source.window) throw fileError(longPrompt, question.row.file, { prompt: question.number + 1, length: longest, window: source.window - 1, encodes: false });
  if (source.encoder !== null) return { ...fitted(plan, asked, question, count, 0), choices: apart };
  // Cut together a choice may have a token more than apart.
  const prompt = fitted(plan, asked, question, count, Math.min(source.window - 1, longest + 1));
  if (prompt.cut > 0) return { ...prompt, choices: apart };
  const together = question.choices.map(({ written }) => model.ids(prompt.text + written));
  const shared = Math.min(...together.map((ids) => ids.findIndex((id, i) => id !== prompt.ids[i])).map((at, i) => (at < 0 ? together[i].length : at)));
  const fits = shared > 0 && together.every((ids) => ids.length > shared && ids.length <= source.window);
  return fits ? { ...prompt, ids: prompt.ids.slice(0, shared), choices: together.map((ids) => ids.slice(shared)) } : { ...prompt, choices: apart };
}
