// Foreign JSON, looked at with care.

import { damagedTokenizer } from "../../../grammar/diagnostics/PT7008-damaged-tokenizer.ts";
import { unsupportedTokenizer } from "../../../grammar/diagnostics/PT7009-unsupported-tokenizer.ts";
import { fileError } from "../../files/user-error.ts";

export type Json = { readonly [key: string]: unknown };

/** What a reader reports to: `asks` collects what is not supported, `damaged` ends the reading. */
export interface Report {
  readonly asks: string[];
  readonly damaged: (reason: string) => never;
  /** Throws where something was asked that is not supported. */
  readonly done: () => void;
}

export function reportFor(file: string): Report {
  const asks: string[] = [];
  return {
    asks,
    damaged: (reason) => {
      throw fileError(damagedTokenizer, file, { file, reason });
    },
    done: () => {
      if (asks.length > 0) throw fileError(unsupportedTokenizer, file, { file, asks });
    },
  };
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Ids are bounded, so that no list made for them can fill the memory. */
export function isId(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 26;
}

export function typeOf(part: unknown): string {
  return isObject(part) && typeof part.type === "string" ? `\`${part.type}\`${inner(part)}` : show(part);
}

function inner(part: Json): string {
  const list = [part.normalizers, part.pretokenizers, part.processors, part.decoders].find(Array.isArray);
  return list === undefined ? "" : ` of ${list.map(typeOf).join(", ")}`;
}

export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
