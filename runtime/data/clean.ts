// Rules of cleaning over the documents of a source, and the account of what each of them removed.

import type { Call, PlanFiles } from "../../compiler/plan/schema.ts";
import { createHash } from "node:crypto";
import { noFiles } from "../../grammar/diagnostics/PT7002-no-files.ts";
import { cleaners } from "../cleaners/index.ts";
import type { CleanerDefinition, Rule } from "../cleaners/define.ts";
import { resolveFiles } from "../files/resolve.ts";
import { readWhole } from "../files/text.ts";
import { fileError } from "../files/user-error.ts";
import type { Row } from "./rows.ts";

export interface CleaningReport {
  /** Documents, and their characters (UTF-16 units), before and after all rules. */
  readonly documents: { readonly before: number; readonly after: number };
  readonly characters: { readonly before: number; readonly after: number };
  readonly rules: readonly RuleReport[];
}

/** What one rule removed of what the rules before it had left. */
export interface RuleReport {
  /** As text of the language: `min_words(words: 5)`. */
  readonly rule: string;
  /** Documents that went as a whole; lines that went of those that stayed and of those that were nothing but such lines. */
  readonly documents: number;
  readonly lines: number;
  readonly characters: number;
  readonly examples: readonly { readonly file: string; readonly line: number; readonly text: string }[];
}

export interface Cleaning {
  /** The row with its text cleaned; null when nothing is left of it. Rows must come in their order: rules remember. */
  readonly clean: (row: Row, text: string) => Row | null;
  readonly report: () => CleaningReport;
  /** sha256 of each list of words that a rule read. */
  readonly lists: readonly string[];
}

const examplesShown = 5;
const longestExample = 160;

/** Throws UserError where a list of words cannot be read. */
export async function openCleaning(source: PlanFiles, base: string): Promise<Cleaning> {
  const lists: string[] = [];
  const read = async (name: string): Promise<string> => {
    const files = await resolveFiles([name], base);
    if (files.length !== 1) throw fileError(noFiles, name, { pattern: name, folder: base });
    const text = await readWhole(files[0]);
    lists.push(createHash("sha256").update(text).digest("hex"));
    return text;
  };
  const rules: { readonly rule: Rule; readonly report: { rule: string; documents: number; lines: number; characters: number; examples: RuleReport["examples"][number][] } }[] = [];
  for (const call of source.clean) {
    const definition = (cleaners as Readonly<Record<string, CleanerDefinition>>)[call.word];
    if (!definition?.make) throw new Error(`no rule \`${call.word}\``);
    rules.push({ rule: await definition.make(call.arguments, read), report: { rule: callText(call), documents: 0, lines: 0, characters: 0, examples: [] } });
  }
  const documents = { before: 0, after: 0 };
  const characters = { before: 0, after: 0 };
  return {
    lists,
    clean(row, name) {
      let text = row.values[name] as string;
      documents.before++;
      characters.before += text.length;
      for (const { rule, report } of rules) {
        const result = rule(text);
        if (result.removed.length > 0) {
          const whole = result.text === null && result.removed.length === 1 && result.removed[0] === text;
          if (result.text === null) report.documents++;
          if (!whole) report.lines += result.removed.length;
          report.characters += text.length - (result.text?.length ?? 0);
          for (const removed of result.removed.slice(0, examplesShown - report.examples.length)) {
            report.examples.push({ file: row.file, line: row.line, text: removed.length > longestExample ? `${removed.slice(0, longestExample)}…` : removed });
          }
        }
        if (result.text === null) return null;
        text = result.text;
      }
      documents.after++;
      characters.after += text.length;
      return { ...row, values: { ...row.values, [name]: text } };
    },
    report: () => ({ documents: { ...documents }, characters: { ...characters }, rules: rules.map(({ report }) => ({ ...report, examples: [...report.examples] })) }),
  };
}

export function callText({ word, arguments: args }: Call): string {
  const list = Object.entries(args).map(([name, value]) => `${name}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}`);
  return list.length > 0 ? `${word}(${list.join(", ")})` : word;
}
