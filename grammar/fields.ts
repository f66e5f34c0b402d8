// Types of values that a record's fields and parameters take. One description serves checks, defaults, hints, completion and the reference.

/** Vocabularies that a word can belong to: each is a concept folder. */
export type Registry = "layer" | "initializer" | "activation" | "position" | "optimizer" | "schedule" | "adaptation" | "objective" | "noise" | "input" | "target" | "pair" | "task" | "tokenizer" | "metric" | "decoding" | "synthetic" | "column" | "cleaner" | "assertion" | "fit";

export type FieldType =
  | { readonly type: "integer"; readonly minimum?: number; readonly maximum?: number }
  /** `exclusive`: the minimum itself is refused. */
  | { readonly type: "number"; readonly minimum?: number; readonly maximum?: number; readonly exclusive?: boolean }
  /** A share between 0 and 1, written `15%` or `0.15`. */
  | { readonly type: "rate"; readonly maximum?: number }
  /** A number with one of these units; `bare` is the unit assumed when none is written (none: a unit is required). */
  | { readonly type: "quantity"; readonly units: readonly string[]; readonly bare?: string; readonly minimum?: number }
  | { readonly type: "string"; readonly path?: boolean }
  /** A text with `{holes}` that columns of the data fill. */
  | { readonly type: "template" }
  /** What is asked, and the answer: `"English: {english}\nFrench: " -> "{french}"`. */
  | { readonly type: "prompt" }
  /** `only`: beside other types, where `on` would say nothing. */
  | { readonly type: "switch"; readonly only?: "off" }
  /** A special token `<pad>`, or an id. */
  | { readonly type: "token" }
  | { readonly type: "choice"; readonly words: Readonly<Record<string, string>> }
  /** A word of a vocabulary, called: `cosine(warmup: 5%)`. */
  | { readonly type: "word"; readonly registry: Registry }
  | { readonly type: "mask" }
  | { readonly type: "objective" }
  /** What a noised place shows: `<mask>`, `drop`, `80% * <mask> + 20% * keep`. */
  | { readonly type: "input" }
  /** A name that something else declares: a head of the model. */
  | { readonly type: "name"; readonly what: string }
  /** A column of the run's data, of one of these types. */
  | { readonly type: "column"; readonly types: readonly string[] }
  /** A dotted name, looked up by what it is for: a measure of an ablation. In quotes where a part is no name. */
  | { readonly type: "path" }
  /** A layer that this one contains: `class_token(patches(…))`. */
  | { readonly type: "layer" }
  /** The name of a stack of the model. */
  | { readonly type: "stack" }
  /** A declaration of one of these kinds, with arguments where it has parameters. */
  | { readonly type: "declaration"; readonly kinds: readonly string[] }
  /** A source, or a part of it: `novels.valid`. */
  | { readonly type: "data" }
  | { readonly type: "list"; readonly of: FieldType; readonly minimum?: number; readonly maximum?: number }
  | { readonly type: "any"; readonly of: readonly FieldType[] }
  | { readonly type: "section"; readonly fields: Fields }
  /** A section whose keys the user chooses: `columns`, `split`. `keys` says what a key is, for messages. */
  | { readonly type: "map"; readonly keys: string; readonly of: FieldType };

export interface Field {
  readonly type: FieldType;
  readonly doc: string;
  /** May be given without its name, in the order of the record. */
  readonly positional?: boolean;
  readonly required?: boolean;
  /** What it is when absent, as text of the language (`0.1`, `off`, `width / heads`); for a plain value it is parsed and used. Absent and not required: simply not there. */
  readonly default?: string;
}

export type Fields = { readonly [name: string]: Field };

/** How a type is called in messages: "a whole number of at least 1". */
export function describeType(type: FieldType): string {
  switch (type.type) {
    case "integer":
      return `a whole number${range(type.minimum, type.maximum)}`;
    case "number":
      return `a number${type.exclusive ? ` above ${type.minimum}` : range(type.minimum, type.maximum)}`;
    case "rate":
      return "a share such as `15%`";
    case "quantity":
      return `a quantity in ${alternatives(type.units.map((unit) => `\`${unit}\``))}`;
    case "string":
      return type.path ? "a path in quotes" : "a text in quotes";
    case "template":
      return "a text such as `\"Review: {text}\"`";
    case "prompt":
      return "a prompt such as `\"Review: {text}\\nOpinion: \" -> \"{label}\"`";
    case "switch":
      return type.only ? "`off`" : "`on` or `off`";
    case "token":
      return "a token such as `<pad>`";
    case "choice":
      return `one of ${alternatives(Object.keys(type.words).map((word) => `\`${word}\``))}`;
    case "word":
      return `${/^[aeiou]/.test(type.registry) ? "an" : "a"} ${type.registry}`;
    case "mask":
      return "a mask";
    case "objective":
      return "an objective";
    case "input":
      return "what is shown, such as `<mask>`, `drop` or `80% * <mask> + 20% * keep`";
    case "name":
      return `the name of a ${type.what}`;
    case "column":
      return `a column of type ${alternatives(type.types.map((one) => `\`${one}\``))}`;
    case "path":
      return "a name such as `spam.accuracy`";
    case "layer":
      return "a layer";
    case "stack":
      return "the name of a stack";
    case "declaration":
      return `the name of a ${alternatives(type.kinds)}`;
    case "data":
      return "the name of a data source";
    case "list":
      return `a list of ${describeType(type.of).replace(/^an? /, "")}`;
    case "any":
      return alternatives(type.of.map(describeType));
    case "section":
      return "a block of fields";
    case "map":
      return `a block of ${type.keys}`;
  }
}

function range(minimum?: number, maximum?: number): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? "" : ` of at most ${maximum}`;
}

export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
