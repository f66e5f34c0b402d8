// Each rule of cleaning on documents by hand, and what holds for all of them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../compiler/plan/schema.ts";
import { cleaners } from "../../runtime/cleaners/index.ts";
import type { CleanerDefinition } from "../../runtime/cleaners/define.ts";

async function clean(word: keyof typeof cleaners, args: Call["arguments"], documents: readonly string[], list = ""): Promise<(string | null)[]> {
  const rule = await (cleaners[word] as CleanerDefinition).make!(args, async () => list);
  return documents.map((document) => rule(document).text);
}

test("terminal_punctuation", async () => {
  expect(await clean("terminal_punctuation", {}, ["A line.\nHome | About\n\nReally?\n\"Yes!\"\nRead more...", "Menu\nMore", "He said “no”"])).toEqual(["A line.\n\nReally?\n\"Yes!\"", null, "He said “no”".replace("He", "He")]);
});

test("min_words", async () => {
  expect(await clean("min_words", { words: 3 }, ["one two three\nfour five\n  six  seven eight ", "a b"])).toEqual(["one two three\n  six  seven eight ", null]);
});

test("min_sentences", async () => {
  expect(await clean("min_sentences", { sentences: 2 }, ["One. Two.", "Only one, e.g. this here", ""])).toEqual(["One. Two.", expect.anything(), null]);
  expect(await clean("min_sentences", { sentences: 3 }, ["One. Two."])).toEqual([null]);
});

test("no_placeholder", async () => expect(await clean("no_placeholder", {}, ["Lorem  Ipsum dolor", "lorem only"])).toEqual([null, "lorem only"]));

test("no_code", async () => expect(await clean("no_code", {}, ["f() { }", "Please enable Javascript.\nA text.", "plain"])).toEqual([null, "A text.", "plain"]));

test("no_notices", async () => expect(await clean("no_notices", {}, ["We Use Cookies here.\nA text about cookies.", "See our Terms of Use"])).toEqual(["A text about cookies.", null]));

test("no_bad_words: whole words and phrases of the list, whatever their case", async () => {
  const documents = ["a Darn thing", "darning socks", "two  words", "it is a+b", "fine"];
  expect(await clean("no_bad_words", { list: "x" }, documents, "darn\r\n\ntwo  words\na+b\n")).toEqual([null, "darning socks", null, null, "fine"]);
  expect(await clean("no_bad_words", { list: "x" }, ["fine"], "")).toEqual(["fine"]);
});

test("english tells running text of seven languages apart", async () => {
  const english = ["Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, I thought I would sail about a little and see the watery part of the world."];
  const others = [
    "Nennt mich Ismael. Vor einigen Jahren, es ist gleich wie lange es genau her ist, hatte ich wenig oder gar kein Geld in der Börse, und so wollte ich ein wenig zur See fahren.",
    "Appelez-moi Ismaël. Voici quelques années, peu importe combien, le porte-monnaie vide ou presque, rien ne me retenait à terre, je songeai à naviguer un peu.",
    "Llamadme Ismael. Hace unos años, no importa cuánto hace exactamente, teniendo poco o ningún dinero en el bolsillo, pensé que me iría a navegar un poco por ahí.",
    "Chiamatemi Ismaele. Alcuni anni fa, non importa quanti esattamente, avendo pochi o punti denari in tasca, pensai di mettermi a navigare per un poco.",
    "Noem mij Ismaël. Enkele jaren geleden, het doet er niet toe hoeveel precies, had ik weinig of geen geld in mijn beurs en ik dacht dat ik wat zou gaan varen.",
    "Зовите меня Измаил. Несколько лет тому назад, когда именно неважно, я обнаружил, что в кошельке у меня почти не осталось денег.",
  ];
  expect(await clean("english", { share: 0.1 }, [...english, ...others, "Kurz."])).toEqual([...english, ...others.map(() => null), "Kurz."]);
});

