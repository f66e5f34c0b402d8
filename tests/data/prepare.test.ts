// Tokens on the disk: equal to those in memory, taken up where an interruption left them, made anew when something changed.

import { appendFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDataset } from "../../runtime/data/batch.ts";
import { numbersInFile, numbersInMemory, openNumbers } from "../../runtime/data/numbers.ts";
import { prepareTokens } from "../../runtime/data/prepare.ts";
import type { Tokenizer } from "../../runtime/tokenizers/define.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { lockRun } from "../../runtime/checkpoints/lock.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { nextTokens } from "../objectives/plans.ts";
import { fileSource } from "./plans.ts";

const tokenizer = await bytes.make({ vocab: 258, special: ["<bos>", "<eos>"], sentinels: 0 }, (async function* () {})());
const lines = Array.from({ length: 500 }, (_, i) => `Line number ${i}. It has two sentences.`);
const base = temporaryFolder({ "x.txt": `${lines.join("\n")}\n` });
const source = fileSource({ files: ["x.txt"], split: { by: "document", parts: { train: 0.8, valid: 0.2 } }, part: "train", clean: [{ word: "deduplicate", arguments: { lines: 1 } }] });
const options = { base, sentences: true };

/** Counts the texts that are encoded, and may stop at one of them. */
function counting(stopAt = Infinity): { tokenizer: Tokenizer; count: () => number; signal: AbortSignal } {
  let count = 0;
  const stop = new AbortController();
  const encode: Tokenizer["encode"] = (text, how) => {
    if (++count === stopAt) stop.abort();
    return tokenizer.encode(text, how);
  };
  return { tokenizer: { ...tokenizer, encode }, count: () => count, signal: stop.signal };
}

async function stored(cache?: string, some = counting()): Promise<unknown> {
  const { store, summary } = await prepareTokens(source, some.tokenizer, { ...options, cache, signal: some.signal });
  return { ids: Array.from(store.ids.slice(0, store.ids.length)), starts: Array.from(store.starts.slice(0, store.starts.length)), sentences: Array.from(store.sentences.slice(0, store.sentences.length)), frame: [store.before, store.after], summary };
}

