// `choices` of an evaluation: what could stand in the one hole of the answer, and how the right one is known.

import { unfitChoices } from "../../../grammar/diagnostics/PT5094-unfit-choices.ts";
import { unknownHole } from "../../../grammar/diagnostics/PT2040-unknown-hole.ts";
import { nearest } from "../../../grammar/nearest.ts";
import type { PlanChoices } from "../../plan/evaluation.ts";
import type { PlanColumn, PlanSource } from "../../plan/schema.ts";
import { columnsOfSource } from "../../plan/source.ts";
import { holesOf, templateText } from "../../template.ts";
import type { Context } from "./context.ts";
import { checkHoles } from "./templates.ts";
import { plain, type Value, type Values } from "./values.ts";

/** Null for `off`, undefined after a report. */
export function choicesOf(values: Values, prompt: Value & { kind: "prompt" }, data: PlanSource, context: Context): PlanChoices | null | undefined {
  const { choices } = values;
  if (!choices || choices.kind === "switch") return null;
  const since = context.sink.errors;
  const place = choices.origin.place!;
  const columns = columnsOfSource(data);
  const refuse = (problem: string, instead: string): void => context.sink.report(unfitChoices, place, { problem, instead });
  const holes = holesOf(prompt.targets.template);
  if (holes.length !== 1) refuse(`the answer has ${holes.length === 0 ? "no hole" : `the holes ${holes.map((name) => `\`{${name}}\``).join(", ")}`}`, "a choice stands in the one hole of the answer: `… -> \"{label}\"`");
  const normalize = plain(values.normalize) as PlanChoices["normalize"];
  const answer: PlanColumn | undefined = columns[holes[0]];
  if (choices.kind === "choice") {
    checkColumn(choices.word, columns, place, values, context);
    const right = answer?.type === "class" ? "class" : "text";
    if (right === "class" && !answer.labels) refuse(`\`${holes[0]}\` is a class without \`labels\`, so that no number of a choice is known`, "give the labels in the order of the choices: `class(labels: [\"A\", \"B\"])`");
    return context.sink.errors === since ? { hole: holes[0], texts: null, column: choices.word, right, normalize } : undefined;
  }
  if (choices.kind !== "list") return undefined;
  const texts = choices.items.flatMap((item) => (item.kind === "template" ? [item.text] : []));
  for (const text of texts) checkHoles(text, columns, plain(values.data) as string, context);
  const written = texts.map(({ template }) => templateText(template));
  const twice = written.find((text, i) => written.indexOf(text) < i);
  if (twice !== undefined) refuse(`\`${twice}\` is there twice`, "give each choice once");
  const open = texts.some(({ holes: own }) => own.length > 0);
  const known = answer?.labels?.map((label, i) => answer.names?.[i] ?? label);
  if (open && answer?.type !== "class") refuse(`they have holes, and \`{${holes[0]}}\` is no class whose number tells the right one`, "declare the answer as `class(labels: […])`, a label for each choice");
  else if (open && known?.length !== texts.length) refuse(`there are ${texts.length} of them, and ${known ? `${known.length}` : "no"} \`labels\` of \`${holes[0]}\``, "declare the answer as `class(labels: […])`, a label for each choice");
  const missing = open ? undefined : known?.find((name) => !written.includes(name));
  if (missing !== undefined) refuse(`\`${missing}\`, a class of \`${holes[0]}\`, is not among them`, `the classes are ${known!.map((name) => `\`${name}\``).join(", ")}`);
  return context.sink.errors === since ? { hole: holes[0], texts: written, column: null, right: open ? "class" : "text", normalize } : undefined;
}

function checkColumn(name: string, columns: { readonly [name: string]: PlanColumn }, place: NonNullable<Value["origin"]["place"]>, values: Values, context: Context): void {
  if (Object.hasOwn(columns, name)) {
    if (columns[name].type !== "words") context.sink.report(unfitChoices, place, { problem: `\`${name}\` is a column of type \`${columns[name].type}\``, instead: "a column of choices is a list of texts: `words`" });
    return;
  }
  const [near] = nearest(name, Object.keys(columns));
  const fixes = near ? [{ title: `change to \`${near}\``, edits: [{ start: place.span.start, end: place.span.end, text: near }] }] : [];
  context.sink.report(unknownHole, place, { hole: name, data: plain(values.data) as string, columns: Object.keys(columns), ...(near ? { nearest: near } : {}) }, { fixes });
}
