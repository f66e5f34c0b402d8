// Every kind of declaration: its record holds together, its example checks, is a fixed point of the formatter, and what it
// forbids is refused.

import { describe, expect, test } from "vitest";
import { check } from "../../runtime/index.ts";
import { format } from "../../grammar/format.ts";
import { parse } from "../../grammar/parse.ts";
import { blocks } from "../../grammar/blocks/index.ts";
import type { BlockDefinition } from "../../grammar/blocks/define.ts";
import type { Fields, FieldType } from "../../grammar/fields.ts";
import { units } from "../../grammar/units.ts";
import { vocabularyOf } from "../../compiler/phases/2-check/vocabulary.ts";
import { catalog } from "../../runtime/catalog.ts";

const registries = Object.keys(vocabularyOf(catalog));
const dimensions: string[] = [...units.map((unit) => unit.dimension), "percent", "tokens_per_parameter"];

describe.each(Object.values(blocks as Readonly<Record<string, BlockDefinition>>))("$word", (block) => {
  test("its example checks, and is what it says", () => {
    const { tree } = parse(block.example, "main.pt");
    expect(tree.items.some((item) => item.kind === "declaration" && item.word.text === block.word)).toBe(true);
    expect(check(block.example).diagnostics.map((item) => `${item.code} ${item.message}`)).toEqual([]);
  });

  test("its example formats to a fixed point", async () => {
    const once = await format(block.example, "main.pt");
    expect(once).toHaveProperty("text");
    const { text } = once as { text: string };
    expect(await format(text, "main.pt")).toEqual({ text });
    expect(check(text).diagnostics).toEqual([]);
  });

  test("its fields are described: docs, defaults that parse, units and registries that exist", () => {
    const visit = (fields: Fields, path: string): void => {
      for (const [name, field] of Object.entries(fields)) {
        expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
        expect(field.doc, `${path}.${name}`).not.toBe("");
        expect(field.required && field.default !== undefined, `${path}.${name} is required and has a default`).toBeFalsy();
        if (field.default !== undefined && field.default !== "{}") expect(parse(`let x = ${field.default}`, "x").diagnostics, `${path}.${name}`).toEqual([]);
        visitType(field.type, `${path}.${name}`);
      }
    };
    const visitType = (type: FieldType, path: string): void => {
      if (type.type === "any") type.of.forEach((one) => visitType(one, path));
      if (type.type === "list" || type.type === "map") visitType(type.of, path);
      if (type.type === "section") visit(type.fields, path);
      if (type.type === "quantity") expect(dimensions, path).toEqual(expect.arrayContaining([...type.units]));
      if (type.type === "word") expect(registries, path).toContain(type.registry);
    };
    visit(block.fields, block.word);
    for (const group of block.exactly_one ?? []) for (const name of group) expect(Object.keys(block.fields)).toContain(name);
    expect(block.doc).toMatch(/^[A-Z].*\.$/s);
  });

  test("a field it does not have is an error", () => {
    if (block.form !== "fields") return;
    const found = check(block.example.replace(/\}\s*$/, "  no_such_field: 3\n}")).diagnostics;
    expect(found.map((item) => item.code)).toEqual(["PT3001"]);
  });

  test("a required field that is missing is an error", () => {
    if (block.form !== "fields" || !Object.values(block.fields).some((field) => field.required)) return;
    expect(check(`${block.word} nothing {}\n`).diagnostics.map((item) => item.code)).toContain("PT3003");
  });
});

describe.each(Object.entries(vocabularyOf(catalog)).filter(([, words]) => Object.keys(words).length))("words of %s", (_, words) => {
  for (const [key, word] of Object.entries(words)) {
    test(key, () => {
      expect(word.word).toBe(key);
      expect(word.doc).not.toBe("");
      for (const [name, field] of Object.entries(word.parameters)) {
        expect(field.doc, name).not.toBe("");
        if (field.default !== undefined) expect(parse(`let x = ${field.default}`, "x").diagnostics, name).toEqual([]);
      }
    });
  }
});
