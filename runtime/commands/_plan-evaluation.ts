// An `evaluate` declaration in `pt plan`: what it asks of which run. It trains nothing, so most of a run's numbers are 0 or unknown here.

import { emitEvaluation } from "../../compiler/phases/emit-evaluation.ts";
import { createSink } from "../../compiler/phases/1-resolve/program.ts";
import type { EvaluationPlan } from "../../compiler/plan/evaluation.ts";
import type { Call, Plan } from "../../compiler/plan/schema.ts";
import { namesOfSource, partOfSource } from "../../compiler/plan/source.ts";
import { templateLiteral } from "../../compiler/phases/spec-expressions.ts";
import { readTemplate } from "../../compiler/template.ts";
import { both, bytes } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { metricNames } from "../../compiler/metric-names.ts";
import { refuse, type Spec } from "./_spec.ts";

export interface CompiledEvaluation { readonly plan: EvaluationPlan; readonly run: Plan }

/** Those of the file, or the one of this name. Throws UserError. */
export function compiledEvaluations({ result }: Spec, name: string | undefined): CompiledEvaluation[] {
  return [...result.evaluations.values()].filter((one) => name === undefined || one.name === name).flatMap((spec) => {
    const context = { ...result.context, sink: createSink() };
    const made = emitEvaluation(spec, context);
    refuse(context.sink.diagnostics);
    return made ? [made] : [];
  });
}

export function evaluationJson({ plan, run }: CompiledEvaluation): object {
  const { costs } = run;
  return {
    name: plan.name, kind: plan.kind, hash: plan.hash, of: plan.of, shots: plan.shots.counts,
    parameters: { total: costs.parameters.total, trainable: 0 },
    flops: { forward_per_token: costs.flops.forward_per_token, train_per_token: 0, total: null },
    memory: { weights: costs.memory.weights, optimizer: 0, activations: 0, peak: costs.memory.weights },
    steps: 0, tokens: null, lengths: { raw: 0, inputs: 0, targets: 0 },
  };
}

export function evaluationPlanText({ plan, run }: CompiledEvaluation): string {
  const { of, prompt, choices, shots, limit } = plan;
  const part = partOfSource(plan.data);
  const written = (template: string): string => templateLiteral(readTemplate(template)).raw;
  const rows: [string, string][] = [
    ["measures", `${of.run} (${typeof of.checkpoint === "number" ? `step ${of.checkpoint}` : of.checkpoint} of ${of.hash.slice(0, 8)}), ${both(run.costs.parameters.total)} parameters, ${bytes(run.costs.memory.weights)}`],
    ["data", `${part === null ? "" : `${part} of `}${namesOfSource(plan.data).join(", ")}${limit === null ? "" : `, ${limit} rows of it`}`],
    ["prompt", `${written(prompt.inputs)} -> ${written(prompt.targets)}${plan.template ? ", as messages" : ""}`],
    ["shots", `${shots.counts.join(", ")}${shots.from ? ` from ${partOfSource(shots.from) ?? "all"} of ${namesOfSource(shots.from).join(", ")}` : ""}`],
    ["answers", choices ? `the likeliest of ${choices.column === null ? `${choices.texts!.length} choices` : `the choices in \`${choices.column}\``}${choices.normalize === "none" ? "" : ` by ${choices.normalize}`}` : `generated: ${callText(plan.decode!)}`],
    ["metrics", metricNames(plan.metrics).join(", ")],
    ["hash", plan.hash],
  ];
  return `${plan.kind} ${plan.name}\n${table(rows, { indent: "  " })}\n`;
}

function callText({ word, arguments: args }: Call): string {
  const given = Object.entries(args).filter(([, value]) => typeof value === "number" || typeof value === "string");
  return given.length ? `${word}(${given.map(([name, value]) => `${name}: ${String(value)}`).join(", ")})` : word;
}
