// Tasks that write texts, on an architecture: which tokens are read, which are learned, and how long both can become.

import { missingHead } from "../../../grammar/diagnostics/PT5004-missing-head.ts";
import { missingToken } from "../../../grammar/diagnostics/PT5003-missing-token.ts";
import { noRoom } from "../../../grammar/diagnostics/PT5018-no-room.ts";
import { otherArchitectureNeeded } from "../../../grammar/diagnostics/PT5012-other-architecture-needed.ts";
import { placeholderIds, placeholdersOf } from "../../adapt.ts";
import { readsEncoder, streamInput, type Stack } from "../../architecture.ts";
import { aroundContent } from "../../chat.ts";
import { streamsOf, type Layout, type LayoutLoss, type Teacher } from "../../layout.ts";
import type { PlanEntry, PlanObjective, PlanStream } from "../../objectives/plan.ts";
import { contextOf } from "../../sizes.ts";
import type { Call } from "../../plan/schema.ts";
import type { Context } from "./context.ts";
import { decodingOf } from "./decoding.ts";
import { startOf, type LaidOut, type Subject } from "./layout.ts";
import { refuseStacks, type Task } from "./task.ts";
import { entryNames } from "./tasks.ts";

export interface TextOptions { readonly examples: number | null; readonly adapt: Call | null; /** What the run starts from: the reference of a preference. */ readonly reference: Teacher | null }

/** A task or a mixture of them. Null after a report. */
export function layOutTexts(tasks: readonly Task[], text: string, { examples, adapt, reference }: TextOptions, subject: Subject, context: Context): LaidOut | null {
  const { architecture, model, length, place, tokenizer } = subject;
  const before = context.sink.errors;
  const { inputs, targets } = streamsOf(architecture);
  const names = entryNames(tasks);
  if (refuseStacks(architecture, text, place, context)) return null;
  const refuse = (what: string, why: string, instead: string): null => {
    context.sink.report(otherArchitectureNeeded, place, { objective: text, architecture: what, why, instead });
    return null;
  };
  const writer = targets ?? inputs;
  if (writer.word !== "decoder") return refuse("an encoder", "what it writes follows token after token", "use `classify`, or a model with a decoder");
  if (targets && !readsEncoder(targets)) return refuse("a decoder that does not read its encoder", "what the encoder makes of the inputs never reaches the answers", `add \`cross_attention(${inputs.path}, heads)\` to \`${targets.path}\``);
  if (targets && tasks.some(({ facts }) => facts.word === "chat")) return refuse("an encoder-decoder", "questions and answers follow one another in one sequence", "use `text_to_text` or `prefer`, or a model of one decoder");
  const head = architecture.heads.find(({ name }) => name === tasks[0].facts.head);
  if (!head) {
    context.sink.report(missingHead, place, { head: tasks[0].facts.head, model, objective: text, classes: false });
    return null;
  }
  if (head.stack !== writer) return refuse("an encoder-decoder", `the head \`${head.name}\` reads \`${head.stack.path}\`, and the answers are in \`${writer.path}\``, `let it read \`${writer.path}\``);

  const placeholders = placeholdersOf(architecture, adapt);
  const total = tasks.reduce((sum, task) => sum + task.weight, 0);
  const entries = tasks.map((task, i): PlanEntry => {
    const { call, facts } = task;
    const frame = frameOf(task, targets !== null, subject, context);
    // In one sequence inputs and targets share the positions; the last token is predicted, not fed.
    const room = length - (placeholders?.length ?? 0) - frame.before.length - frame.after.length + (targets ? 0 : 1);
    const asked = typeof call.arguments.targets === "number" ? call.arguments.targets : null;
    const most = asked ?? (facts.word === "chat" ? room : targets ? Math.min(length, contextOf(targets)) : Math.floor(length / 2));
    if (room < 2 || most < 1 + frame.close.length || (!targets && facts.word !== "chat" && most >= room)) context.sink.report(noRoom, place, { objective: text, length });
    return {
      name: names[i], share: task.weight / total, layout: targets ? "two_stacks" : "one_sequence", frame, pair: null,
      task: { call: withDecoding(task, subject, context), examples },
      stages: [], terms: [{ head: head.name, target: facts.loss, weight: 1 }], lengths: { raw: room, inputs: length, targets: most },
    };
  });
  if (context.sink.errors !== before) return null;
  const longest = Math.max(...entries.map((entry) => entry.lengths.targets));
  const lengths: Layout["lengths"] = Object.fromEntries(architecture.stacks.map((stack) => [stack.path, stack === targets ? longest : length]));
  const kind = tasks[0].facts.loss as LayoutLoss["kind"];
  const places = targets || longest >= length ? null : longest;
  const preference = kind === "preference" && reference ? { reference: { teacher: reference, architecture, head }, ...preferenceOf(tasks[0].call) } : null;
  const losses: LayoutLoss[] = [{ head, weight: 1, kind, places, ...(preference ? { preference } : {}) }];
  const stream = (stack: Stack): PlanStream => ({
    prefix: streamInput(architecture, stack, ""), length: lengths[stack.path], placeholders: placeholders?.stack === stack.path ? placeholderIds(placeholders, tokenizer.vocab) : [],
    segments: stack.embed.some((instance) => instance.definition.word === "segments"),
  });
  const objective: PlanObjective = {
    text, entries, losses: [{ head: head.name, weight: 1, kind, places }], lessons: [],
    streams: { inputs: stream(inputs), targets: targets && { ...stream(targets), start: startOf(targets, subject, context) }, images: null }, prefix: targets === null,
  };
  if (context.sink.errors !== before) return null;
  return { objective, layout: { lengths, documents: false, prefix: objective.prefix, losses, lessons: [] }, heads: [head] };
}

function preferenceOf({ arguments: args }: Call): Omit<NonNullable<LayoutLoss["preference"]>, "reference"> {
  return { beta: args.beta as number, label_smoothing: args.label_smoothing as number, loss: args.loss as "sigmoid" | "ipo" };
}

function withDecoding({ call, decode, place, facts }: Task, subject: Subject, context: Context): Call {
  if (!decode) return call;
  return { ...call, arguments: { ...call.arguments, decode: decodingOf(decode, { tokenizer: subject.tokenizer, name: subject.tokenizerName, why: `ends what \`${facts.word}\` writes`, place }, context) } };
}

/**
 * Special tokens around inputs, and after targets. Beside an encoder the inputs end with `<eos>`. In one sequence an answer goes on from
 * the words that the prompt ends with; a prompt that ends with a column is closed by `<eos>`, as pretraining on inputs and targets has it.
 */
function frameOf({ call, prompt, chat }: Task, twoStacks: boolean, { tokenizer, tokenizerName, place }: Subject, { sink }: Context): PlanEntry["frame"] {
  const first = (...names: string[]): string[] => names.filter((name) => tokenizer.special.some((special) => special.name === name)).slice(0, 1);
  const needed = (why: string): string[] => {
    const found = first("eos");
    if (!found.length) sink.report(missingToken, place, { token: "eos", tokenizer: tokenizerName, why });
    return found;
  };
  const written = chat ? aroundContent(chat, "assistant").after !== "" : false;
  const open = prompt !== null && "hole" in (prompt.inputs.template.at(-1) ?? { hole: "" });
  return {
    before: twoStacks ? [] : first("bos"),
    between: [],
    after: twoStacks || open ? first("eos") : [],
    close: written ? [] : needed(`ends what \`${call.word}\` writes`),
  };
}
