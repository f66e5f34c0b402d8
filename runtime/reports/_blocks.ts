// What a section is made of: blocks, which are written as Markdown and as HTML from one description.

/** Plain text, or text as code. Nothing in it is markup: signs of either format are escaped where it is written. */
export type Inline = string | { readonly code: string };

export interface Column {
  readonly title: string;
  /** Numbers are aligned right. */
  readonly numeric?: boolean;
}

export interface TableRow {
  readonly cells: readonly string[];
  /** The baseline, or another row to be seen first. */
  readonly strong?: boolean;
  /** What went wrong, below the row over its whole width. */
  readonly note?: string;
}

export type Block =
  | { readonly kind: "text"; readonly text: readonly Inline[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "table"; readonly caption: string; readonly columns: readonly Column[]; readonly rows: readonly TableRow[] }
  /** `name` becomes a file's name in Markdown; `alternative` says what is seen. The SVG has a `viewBox`, and colours of `_colors.ts`. */
  | { readonly kind: "figure"; readonly name: string; readonly svg: string; readonly caption: string; readonly alternative: string; readonly narrow?: boolean }
  | { readonly kind: "code"; readonly text: string; readonly language: string }
  | { readonly kind: "details"; readonly summary: string; readonly blocks: readonly Block[] };

export const text = (...parts: readonly Inline[]): Block => ({ kind: "text", text: parts });
export const code = (value: string): Inline => ({ code: value });
