// Prompts filled from rows of the data.

import type { PlanColumn, PlanSource } from "../../compiler/plan/schema.ts";
import { columnsOfSource } from "../../compiler/plan/source.ts";
import { fillTemplate, readTemplate, type PlanPrompt } from "../../compiler/template.ts";
import type { ColumnDefinition, ColumnValue } from "../columns/define.ts";
import { columns as known } from "../columns/index.ts";

export type RowValues = { readonly [column: string]: ColumnValue };

/** The text of a column's value, as the hole of a template has it. */
export function columnText(column: PlanColumn, value: ColumnValue): string {
  const { fills } = (known as Readonly<Record<string, ColumnDefinition>>)[column.type];
  if (!fills) throw new Error(`a column of type ${column.type} fills no hole`);
  return fills(value, column);
}

/** Fills a template, as a plan holds it, from rows of a source. */
export function rowFiller(template: string, source: PlanSource): (values: RowValues) => string {
  const columns = columnsOfSource(source);
  const parts = readTemplate(template);
  return (values) => fillTemplate(parts, (name) => columnText(columns[name], values[name]));
}

export interface FilledPrompt { readonly inputs: string; readonly targets: string }

/** What is asked and answered in each row of a source. */
export function promptFiller(prompt: PlanPrompt, source: PlanSource): (values: RowValues) => FilledPrompt {
  const [inputs, targets] = [rowFiller(prompt.inputs, source), rowFiller(prompt.targets, source)];
  return (values) => ({ inputs: inputs(values), targets: targets(values) });
}