test("deduplicate: all but the first of a repeated span, within and across documents", async () => {
  expect(await clean("deduplicate", { lines: 2 }, ["a\nb\nc", "x\n\nA \nb\ny", "a\nc", "z"])).toEqual(["a\nb\nc", "x\n\ny", "a\nc", "z"]);
  expect(await clean("deduplicate", { lines: 3 }, ["short", "short", "1\n2\n3\n1\n2\n3"])).toEqual(["short", null, "1\n2\n3"]);
});

describe("near_duplicates", () => {
  const args = { similarity: 0.8, words: 3, hashes: 64 };
  const text = Array.from({ length: 200 }, (_, i) => `word${i * 7919 % 211}`).join(" ");

  test("removes what differs in a word, keeps what differs in half", async () => {
    const half = `${text.split(" ").slice(0, 100).join(" ")} ${Array.from({ length: 100 }, (_, i) => `other${i}`).join(" ")}`;
    expect((await clean("near_duplicates", args, [text, text.replace("word7 ", "changed "), half, text.toUpperCase()])).map((one) => one !== null)).toEqual([true, false, true, false]);
  });

  test("estimates the Jaccard similarity: what is far below stays, what is far above goes", async () => {
    for (const changed of [2, 60]) {
      const other = text.split(" ").map((word, i) => (i < changed ? `new${i}` : word)).join(" ");
      const shingles = (of: string): Set<string> => new Set(of.split(" ").slice(2).map((_, i, list) => `${of.split(" ")[i]} ${of.split(" ")[i + 1]} ${list[i]}`));
      const [a, b] = [shingles(text), shingles(other)];
      const common = [...a].filter((one) => b.has(one)).length;
      const similarity = common / (a.size + b.size - common);
      expect((await clean("near_duplicates", args, [text, other]))[1] === null, `similarity ${similarity}`).toBe(similarity > 0.8);
    }
  });
});

describe("c4", () => {
  test("stands for the rules of the paper in order; each can be turned off", () => {
    const { rules } = cleaners.c4 as CleanerDefinition;
    const words = (args: Call["arguments"]): string[] => rules!(args).map(({ word }) => word);
    expect(words({ without: [] })).toEqual(["terminal_punctuation", "min_words", "no_code", "no_notices", "no_placeholder", "min_sentences", "english", "deduplicate"]);
    expect(words({ without: ["english", "deduplicate"], bad_words: "list.txt" })).toEqual(["terminal_punctuation", "min_words", "no_code", "no_notices", "no_placeholder", "min_sentences", "no_bad_words"]);
    for (const { word, arguments: args } of rules!({ without: [], bad_words: "x" })) expect(Object.keys(args)).toEqual(Object.keys(cleaners[word as keyof typeof cleaners].parameters));
  });
});

test("every rule gives lines of the document in their order, and says what went", async () => {
  const line = fc.constantFrom<string>("The cat sat on the mat.", "Home | About", "lorem ipsum", "{ code }", "", "use cookies", "one two three four five.", "x");
  await fc.assert(fc.asyncProperty(fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), { maxLength: 4 }), async (documents) => {
    for (const definition of Object.values(cleaners) as CleanerDefinition[]) {
      if (!definition.make) continue;
      const defaults = Object.fromEntries(Object.entries(definition.parameters).map(([name, { default: text = "x" }]) => [name, text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text) || text]));
      const rule = await definition.make(defaults, async () => "x\n");
      for (const lines of documents) {
        const { text, removed } = rule(lines.join("\n"));
        const left = text === null ? [] : text.split("\n");
        let at = 0;
        for (const one of left) at = lines.indexOf(one, at) + 1 || Infinity;
        expect(at, definition.word).toBeLessThanOrEqual(lines.length);
        expect(removed.length > 0, definition.word).toBe(text !== lines.join("\n"));
      }
    }
  }));
});
