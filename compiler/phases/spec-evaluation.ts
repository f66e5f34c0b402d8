// The resolved spec of an evaluation: the run that it measures, and itself with every value that has a use written out.

import { evaluate as block } from "../../grammar/blocks/evaluate.ts";
import type { EvaluationSpec } from "../evaluation-spec.ts";
import { checkpointExpression } from "../objectives/tree.ts";
import type { Context } from "./2-check/context.ts";
import { claim, textOf, valueStatement, writeRun, type Writer } from "./spec-text.ts";
import { declaration, name, nowhere, reference } from "./spec-expressions.ts";

export function evaluationText(spec: EvaluationSpec, context: Context): string {
  return textOf((writer) => write(spec, writer), context);
}

function write({ name: wanted, declared, of, values, settings }: EvaluationSpec, writer: Writer): void {
  const run = writeRun(of.run, writer);
  // A default that has no use here must not be written: given, it would be refused.
  const idle = [...(settings.choices ? ["decode"] : ["normalize"]), ...(settings.template ? ["separator"] : [])];
  const fields = Object.keys(block.fields).flatMap((key) => (values[key] && !idle.includes(key) ? [valueStatement(key, values[key], writer)] : []));
  const written = declaration("evaluate", claim(declared, wanted, writer).name, [], fields);
  const checkpoint = { kind: "argument", name: name("checkpoint"), value: checkpointExpression(of.checkpoint), span: nowhere } as const;
  writer.items.push({ ...written, relations: [{ kind: "relation", word: "of", target: reference(run), arguments: [checkpoint], span: nowhere }] });
}
