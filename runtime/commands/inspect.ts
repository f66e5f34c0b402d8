// pt inspect: the real batches of a run, token by token.

import { openPlan } from "../runs/open.ts";
import { openInputs } from "../training/inputs.ts";
import { wrongFlag } from "../../grammar/diagnostics/PT8012-wrong-flag.ts";
import { fileError } from "../files/user-error.ts";
import { flagNumber } from "../runs/trained.ts";
import { batchRows, inspectText } from "../terminal/inspect-text.ts";
import { defineCommand, jsonFlag, printJson } from "./define.ts";

export const inspectCommand = defineCommand({
  word: "inspect",
  summary: "Show a real batch of a run: text, inputs, targets, loss positions, mask.",
  arguments: [
    { name: "FILE", doc: "a spec or a plan", required: true },
    { name: "RUN", doc: "which run of the spec" },
  ],
  flags: [
    { name: "--batch", value: "N", doc: "which step's batch, from 1 (default: 1)" },
    { name: "--examples", value: "N", doc: "how many of its examples (default: 2)" },
    { name: "--base", value: "DIR", doc: "folder that data files are relative to" },
    { name: "--out", value: "DIR", doc: "folder of run folders, for the tokenizer's cache (default: runs)" },
    jsonFlag,
  ],
  examples: [{ line: "pt inspect spec.pt small --batch 3", does: "the examples that step 3 trains on" }],
  run: async (args, io) => {
    const { plan, base } = await openPlan(args.values.FILE!, { cwd: io.cwd, run: args.values.RUN, base: args.values["--base"] });
    const number = flagNumber("--batch", args.values["--batch"], { minimum: 1, whole: true }) ?? 1;
    const { steps } = plan.horizon;
    if (steps !== null && number > Math.max(1, steps)) throw fileError(wrongFlag, "", { flag: "--batch", given: String(number), wanted: `a step of the run, which has ${steps}` });
    const inputs = await openInputs(plan, { base, signal: io.signal });
    const { examples } = plan.batch;
    const shown = Math.min(examples, flagNumber("--examples", args.values["--examples"], { minimum: 1, whole: true }) ?? (args.on["--json"] ? examples : 2));
    const first = (number - 1) * examples;
    const batch = inputs.data.batch(first, examples);
    const numbers = Array.from({ length: shown }, (_, i) => first + i);
    const rows = batchRows({ batch, texts: numbers.map(inputs.data.text), entries: numbers.map(inputs.data.drawn) }, inputs.tokenizer, plan, shown);
    if (args.on["--json"]) printJson(io, { run: plan.name, batch: number, examples, objective: plan.objective.text, lengths: plan.lengths, counts: batch.counts, bytes: batch.bytes, epoch_examples: inputs.data.examples, rows });
    else io.stdout.write(inspectText(rows, { plan, number, counts: batch.counts, epochExamples: inputs.data.examples }, io));
    return 0;
  },
});
