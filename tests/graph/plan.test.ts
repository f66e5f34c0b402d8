// Canonical JSON, the seal, reading and migrating plans.

import { nextTokens } from "../objectives/plans.ts";
import { describe, expect, it } from "vitest";
import { canonical } from "../../compiler/plan/canonical.ts";
import { hashOf, readPlan, sealPlan, verifyPlan } from "../../compiler/plan/hash.ts";
import { migratePlan } from "../../compiler/plan/migrate.ts";
import type { Plan } from "../../compiler/plan/schema.ts";
import { smallestPlan, smallestPlanHash } from "../../grammar/diagnostics/_plan.ts";
import type { Example } from "../../grammar/diagnostics/define.ts";
import { notAPlan } from "../../grammar/diagnostics/PT6001-not-a-plan.ts";
import { planEdited } from "../../grammar/diagnostics/PT6002-plan-edited.ts";
import { planTooNew } from "../../grammar/diagnostics/PT6003-plan-too-new.ts";
import { build } from "./values.ts";

const smallest = (): Plan => JSON.parse(smallestPlan(smallestPlanHash)) as Plan;
const codeOf = async (json: unknown): Promise<string> => {
  const result = await verifyPlan(json, "plan.json");
  return "plan" in result ? "plan" : `${result.diagnostic.code} ${result.diagnostic.message}`;
};

describe("canonical", () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [true, null, "é\n\u2028"], A: {} }, `{"A":{},"a":[true,null,"é\\n\u2028"],"b":1}`],
    [[0.1, 1e21, 1e-7, 123456789012, 5e-324, 100], "[0.1,1e+21,1e-7,123456789012,5e-324,100]"],
    [[-0, { x: -0 }], `[0,{"x":0}]`],
    [{ here: 1, gone: undefined }, `{"here":1}`],
    [{ "\ud800": "\ud800", "10": 1, "9": 2 }, `{"10":1,"9":2,"\\ud800":"\\ud800"}`],
  ])("%j", (value, text) => expect(canonical(value)).toBe(text));

  it.each<[unknown, string]>([
    [{ a: [1, { b: Number.NaN }] }, "a[1].b is NaN"],
    [[Number.POSITIVE_INFINITY], "[0] is Infinity"],
    [{ a: () => 1 }, "a is function"],
    [[undefined], "[0] is undefined"],
  ])("refuses %o", (value, problem) => expect(() => canonical(value)).toThrow(problem));

  it("is stable when parsed and written again", () => {
    const text = smallestPlan(smallestPlanHash);
    expect(canonical(JSON.parse(text))).toBe(text);
  });
});

describe("seal", () => {
  it("does not depend on the order of fields, nor on an old hash", () => {
    const plan = smallest();
    expect(hashOf(plan)).toBe(smallestPlanHash);
    expect(hashOf(Object.fromEntries(Object.entries(plan).reverse()))).toBe(smallestPlanHash);
    expect(sealPlan({ ...plan, hash: "0" } as Plan).hash).toBe(smallestPlanHash);
    expect(sealPlan({ ...plan, name: "other" }).hash).not.toBe(smallestPlanHash);
  });

  it("reads what it sealed", async () => {
    const graph = build((b) => b.output("y", b.square(b.input("x", { shape: [2], dtype: "float32" }))));
    const plan = sealPlan({ ...smallest(), graphs: { ...smallest().graphs, train: graph } });
    expect(await readPlan(canonical(plan), "plan.json")).toEqual({ plan });
  });
});

