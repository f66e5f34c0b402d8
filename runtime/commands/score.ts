// pt score: a metric of anyone's predictions.

import { callWord } from "../../compiler/word-call.ts";
import { unscorable } from "../../grammar/diagnostics/PT7404-unscorable.ts";
import { catalog } from "../catalog.ts";
import { fileError } from "../files/user-error.ts";
import { isProblem, type MetricDefinition, type Measured } from "../metrics/define.ts";
import { metrics } from "../metrics/index.ts";
import { readItems } from "../metrics/_read.ts";
import { plainDiagnostics, printDiagnostics } from "../terminal/diagnostics.ts";
import { defineCommand, exitCodeOf, jsonFlag, printJson, wrongUsage } from "./define.ts";

/** What the place of a mistake in the metric is called. */
const file = "METRIC";

export const scoreCommand = defineCommand({
  word: "score",
  summary: "Measure predictions against references, by any of the metrics.",
  arguments: [{ name: "METRIC", doc: "a metric, with its options: accuracy, 'f1(average: macro)', 'rouge(type: lsum, stemmer: on)'", required: true }],
  flags: [
    { name: "--predictions", value: "FILE", doc: "a JSON array, JSON lines (.jsonl), or one item a line" },
    { name: "--references", value: "FILE", doc: "likewise, in the same order; for texts an item may be a list of right texts" },
    jsonFlag,
  ],
  examples: [
    { line: "pt score exact_match --predictions answers.txt --references right.txt", does: "share of lines that are right, but for case, punctuation and articles" },
    { line: "pt score 'f1(average: macro)' --predictions p.json --references r.json --json", does: "the mean of all labels' F1, as JSON" },
  ],
  run: async (args, io) => {
    const called = callWord(args.values.METRIC!, "metric", catalog, file);
    if ("diagnostics" in called) {
      if (args.on["--json"]) printJson(io, { diagnostics: plainDiagnostics(called.diagnostics) });
      else printDiagnostics(called.diagnostics, io.stderr, io, (name) => (name === file ? called.text : undefined));
      return exitCodeOf(called.diagnostics) || 1;
    }
    const [predictions, references] = [args.values["--predictions"], args.values["--references"]];
    if (predictions === undefined || references === undefined) return wrongUsage(io, "give `--predictions FILE` and `--references FILE`");
    const { word, arguments: options } = called.call;
    // One of the definitions, whose kind decides what is read: the types of both belong together.
    const metric = metrics[word as keyof typeof metrics] as unknown as MetricDefinition;
    const items = await readItems(metric.from, predictions, references, io.cwd);
    const outcome = metric.compute(items.predictions, items.references, options);
    if (isProblem(outcome)) throw fileError(unscorable, predictions, { metric: word, problem: outcome.problem });
    if (args.on["--json"]) printJson(io, { [word]: outcome.value, ...(outcome.note ? { note: outcome.note } : {}), better: metric.better, items: items.predictions.length, ...(outcome.details ? { details: outcome.details } : {}) });
    else io.stdout.write(text(args.values.METRIC!, outcome));
    return 0;
  },
});

function text(call: string, { value, note, details = {} }: Measured): string {
  const lines = [`${call}  ${value === null ? "no value" : number(value)}`];
  if (note) lines.push(`note: ${note}`);
  const plain = Object.entries(details).filter((entry): entry is [string, number] => typeof entry[1] === "number" && entry[0] !== call);
  if (plain.length) lines.push(plain.map(([name, one]) => `${name} ${number(one)}`).join(", "));
  return `${lines.join("\n")}\n`;
}

/** Six digits, whole numbers whole. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
