// Values of fields and parameters once evaluated, each with where it came from.

import type { StringLiteral } from "../../../grammar/ast.ts";
import type { Place } from "../../../grammar/diagnostics/define.ts";
import { templateText, type Template } from "../../template.ts";
import type { MaskExpression } from "../../masks/define.ts";
import { objectiveText, type ObjectiveTree } from "../../objectives/tree.ts";
import type { PlanShown } from "../../objectives/plan.ts";
import type { Declared, Origin, Thunk } from "../1-resolve/program.ts";
import type { Resolved } from "../../plan/schema.ts";

/** A text with holes, and where each of them was written. */
export interface TemplateText { readonly template: Template; readonly holes: readonly { readonly name: string; readonly place: Place }[]; readonly place: Place }

export type CallValue = Extract<Value, { kind: "call" }>;

export interface Values { readonly [name: string]: Value }

export type Value =
  | { readonly kind: "number"; readonly value: number; readonly unit: string | null; readonly percent: boolean; readonly origin: Origin }
  | { readonly kind: "text"; readonly value: string; readonly literal: StringLiteral | null; readonly origin: Origin }
  | { readonly kind: "template"; readonly text: TemplateText; readonly origin: Origin }
  | { readonly kind: "prompt"; readonly inputs: TemplateText; readonly targets: TemplateText; readonly origin: Origin }
  | { readonly kind: "switch"; readonly value: boolean; readonly origin: Origin }
  | { readonly kind: "token"; readonly name: string; readonly origin: Origin }
  | { readonly kind: "choice"; readonly word: string; readonly origin: Origin }
  | { readonly kind: "call"; readonly registry: string; readonly word: string; readonly arguments: Values; readonly origin: Origin }
  /** Tasks of which each example is drawn for one; weights as they were written. */
  | { readonly kind: "mixture"; readonly entries: readonly { readonly weight: number; readonly percent: boolean; readonly value: CallValue }[]; readonly origin: Origin }
  | { readonly kind: "mask"; readonly mask: MaskExpression; readonly origin: Origin }
  /** `arguments` are those of a single call. */
  | { readonly kind: "objective"; readonly objective: ObjectiveTree; readonly arguments: Values; readonly origin: Origin }
  | { readonly kind: "shown"; readonly shown: readonly PlanShown[]; readonly origin: Origin }
  /** A declaration with the arguments of its call, not yet evaluated. */
  | { readonly kind: "declaration"; readonly declared: Declared; readonly arguments: Readonly<Record<string, Thunk>>; readonly origin: Origin }
  | { readonly kind: "data"; readonly declared: Declared; readonly part: string | null; readonly origin: Origin }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly origin: Origin }
  | { readonly kind: "section"; readonly fields: Values; readonly origin: Origin };

/** The value without its origins, as a plan holds it. Declarations become their names. */
export function plain(value: Value): Resolved {
  switch (value.kind) {
    case "number":
      return value.unit === null ? value.value : { value: value.value, unit: value.unit };
    case "text":
    case "switch":
      return value.value;
    case "template":
      return templateText(value.text.template);
    case "prompt":
      return { inputs: templateText(value.inputs.template), targets: templateText(value.targets.template) };
    case "token":
      return { token: value.name };
    case "choice":
      return value.word;
    case "call":
      return { word: value.word, arguments: plainAll(value.arguments) };
    case "mixture":
      return value.entries.map(({ weight, value: inner }) => ({ weight, value: plain(inner) }));
    case "mask":
      return value.mask as unknown as Resolved;
    case "objective":
      return objectiveText(value.objective);
    case "shown":
      return value.shown.map(({ share, shows }) => ({ share, shows }));
    case "declaration":
      return value.declared.name;
    case "data":
      return value.part === null ? value.declared.name : `${value.declared.name}.${value.part}`;
    case "list":
      return value.items.map(plain);
    case "section":
      return plainAll(value.fields);
  }
}

export function plainAll(values: Values): { [name: string]: Resolved } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}