describe("prepared tokens", () => {
  it("are the same on the disk as in memory, and are not made twice", async () => {
    const cache = temporaryFolder();
    const wanted = await stored();
    expect(await stored(cache)).toEqual(wanted);
    const again = counting();
    expect(await stored(cache, again)).toEqual(wanted);
    expect(again.count()).toBe(0);
  });

  it("go on where they were interrupted, at any text, with nothing encoded twice", async () => {
    const wanted = await stored();
    const whole = counting();
    await stored(undefined, whole);
    for (const stops of [[1], [2, 3], [300, 5, 200], [whole.count() - 2]]) {
      const cache = temporaryFolder();
      let encoded = 0;
      for (const stop of stops) {
        const some = counting(stop);
        await expect(stored(cache, some)).rejects.toThrow(/abort/);
        encoded += some.count();
      }
      const rest = counting();
      expect(await stored(cache, rest)).toEqual(wanted);
      expect(encoded + rest.count()).toBe(whole.count());
    }
  });

  it("are made anew when the files, the tokenizer or the rules change, or their state is damaged", async () => {
    const cache = temporaryFolder();
    const folder = temporaryFolder({ "x.txt": `${lines.join("\n")}\n` });
    const make = async (changes = {}): Promise<number> => {
      const some = counting();
      await prepareTokens({ ...source, ...changes }, some.tokenizer, { base: folder, sentences: false, cache });
      return some.count();
    };
    expect(await make()).toBe(400);
    expect(await make()).toBe(0);
    expect(await make({ part: "valid" })).toBe(100);
    expect(await make({ clean: [] })).toBe(400);
    appendFileSync(join(folder, "x.txt"), "one more\n");
    expect(await make()).toBeGreaterThan(0);
    for (const entry of readdirSync(join(cache, "tokens"))) writeFileSync(join(cache, "tokens", entry, "state.json"), "{");
    expect(await make()).toBeGreaterThan(0);
  });

  it("are refused when a file changes while it is read, and when another process holds them are made beside", async () => {
    const cache = temporaryFolder();
    const folder = temporaryFolder({ "x.txt": `${lines.join("\n")}\n` });
    const some = { ...source, split: null, part: null };
    let changed = false;
    // The fingerprint is known, the text is not read yet.
    const early: Tokenizer = { ...tokenizer, json: () => {
      if (!changed) appendFileSync(join(folder, "x.txt"), "one more\n");
      changed = true;
      return tokenizer.json();
    } };
    expect(await problems(() => prepareTokens(some, early, { base: folder, sentences: false, cache }))).toEqual([expect.stringMatching(/^PT7004 cannot read `x.txt`: it changed while it was read/)]);
    expect((await prepareTokens(some, tokenizer, { base: folder, sentences: false, cache })).summary.documents).toBe(501);
    const entries = readdirSync(join(cache, "tokens"));
    const locks = entries.map((entry) => lockRun(join(cache, "tokens", entry)));
    expect((await prepareTokens(some, tokenizer, { base: folder, sentences: false, cache })).store.ids.slice(1, 5)).toEqual(Uint16Array.from(Buffer.from("Line")));
    locks.forEach((lock) => lock.release());
    expect(readdirSync(join(cache, "tokens"))).toEqual(entries);
    appendFileSync(join(folder, "x.txt"), "and another\n");
    expect((await prepareTokens(some, tokenizer, { base: folder, sentences: false, cache })).summary.documents).toBe(502);
    // Tokens of the files as they were are gone.
    expect(readdirSync(join(cache, "tokens"))).toHaveLength(1);
  });

  it("leave no lists of windows behind, and give the same batches as from memory", async () => {
    const cache = temporaryFolder();
    for (const pack of [false, true]) {
      const settings = { base, objective: nextTokens(24), pack, seed: 3, special: [] };
      const [disk, memory] = [await openDataset(source, tokenizer, { ...settings, cache }), await openDataset(source, tokenizer, settings)];
      expect(disk.examples).toBe(memory.examples);
      for (const first of [0, 7, disk.examples - 3]) expect([...disk.batch(first, 9).fields]).toEqual([...memory.batch(first, 9).fields]);
    }
    for (const entry of readdirSync(join(cache, "tokens"))) expect(readdirSync(join(cache, "tokens", entry)).sort()).toEqual(["ids.bin", "sentences.bin", "starts.bin", "state.json"]);
  });
});

describe("lists of numbers", () => {
  it("in a file are those in memory, whatever the buffers' edges, and after a cut", () => {
    const folder = temporaryFolder();
    for (const [kind, factor] of [["uint16", 1], ["int32", 60_000], ["float64", 2 ** 33]] as const) {
      const path = join(folder, `${kind}.bin`);
      const [file, memory] = [numbersInFile(path, kind), numbersInMemory(kind)];
      for (let i = 0; i < 40_000; i++) for (const list of [file, memory]) list.add((i * factor) % 2 ** (kind === "uint16" ? 16 : kind === "int32" ? 31 : 50));
      for (const list of [file, memory]) list.addAll(Int32Array.of(1, 2, 3));
      const [a, b] = [file.finish(), memory.finish()];
      expect(a.length).toBe(b.length);
      for (const at of [0, 1, 511, 512, 513, 32_767, 32_768, 40_002, 5]) expect(a.at(at)).toBe(b.at(at));
      expect(Array.from(a.slice(32_700, 33_000))).toEqual(Array.from(b.slice(32_700, 33_000)));
      expect(Array.from(openNumbers(path, kind, 3).slice(0, 3))).toEqual(Array.from(b.slice(0, 3)));
      const cut = numbersInFile(path, kind, 10);
      cut.add(7);
      expect(Array.from(cut.finish().slice(8, 11))).toEqual([...Array.from(b.slice(8, 10)), 7]);
      expect(existsSync(path) && statSync(path).size).toBe(11 * (kind === "uint16" ? 2 : kind === "int32" ? 4 : 8));
    }
    expect(readFileSync(join(folder, "uint16.bin"))).toHaveLength(22);
  });
});
