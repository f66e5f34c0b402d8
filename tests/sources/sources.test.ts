// How each format turns a file into documents, whatever the pieces its text arrives in.

import fc from "fast-check";
import { expect, it } from "vitest";
import { sources } from "../../runtime/sources/index.ts";
import type { SourceDefinition } from "../../runtime/sources/define.ts";

async function documents(source: SourceDefinition, pieces: readonly string[]): Promise<string[]> {
  const file = { path: "x", name: "x", text: async function* () { yield* pieces; }, bytes: async function* () { yield* pieces.map((piece) => Buffer.from(piece)); } };
  const found: string[] = [];
  for await (const document of source.documents(file)) found.push(document);
  return found;
}

it("text: a file is one document, an empty one none", async () => {
  expect(await documents(sources.text, ["a\r\n", "", "b\n"])).toEqual(["a\r\nb\n"]);
  expect(await documents(sources.text, [])).toEqual([]);
});

it("lines: one document each, both line ends, no empty ones", async () => {
  expect(await documents(sources.lines, ["one\r", "\ntwo\n\n \t\nthr", "ee"])).toEqual(["one", "two", "three"]);
  expect(await documents(sources.lines, ["last\r\n"])).toEqual(["last"]);
});

it("gives the same documents however the text is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("a", "bc", "\n", "\r\n", "\r", " ")), async (pieces) => {
      for (const source of Object.values(sources)) expect(await documents(source, pieces)).toEqual(await documents(source, [pieces.join("")].filter((text) => text !== "")));
    }),
  );
});
