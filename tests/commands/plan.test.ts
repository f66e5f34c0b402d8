import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folderWith, pt } from "../harness/cli.ts";
import { smallSpec } from "../harness/small-spec.ts";

test("--json has the documented fields", async () => {
  const ran = await pt(["plan", "main.pt", "--json"], folderWith({ "main.pt": smallSpec }));
  expect(ran.code, ran.stderr).toBe(0);
  const { runs } = JSON.parse(ran.stdout);
  expect(runs.map((run: { name: string }) => run.name)).toEqual(["small", "wider"]);
  expect(runs[0]).toEqual({
    name: "small", kind: "pretrain", hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    parameters: { total: expect.any(Number), trainable: expect.any(Number) },
    flops: { forward_per_token: expect.any(Number), train_per_token: expect.any(Number), total: expect.any(Number) },
    memory: { weights: expect.any(Number), optimizer: expect.any(Number), activations: expect.any(Number), peak: expect.any(Number) },
    steps: 10, tokens: 640, lengths: { raw: 17, inputs: 16, targets: 16 }, epochs: null, batch: { examples: 4, micro: 4, pack: false },
  });
});

test("the human table says conversions and splits", async () => {
  const spec = smallSpec.replace("train: 10 steps", "train: 6_500 tokens\n  memory: 280 KB");
  const { stdout } = await pt(["plan", "main.pt", "small"], folderWith({ "main.pt": `${spec}hardware a100 { flops: 312T  memory: 80 GB  price: 2.5 }\n` }));
  expect(stdout).toContain("6.5 k tokens → 102 steps, 6.53 k tokens");
  expect(stdout).toMatch(/in \d micro-batches of \d/);
  expect(stdout).toContain("on a100");
});

test("a run that is not there, a limit that is too low, a plan's file", async () => {
  const folder = folderWith({ "main.pt": smallSpec, "low.pt": smallSpec.replace("train: 10 steps", "train: 10 steps\n  memory: 280 KB") });
  expect(await pt(["plan", "main.pt", "smal"], folder)).toMatchObject({ code: 1, codes: ["PT6102"] });
  expect((await pt(["plan", "low.pt"], folder)).codes).toContain("PT6101");
  await pt(["compile", "main.pt", "small", "--out", "plan.json"], folder);
  const [fromFile, fromPlan] = await Promise.all([pt(["plan", "main.pt", "small", "--json"], folder), pt(["plan", "plan.json", "--json"], folder)]);
  expect(JSON.parse(fromPlan.stdout)).toEqual(JSON.parse(fromFile.stdout));
});

test("--model counts, and points into a call that is wrong", async () => {
  const folder = folderWith({ "main.pt": smallSpec });
  expect(JSON.parse((await pt(["plan", "main.pt", "--json", "--model", "tiny", "--model", "tiny(layers: 3)"], folder)).stdout)).toEqual({
    models: [{ call: "tiny", parameters: { total: 4_624, trainable: 4_624 } }, { call: "tiny(layers: 3)", parameters: { total: 5_480, trainable: 5_480 } }],
  });
  const wrong = await pt(["plan", "main.pt", "--model", "tiny(layer: 3)"], folder);
  expect(wrong).toMatchObject({ code: 1, codes: ["PT3007"] });
  expect(wrong.stderr).toContain("did you mean `layers`?");
  expect((await pt(["plan", "main.pt", "--model", "tiny(("], folder)).code).toBe(1);
  expect((await pt(["plan", "main.pt", "--model", "novels"], folder)).codes).toEqual(["PT2015"]);
});

describe("published counts", () => {
  const table = fileURLToPath(new URL("../../../shared/reference/published-parameters.csv", import.meta.url));
  const specs = new Set(readdirSync(fileURLToPath(new URL("../../specs/", import.meta.url))));
  const rows = existsSync(table) ? [...readFileSync(table, "utf8").matchAll(/^(\w+),(?:"([^"]*)"|([^",]*)),(\d+),/gm)].map(([, spec, quoted, bare, count]) => ({ spec, call: quoted ?? bare, count: Number(count) })) : [];
  for (const { spec, call, count } of rows) {
    test.skipIf(!specs.has(`${spec}.pt`))(`${call}${specs.has(`${spec}.pt`) ? "" : ": the spec is not here yet"}`, async () => {
      const ran = await pt(["plan", `ptarmigan/${spec}.pt`, "--json", "--model", call], "/");
      expect(JSON.parse(ran.stdout), ran.stderr).toMatchObject({ models: [{ call, parameters: { total: count } }] });
    });
  }
});
