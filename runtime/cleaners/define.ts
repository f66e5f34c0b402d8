// The contract of a rule of cleaning: a document goes in, what is left of it comes out.

import type { CleanerFacts } from "../../compiler/phases/2-check/vocabulary.ts";
import type { Call } from "../../compiler/plan/schema.ts";
import type { Fields } from "../../grammar/fields.ts";

/** `text` is null for a document that is removed as a whole; `removed` are the lines that went, or the document. */
export interface Cleaned { readonly text: string | null; readonly removed: readonly string[] }

/** One pass over all documents in their order; it may remember earlier ones. */
export type Rule = (document: string) => Cleaned;

export interface CleanerDefinition extends CleanerFacts {
  /** The word in `clean`. */
  readonly word: string;
  readonly doc: string;
  readonly parameters: Fields;
  /** Absent for a preset. `read` gives the text of a file that an argument names. */
  readonly make?: (args: Call["arguments"], read: (file: string) => Promise<string>) => Rule | Promise<Rule>;
}

export function defineCleaner(definition: CleanerDefinition): CleanerDefinition {
  return definition;
}

export function numberOf(args: Call["arguments"], name: string): number {
  const value = args[name];
  if (typeof value !== "number") throw new Error(`no number \`${name}\``);
  return value;
}

/** A rule that keeps the lines for which `keep` holds; a document of which no word is left goes too. */
export function keepingLines(keep: (line: string) => boolean): Rule {
  return (document) => {
    const lines = document.split("\n");
    const removed: string[] = [];
    const kept = lines.filter((line) => {
      if (isBlank(line) || keep(line)) return true;
      removed.push(line);
      return false;
    });
    if (removed.length === 0) return { text: document, removed };
    return { text: kept.every(isBlank) ? null : kept.join("\n"), removed };
  };
}

/** A rule that removes documents as a whole. */
export function removingDocuments(remove: (document: string) => boolean): Rule {
  return (document) => (remove(document) ? { text: null, removed: [document] } : { text: document, removed: [] });
}

export function isBlank(line: string): boolean {
  return !/\S/u.test(line);
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}
