// Texts with holes: filled, written and read back; conversations in pieces.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aroundContent, missingRole, renderMessages, type PlanChat } from "../../compiler/chat.ts";
import { fillTemplate, holesOf, readTemplate, templateText, type Template } from "../../compiler/template.ts";
import type { PlanFiles } from "../../compiler/plan/schema.ts";
import { promptFiller } from "../../runtime/data/prompts.ts";
import { columns } from "../../runtime/columns/index.ts";

const hole = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/);
/** Parts as a parser gives them: texts are not empty and never neighbours. */
const template = fc.array(fc.oneof(fc.record({ hole }), fc.record({ text: fc.string({ minLength: 1, unit: fc.constantFrom("a", "{", "}", "\\", "\n", " ", "é", "🙂") }) })), { maxLength: 8 })
  .map((parts): Template => parts.filter((part, i) => "hole" in part || i === 0 || "hole" in parts[i - 1]));

describe("templates", () => {
  test("a template's text reads back as the template", () => {
    fc.assert(fc.property(template, (parts) => void expect(readTemplate(templateText(parts))).toEqual(parts)));
  });

  test("every hole is filled by its own column, all else stays", () => {
    fc.assert(fc.property(template, fc.dictionary(hole, fc.string()), (parts, row) => {
      const filled = fillTemplate(parts, (name) => row[name] ?? `<${name}>`);
      expect(filled).toBe(parts.map((part) => ("text" in part ? part.text : (row[part.hole] ?? `<${part.hole}>`))).join(""));
      expect(holesOf(parts)).toEqual([...new Set(parts.flatMap((part) => ("hole" in part ? [part.hole] : [])))]);
    }));
  });

  test("what a column brings is never read as a hole", () => expect(fillTemplate(readTemplate("{a}{b}"), (name) => (name === "a" ? "{b}" : "\\{"))).toBe("{b}\\{"));

  test("columns as texts: classes by their names, numbers, words", () => {
    const source: PlanFiles = {
      kind: "files", files: ["x.tsv"], format: "tsv", text: null, clean: [], malformed: 0, split: null, part: null,
      columns: { label: { type: "class", column: "label", labels: ["0", "1"], names: ["negative", "positive"] }, kind: { type: "class", column: "kind", labels: null }, score: { type: "number", column: 1, labels: null }, words: { type: "words", column: 2, labels: null } },
    };
    const fill = promptFiller({ inputs: "\\{{kind}} {words}: ", targets: "{label} {score}" }, source);
    expect(fill({ label: "1", kind: "film", score: 2.5, words: ["a", "b"] })).toEqual({ inputs: "{film} a b: ", targets: "positive 2.5" });
  });
});

const chatml: PlanChat = { system: "<|system|>{content}\n", user: "<|user|>{content}\n", assistant: "<|assistant|>{content}<|end|>\n" };

describe("conversations", () => {
  test("the assistant's content and what ends it carry loss", () => {
    expect(renderMessages(chatml, [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi {x}" }, { role: "assistant", content: "Hello" }, { role: "user", content: "Bye" }])).toEqual([
      { text: "<|system|>Be brief.\n<|user|>Hi {x}\n<|assistant|>", loss: false },
      { text: "Hello<|end|>\n", loss: true },
      { text: "<|user|>Bye\n", loss: false },
    ]);
    expect(aroundContent(chatml, "assistant")).toEqual({ before: "<|assistant|>", after: "<|end|>\n" });
  });

  test("all pieces together are all messages in order, and exactly the answers carry loss", () => {
    const role = fc.constantFrom("system" as const, "user" as const, "assistant" as const);
    fc.assert(fc.property(fc.array(fc.record({ role, content: fc.string() })), (messages) => {
      const pieces = renderMessages(chatml, messages);
      expect(pieces.map(({ text }) => text).join("")).toBe(messages.map((one) => chatml[one.role]!.replace("{content}", () => one.content)).join(""));
      expect(pieces.filter(({ loss }) => loss).map(({ text }) => text).join("")).toBe(messages.filter((one) => one.role === "assistant").map(({ content }) => `${content}<|end|>\n`).join(""));
    }));
  });

  test("a role that the template has no words for is found", () => {
    const plain = { ...chatml, system: null };
    expect(missingRole(plain, [{ role: "user", content: "" }, { role: "system", content: "" }])).toBe("system");
    expect(missingRole(plain, [{ role: "user", content: "" }])).toBeNull();
  });

  test("messages are read from lists of roles and contents", () => {
    const read = (value: unknown): unknown => columns.messages.read(value, { type: "messages", column: "x", labels: null });
    expect(read([{ role: "user", content: "Hi", name: "x" }])).toEqual({ value: [{ role: "user", content: "Hi" }] });
    expect(read("Hi")).toEqual({ problem: "`Hi` is no list of messages" });
    expect(read([])).toEqual({ problem: "the conversation has no message" });
    expect(read([{ role: "user", content: "Hi" }, { role: "robot", content: "Hi" }])).toEqual({ problem: "message 2 has the role `robot`, not `system`, `user`, `assistant`" });
    expect(read([{ role: "user" }])).toEqual({ problem: "message 1 has no text as `content`" });
  });
});