describe("reading a plan", () => {
  it.each<[string, (plan: Plan) => unknown, string]>([
    ["a list", () => [], "PT6001 `plan.json` is not a plan: it is not a JSON object"],
    ["no format", (plan) => ({ ...plan, format: undefined }), "PT6001 `plan.json` is not a plan: `format` is not the number of a plan format"],
    ["no hash", (plan) => ({ ...plan, hash: undefined }), "PT6001 `plan.json` is not a plan: `hash` is missing"],
    ["a missing field", (plan) => ({ ...plan, guard: undefined }), "PT6001 `plan.json` is not a plan: the plan has no field `guard`"],
    ["an unknown field", (plan) => ({ ...plan, batch: { ...plan.batch, size: 2 } }), "PT6001 `plan.json` is not a plan: `batch` has an unknown field `size`"],
    ["a wrong word", (plan) => ({ ...plan, guard: "hope" }), "PT6001 `plan.json` is not a plan: `guard` must be one of stop, skip, rollback"],
    ["a wrong type", (plan) => ({ ...plan, seeds: { run: "1", data: 0 } }), "PT6001 `plan.json` is not a plan: `seeds.run` must be integer"],
    ["a newer format", (plan) => ({ ...plan, format: 5 }), "PT6003 the plan has format 5; this program reads up to format 4"],
    ["an edited plan", (plan) => ({ ...plan, name: "large" }), "PT6002 the hash in `plan.json` does not match its content: the plan was edited"],
    ["a broken graph", (plan) => sealPlan({ ...plan, graphs: { ...plan.graphs, train: { ...plan.graphs.train, outputs: { loss: 0 } } } }), "PT6001 `plan.json` is not a plan: graph `train`: output `loss`: %0 is never defined"],
  ])("refuses %s", async (_, change, message) => expect(await codeOf(JSON.parse(JSON.stringify(change(smallest()))))).toBe(message));

  it("refuses text that is not JSON", async () => {
    expect(await readPlan("{", "plan.json")).toMatchObject({ diagnostic: { code: "PT6001", file: "plan.json", start: { line: 1, column: 1, offset: 0 } } });
  });

  it("renews the hash of an edited plan when asked", async () => {
    const edited = { ...smallest(), name: "large" };
    const result = await verifyPlan(edited, "plan.json", { reseal: true });
    expect("plan" in result && result.plan).toEqual(sealPlan(edited));
  });

  it("refuses the failing examples with their codes", async () => {
    for (const record of [notAPlan, planEdited, planTooNew]) {
      const text = (record.failing as Example).files["plan.json"];
      expect(await readPlan(text, "plan.json")).toMatchObject({ diagnostic: { code: record.code } });
    }
    const fixed = await readPlan((planEdited.fixed as Example).files["plan.json"], "plan.json", { reseal: true });
    expect("plan" in fixed).toBe(true);
  });
});

describe("migrations", () => {
  const table = { 1: (plan: object) => ({ ...plan, lr: 1 }), 2: ({ lr, ...plan }: { lr?: unknown }) => ({ ...plan, rate: lr }) };

  it("take an older plan step by step", () => {
    expect(migratePlan({ format: 1, name: "a" }, table, 3)).toEqual({ format: 3, name: "a", rate: 1 });
    expect(migratePlan({ format: 2, name: "a", lr: 5 }, table, 3)).toEqual({ format: 3, name: "a", rate: 5 });
  });

  it("leave a current plan alone", () => {
    const plan = { format: 4, name: "a" };
    expect(migratePlan(plan)).toBe(plan);
  });

  it("give a plan of format 1 its objective, and its fields the name of their head", () => {
    const graph = { values: [], nodes: [], inputs: { tokens: 0, targets: 1, weights: 2, count: 3 }, outputs: { loss_sum: 4 } };
    const plan = migratePlan({ format: 1, lengths: { raw: 9, inputs: 8, targets: 8 }, objective: { word: "causal_lm", arguments: {} }, graphs: { evaluate: graph, decode: null } });
    expect(plan).toMatchObject({ format: 4, adapt: null, teachers: [], objective: nextTokens(8), graphs: { decode: null } });
    expect((plan.graphs as { evaluate: typeof graph }).evaluate).toEqual({ ...graph, inputs: { tokens: 0, "lm.targets": 1, "lm.weights": 2, "lm.count": 3 }, outputs: { "sum:lm": 4 } });
  });

  it("give a plan of format 2 the kind of its sources", () => {
    const old = { files: ["a.txt"], format: "text", split: null, part: null };
    const source = { kind: "files", ...old, columns: {}, text: "text", clean: [], malformed: 0 };
    const plan = migratePlan({ format: 2, data: old, evaluation: { every: 1, data: old, metrics: [] }, tokenizer: { kind: null, trained_on: old } });
    expect(plan).toMatchObject({ format: 4, data: source, evaluation: { every: 1, data: source, metrics: [] }, tokenizer: { kind: null, trained_on: source } });
  });

  it("give a plan of format 3 its entries without tasks, and its metrics arguments", () => {
    const plan = migratePlan({ format: 3, graphs: { train: null }, objective: { entries: [{ name: "masked" }], streams: { inputs: { prefix: "" } } }, evaluation: { every: 1, metrics: ["loss"] } });
    expect(plan).toMatchObject({ format: 4, adapt: null, graphs: { statistics: null, train: null }, objective: { entries: [{ task: null, name: "masked" }], streams: { images: null } }, evaluation: { every: 1, metrics: [{ word: "loss", arguments: {} }] } });
  });

  it("throw when a step is missing", () => expect(() => migratePlan({ format: 4 }, table, 5)).toThrow("no migration from plan format 4"));
});
