// Random damage to texts: stretches replaced by pieces of the language and of other languages, tokens swapped, doubled or dropped.

import fc from "fast-check";

export const pieces = ["{", "}", "(", ")", "[", "]", ",", ":", "=", ".", "->", "<", ">", "<mask>", "&", "|", "not", "-", "^", "let", "import", "on", "repeat", "vary", "head", "encoder", "remove", "model a", "mask b =", "extends", "from", "in", "3", "300b", "15%", "2 GB", "steps", "x", "Xy", '"a {b}"', '"', "'", "// c\n", "/// d\n", "/*", "#", "@", "é", "\u0000", "\\", ";", "\n", "\r", "😀", "\ud800"];

export type Mutation = { readonly at: number; readonly length: number; readonly text: string };
export const mutation: fc.Arbitrary<Mutation> = fc.record({ at: fc.nat(), length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 })), text: fc.oneof(fc.constant(""), fc.constantFrom(...pieces).map((piece) => ` ${piece} `), fc.constantFrom(...pieces), fc.string({ maxLength: 3 })) });

export function mutate(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((current, { at, length, text: piece }) => {
    const place = current.length === 0 ? 0 : at % current.length;
    return current.slice(0, place) + piece + current.slice(place + length);
  }, text);
}

/** Mutations of whole tokens: swapped with the next, doubled or dropped. */
export const tokenMutation = fc.record({ at: fc.nat(), what: fc.constantFrom("swap", "double", "drop") });

export function mutateTokens(text: string, mutations: readonly { at: number; what: string }[]): string {
  const tokens = text.match(/\s+|\w+|"[^"\n]*"|[^\s\w]/g) ?? [];
  for (const { at, what } of mutations) {
    const i = at % Math.max(1, tokens.length);
    if (what === "drop") tokens.splice(i, 1);
    else if (what === "double") tokens.splice(i, 0, tokens[i] ?? "");
    else [tokens[i], tokens[i + 1]] = [tokens[i + 1] ?? "", tokens[i] ?? ""];
  }
  return tokens.join("");
}
