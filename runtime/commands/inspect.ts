// pt inspect: the real batches of a run, token by token; or what a data source holds.

import { join, resolve } from "node:path";
import { openPlan } from "../runs/open.ts";
import { openInputs } from "../training/inputs.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { fileError } from "../files/user-error.ts";
import { flagNumber } from "../runs/trained.ts";
import { batchRows, inspectText } from "../terminal/inspect-text.ts";
import { dataNamed, inspectData } from "./_inspect-data.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

export const inspectCommand = defineCommand({
  word: "inspect",
  summary: "Show a real batch of a run (text, inputs, targets, loss positions, mask), or a data source: rows, labels, what cleaning removed.",
  arguments: [
    { name: "FILE", doc: "a spec or a plan", required: true },
    { name: "RUN", doc: "which run of the spec, or one of its data sources, or a part of one (`novels.valid`)" },
  ],
  flags: [
    { name: "--batch", value: "N", doc: "which step's batch, from 1 (default: 1)" },
    { name: "--examples", value: "N", doc: "how many of its examples, or of the rows of a data source (default: 2)" },
    { name: "--base", value: "DIR", doc: "folder that data files are relative to" },
    { name: "--out", value: "DIR", doc: "folder of run folders, for the cache of tokenizers and tokens (default: runs)" },
    jsonFlag,
  ],
  examples: [
    { line: "pt inspect spec.pt small --batch 3", does: "the examples that step 3 trains on" },
    { line: "pt inspect spec.pt novels", does: "the documents of a source, its labels, and what each rule of cleaning removed" },
  ],
  run: async (args, io) => {
    const wanted = flagNumber("--examples", args.values["--examples"], { minimum: 1, whole: true });
    const data = dataNamed(args.values.FILE!, args.values.RUN, { cwd: io.cwd, base: args.values["--base"] });
    if (data) return inspectData(data, { shown: wanted ?? 2, json: args.on["--json"], io });
    const { plan, base } = await openPlan(args.values.FILE!, { cwd: io.cwd, run: args.values.RUN, base: args.values["--base"] });
    const number = flagNumber("--batch", args.values["--batch"], { minimum: 1, whole: true }) ?? 1;
    const { steps } = plan.horizon;
    if (steps !== null && number > Math.max(1, steps)) throw fileError(wrongFlag, "", { flag: "--batch", given: String(number), wanted: `a step of the run, which has ${steps}` });
    const cache = join(resolve(io.cwd, args.values["--out"] ?? "runs"), ".cache");
    const inputs = await openInputs(plan, { base, signal: io.signal, cache });
    const { examples } = plan.batch;
    const shown = Math.min(examples, wanted ?? (args.on["--json"] ? examples : 2));
    const first = (number - 1) * examples;
    const batch = inputs.data.batch(first, examples);
    const numbers = Array.from({ length: shown }, (_, i) => first + i);
    const rows = batchRows({ batch, texts: numbers.map(inputs.data.text), entries: numbers.map(inputs.data.drawn) }, inputs.tokenizer, plan, shown);
    if (args.on["--json"]) printJson(io, { run: plan.name, batch: number, examples, objective: plan.objective.text, lengths: plan.lengths, counts: batch.counts, bytes: batch.bytes, epoch_examples: inputs.data.examples, rows });
    else io.stdout.write(inspectText(rows, { plan, number, counts: batch.counts, epochExamples: inputs.data.examples }, io));
    return 0;
  },
});
