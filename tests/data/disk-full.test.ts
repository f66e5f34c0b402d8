// A disk that fills up while tokens are prepared: it is said, and what was saved before is used when there is room again.

import { expect, it, vi } from "vitest";
import { prepareTokens } from "../../runtime/data/prepare.ts";
import { bytes } from "../../runtime/tokenizers/bytes.ts";
import { problems, temporaryFolder } from "../files/temporary.ts";
import { fileSource } from "./plans.ts";

const disk = vi.hoisted(() => ({ room: Infinity }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(file: number, content: Uint8Array | string, offset = 0, length = content.length, position?: number): number {
      const taken = Math.min(length, disk.room);
      if (taken === 0 && length > 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      disk.room -= taken;
      return typeof content === "string" ? fs.writeSync(file, content) : fs.writeSync(file, content, offset, taken, position);
    },
  };
});

it("is a diagnostic wherever the space ends, and loses nothing", async () => {
  const base = temporaryFolder({ "x.txt": Array.from({ length: 3_000 }, (_, i) => `line ${i} of a text that fills some buffers\n`).join("") });
  const tokenizer = await bytes.make({ vocab: 257, special: ["<eos>"], sentinels: 0 }, (async function* () {})());
  const cache = temporaryFolder();
  const prepare = () => prepareTokens(fileSource({ files: ["x.txt"] }), tokenizer, { base, cache, sentences: true });
  for (const room of [100, 40_000, 200_000, 290_000]) {
    disk.room = room;
    expect(await problems(prepare)).toEqual([expect.stringMatching(/^PT8101 the disk is full/)]);
  }
  disk.room = Infinity;
  const { store } = await prepare();
  expect(tokenizer.decode(store.ids.slice(store.starts.at(2_999)!, store.starts.at(3_000)!))).toBe("line 2999 of a text that fills some buffers");
});
