// `pt watch`: a page of its own on localhost, and curves as the files grow.

import { appendFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { page } from "../../runtime/watch/page.ts";
import { watcher, type Snapshot } from "../../runtime/watch/snapshot.ts";
import { folderWith, pt } from "../harness/cli.ts";

const metrics = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${JSON.stringify({ step: from + i + 1, loss: 5 - (from + i) / 1000 })}\n`).join("");
const files = {
  "runs/base-11111111/metrics.jsonl": metrics(0, 3) + `${JSON.stringify({ step: 3, evaluation: { loss: 4.5, bits_per_byte: 2 } })}\n`,
  "runs/base-11111111/plan.json": JSON.stringify({ horizon: { steps: 6 }, seeds: { run: 7 } }),
  "runs/base-22222222/metrics.jsonl": metrics(0, 1_000),
  "runs/sizes-33333333/ablation.json": JSON.stringify({ name: "sizes", jobs: [{ row: "wide", seed: 8, run: "base", folder: "../base-11111111" }, { row: "deep", seed: 8, run: "base", folder: "../base-44444444" }] }),
};

test("curves of a run, of an ablation and of a folder; what is added is read, what was cut off is forgotten", () => {
  const folder = folderWith(files);
  const run = join(folder, "runs/base-11111111");
  const { read } = watcher(run);
  expect(read()).toEqual({ title: "base-11111111", runs: [{ name: "base-11111111", group: "base-11111111", seed: 7, step: 3, steps: 6, curves: { loss: [[1, 5], [2, 4.999], [3, 4.998]], "held-out loss": [[3, 4.5]], "held-out bits per byte": [[3, 2]] } }] });
  appendFileSync(join(run, "metrics.jsonl"), '{"step":4,"loss":1}\n{"step":5,"lo');
  expect(read()!.runs[0].curves.loss.at(-1)).toEqual([4, 1]);
  appendFileSync(join(run, "metrics.jsonl"), 'ss":0.5}\n');
  expect(read()!.runs[0].curves.loss.at(-1)).toEqual([5, 0.5]);
  truncateSync(join(run, "metrics.jsonl"), metrics(0, 2).length);
  expect(read()!.runs[0]).toMatchObject({ step: 2, curves: { loss: [[1, 5], [2, 4.999]] } });
  expect(watcher(join(folder, "runs/sizes-33333333")).read()).toMatchObject({ title: "sizes", jobs: 2, runs: [{ group: "wide", seed: 8, step: 2 }] });
  const nested = { ...files, "runs/two-33333333/ablation.json": JSON.stringify({ name: "two", jobs: [{ row: "wide", seed: 8, run: "base", folder: "../base-11111111" }, { row: "wide", seed: 8, run: "spam", folder: "../base-22222222" }] }) };
  expect(watcher(join(folderWith(nested), "runs/two-33333333")).read()!.runs.map(({ curves }) => Object.keys(curves))).toEqual([["base: loss", "base: held-out loss", "base: held-out bits per byte"], ["spam: loss"]]);
  const all = watcher(join(folder, "runs")).read()!;
  expect(all.runs.map(({ name }) => name).sort()).toEqual(["base-11111111", "base-22222222"]);
  const long = all.runs.find(({ name }) => name === "base-22222222")!.curves.loss;
  expect([long.length, long.at(-1)![0]]).toEqual([334, 1_000]);
  expect(watcher(join(folder, "nowhere")).read()).toBe(null);
});

test("the page asks for nothing but its own events, and its script parses", () => {
  expect(page.match(/https?:\/\/(?!www\.w3\.org\/2000\/svg)[^"' ]+/g)).toBe(null);
  expect(page).not.toMatch(/<link|<img|src=|@import|url\(/);
  const script = /<script>([\s\S]*)<\/script>/.exec(page)![1];
  expect(() => new Function(script)).not.toThrow();
  // As in a window, whose names cannot be declared again.
  const window = createContext(Object.create(null));
  for (const name of ["top", "window", "location", "document"]) Object.defineProperty(window, name, { value: 0, configurable: false });
  expect(() => runInContext(script, window)).toThrow(/getElementById/);
});

test("served until it is interrupted: page, events when something changes, and no one else's host name", async () => {
  const folder = folderWith(files);
  const abort = new AbortController();
  let url = "";
  let ended: ReturnType<typeof pt> | undefined;
  await new Promise<void>((started) => {
    ended = pt(["watch", "runs/base-11111111", "--port", "0", "--json"], folder, { signal: abort.signal, stdout: { write: (text) => ((url = JSON.parse(text).url), started()) } });
  });
  expect(await (await fetch(url)).text()).toBe(page);
  expect((await fetch(`${url}other`)).status).toBe(404);
  const { body } = await fetch(`${url}events`);
  const reader = body!.getReader();
  const next = async (): Promise<Snapshot> => JSON.parse(Buffer.from((await reader.read()).value!).toString().replace(/^data: /, ""));
  expect((await next()).runs[0].step).toBe(3);
  appendFileSync(join(folder, "runs/base-11111111/metrics.jsonl"), '{"step":4,"loss":1}\n');
  expect((await next()).runs[0].step).toBe(4);
  const taken = await pt(["watch", "runs/base-11111111", "--port", new URL(url).port], folder);
  expect(taken.codes).toEqual(["PT8012"]);
  abort.abort();
  expect((await ended)!.code).toBe(0);
  expect((await pt(["watch", "nothing"], folder)).codes).toEqual(["PT8010"]);
});
