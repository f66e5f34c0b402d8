// A batch as aligned columns: one line a position.

import pc from "picocolors";
import type { MaskExpression } from "../../compiler/masks/define.ts";
import { maskMatrix } from "../../compiler/graph/mask.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import type { Io } from "../commands/define.ts";
import type { Batch } from "../data/batch.ts";
import type { Tokenizer } from "../tokenizers/define.ts";
import { textWidth } from "./width.ts";

export interface InspectedRow {
  readonly example: number;
  readonly text: string;
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  readonly targets: readonly (string | null)[];
  readonly weights: readonly number[];
  readonly positions: readonly number[];
  readonly documents: readonly number[];
  readonly real: readonly number[];
  /** Rows of 0 and 1: which keys each query may attend to, under the model's first mask, padding and packing included. */
  readonly mask: readonly string[];
}

export function batchRows(batch: Batch, tokenizer: Tokenizer, plan: Plan, count: number): InspectedRow[] {
  const { length } = batch;
  const mask = firstMask(plan);
  return Array.from({ length: count }, (_, example) => {
    const row = <T extends Int32Array | Float32Array>(values: T): number[] => Array.from(values.subarray(example * length, (example + 1) * length));
    const [ids, targets, weights, positions, documents, real] = [batch.tokens, batch.targets, batch.weights, batch.positions, batch.documents, batch.real].map(row);
    const allowed = mask ? maskMatrix(mask, { queries: length, keys: length }, { queries: documents, keys: documents }) : new Uint8Array(length * length);
    return {
      example,
      text: tokenizer.decode(ids.filter((_, i) => real[i] === 1), { special: true }),
      tokens: ids.map((id) => tokenizer.text(id)),
      ids,
      targets: targets.map((id, i) => (weights[i] > 0 ? tokenizer.text(id) : null)),
      weights,
      positions,
      documents,
      real,
      mask: Array.from({ length }, (_, query) => Array.from({ length }, (_, key) => (allowed[query * length + key] && real[key] ? "1" : "0")).join("")),
    };
  });
}

function firstMask(plan: Plan): MaskExpression | null {
  const node = plan.graphs.train.nodes.find((candidate) => candidate.op === "attention");
  return node ? (node.attributes.mask as unknown as MaskExpression) : null;
}

const shownPositions = 48;
const shownMask = 32;

export function inspectText(rows: readonly InspectedRow[], about: { plan: Plan; number: number; count: number; epochExamples: number }, io: Pick<Io, "color">): string {
  const color = pc.createColors(io.color);
  const { plan, number, count, epochExamples } = about;
  const lines = [`${color.bold(plan.name)}, batch ${number}: ${plan.batch.examples} examples of ${plan.lengths.inputs} positions, ${count} of them with loss; an epoch has ${epochExamples} examples`];
  for (const row of rows) {
    lines.push("", color.bold(`example ${row.example + 1}`), color.dim(visible(row.text.slice(0, 400))), "");
    const table = row.ids.slice(0, shownPositions).map((id, i) => [String(row.positions[i]), ...(plan.batch.pack ? [String(row.documents[i])] : []), String(id), row.real[i] ? visible(row.tokens[i]) : "·", row.targets[i] === null ? "·" : visible(row.targets[i]!), row.weights[i] ? "loss" : ""]);
    const head = ["position", ...(plan.batch.pack ? ["document"] : []), "id", "token", "target", ""];
    const widths = head.map((title, column) => Math.max(textWidth(title), ...table.map((cells) => textWidth(cells[column]))));
    const print = (cells: readonly string[]): string => cells.map((cell, column) => cell + " ".repeat(widths[column] - textWidth(cell))).join("  ").trimEnd();
    lines.push(color.dim(print(head)), ...table.map(print));
    if (row.ids.length > shownPositions) lines.push(color.dim(`… ${row.ids.length - shownPositions} more positions (--json prints all)`));
    lines.push("", color.dim("mask (a row is a query, a column a key)"), ...row.mask.slice(0, shownMask).map((cells) => cells.slice(0, shownMask).replaceAll("1", "█").replaceAll("0", "·")));
  }
  return `${lines.join("\n")}\n`;
}

/** Line ends and tabs as pictures, so that a token stays on its line. */
function visible(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll("\r", "␍").replaceAll("\t", "⇥").replaceAll(/\p{Cc}/gu, "�");
}
