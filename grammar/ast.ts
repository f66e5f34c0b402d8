// The Tree: what a `.pt` file says, form by form. It knows no block, field or tensor; words are data.

/** Half-open range of UTF-16 offsets into the file's text (after the byte-order mark is dropped and before any other change). */
export interface Span { readonly start: number; readonly end: number }

interface Form { readonly span: Span }

export interface Comment extends Form { readonly kind: "comment"; readonly text: string; readonly documentation: boolean }

/** One file. `items` in source order; what could not be parsed is missing here and reported by the parser. */
export interface Tree extends Form {
  readonly kind: "tree";
  readonly file: string;
  readonly text: string;
  readonly items: readonly (Import | Declaration | Let)[];
  readonly comments: readonly Comment[];
}

export interface Name extends Form { readonly kind: "name"; readonly text: string }

/** `import { a, b } from "./x.pt"` or `import * as x from "./x.pt"` (`names` undefined, `all` the name). */
export interface Import extends Form { readonly kind: "import"; readonly names?: readonly Name[]; readonly all?: Name; readonly from: StringLiteral }

/** `model gpt(layers = 12) extends base(width: 3) { … }`, `mask sliding(n) = …`. `word` is the kind word. */
export interface Declaration extends Form {
  readonly kind: "declaration";
  readonly word: Name;
  readonly name: Name;
  readonly parameters?: readonly Parameter[];
  readonly relations: readonly Relation[];
  readonly body?: Block;
  readonly value?: Expression;
  /** Text of the `///` comments right above, without the slashes, lines joined by newlines. */
  readonly doc?: string;
}

export interface Parameter extends Form { readonly kind: "parameter"; readonly name: Name; readonly value?: Expression }
export interface Relation extends Form { readonly kind: "relation"; readonly word: "extends" | "from" | "of"; readonly target: Reference; readonly arguments?: readonly Argument[] }
export interface Block extends Form { readonly kind: "block"; readonly statements: readonly Statement[] }

export type Statement = Let | Field | Remove | Stack | Section | Repeat | Vary | Item;

export interface Let extends Form { readonly kind: "let"; readonly name: Name; readonly value: Expression; readonly doc?: string }
/** `path: value` or `"label": value`; the value is an expression or a block. */
export interface Field extends Form { readonly kind: "field"; readonly path: Reference | StringLiteral; readonly value: Expression | Block; readonly doc?: string }
export interface Remove extends Form { readonly kind: "remove"; readonly path: Reference }
/** `encoder { … }`, `decoder { … }`, `encoder image { … }`. */
export interface Stack extends Form { readonly kind: "stack"; readonly word: "encoder" | "decoder"; readonly name?: Name; readonly body: Block }
/** `head lm { … }`, `head classify(classes) { … }`, `weights huggingface { … }`. */
export interface Section extends Form { readonly kind: "section"; readonly word: "head" | "weights"; readonly name: Name; readonly parameters?: readonly Parameter[]; readonly body: Block }
export interface Repeat extends Form { readonly kind: "repeat"; readonly count: Expression; readonly body: Block }
/** `vary { rows }`, `vary path in …`, `vary [a, b] in …`. */
export interface Vary extends Form { readonly kind: "vary"; readonly target?: Reference | List; readonly rows: Block | Expression }
/** A layer, an instance, or a section: `attention(heads, mask: causal)`, `pooler`, `residual { … }`, `checkpoint { every: 10 min }`. */
export interface Item extends Form { readonly kind: "item"; readonly name: Name; readonly arguments?: readonly Argument[]; readonly body?: Block }

export interface Argument extends Form { readonly kind: "argument"; readonly name?: Name; readonly value: Expression }

export type Expression = NumberLiteral | StringLiteral | TokenLiteral | Switch | List | Reference | Call | Unary | Binary | Group;

/** `12`, `50_257`, `1.5T`, `15%`, `300B tokens`. `value` has magnitude and percent applied; `unit` is the word after it. */
export interface NumberLiteral extends Form { readonly kind: "number"; readonly value: number; readonly raw: string; readonly percent: boolean; readonly unit?: Name }
/** `value` is unescaped. `holes` are the `{column}` places of a template, as spans in the file; in `parts` text and hole names alternate in order. */
export interface StringLiteral extends Form { readonly kind: "string"; readonly value: string; readonly raw: string; readonly parts: readonly ({ readonly text: string } | { readonly hole: string; readonly span: Span })[] }
/** `<mask>`: `name` is `mask`. */
export interface TokenLiteral extends Form { readonly kind: "token"; readonly name: string }
export interface Switch extends Form { readonly kind: "switch"; readonly value: boolean }
export interface List extends Form { readonly kind: "list"; readonly items: readonly Expression[] }
/** `a.b.c`; a plain name has one part. */
export interface Reference extends Form { readonly kind: "reference"; readonly parts: readonly Name[] }
export interface Call extends Form { readonly kind: "call"; readonly target: Reference; readonly arguments: readonly Argument[] }
export interface Unary extends Form { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: Expression }
export type BinaryOperator = "->" | "|" | "&" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "+" | "-" | "*" | "/" | "mod" | "^";
export interface Binary extends Form { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
/** A parenthesised expression; kept so that the formatter prints what was written. */
export interface Group extends Form { readonly kind: "group"; readonly inner: Expression }

export type Node = Tree | Comment | Name | Import | Declaration | Parameter | Relation | Block | Statement | Argument | Expression;

/** The dotted text of a reference. */
export function dotted(reference: Reference): string {
  return reference.parts.map((part) => part.text).join(".");
}
