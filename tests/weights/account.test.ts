// Patterns and accounting: the first matching line wins in both directions, and nothing is left over unnoticed.

import { describe, expect, test } from "vitest";
import { accountForExport, accountForImport, leavesOf } from "../../compiler/weights/account.ts";
import type { Ours, WeightsMap } from "../../compiler/weights/define.ts";
import { fillPattern, matchPattern } from "../../compiler/weights/pattern.ts";

const place = { file: "main.pt", text: "", span: { start: 0, end: 0 } };
const name = (pattern: string): Ours => ({ kind: "name", pattern });

function mapOf(lines: Readonly<Record<string, Ours>> | readonly (readonly [string, Ours])[]): WeightsMap {
  const entries = Array.isArray(lines) ? (lines as readonly (readonly [string, Ours])[]) : Object.entries(lines as Readonly<Record<string, Ours>>);
  return { name: "huggingface", modelType: "toy", architectures: {}, requires: {}, config: {}, tensors: entries.map(([theirs, ours]) => ({ theirs, ours, place })) };
}

const names = (...built: string[]) => ({ built: new Set(built), known: new Set(built) });

describe("patterns", () => {
  test("a hole is one segment without dots", () => {
    expect(matchPattern("h.{i}.ln.{t}", "h.12.ln.weight")).toEqual({ i: "12", t: "weight" });
    expect(matchPattern("h.{i}.ln.{t}", "h.1.2.ln.weight")).toBeNull();
    expect(matchPattern("h.{i}.ln.{t}", "h.12.ln.weight.x")).toBeNull();
    expect(matchPattern("h.{i}.ln", "h..ln")).toBeNull();
    expect(matchPattern("layer_{i}.w", "layer_3.w")).toEqual({ i: "3" });
  });

  test("everything else is literal, and a repeated hole is the same text", () => {
    expect(matchPattern("a.b", "axb")).toBeNull();
    expect(matchPattern("a+{x}", "a+1")).toEqual({ x: "1" });
    expect(matchPattern("{x}.to.{x}", "p.to.p")).toEqual({ x: "p" });
    expect(matchPattern("{x}.to.{x}", "p.to.q")).toBeNull();
  });

  test("filling needs every hole", () => {
    expect(fillPattern("layers.{i}.{t}", { i: "0", t: "bias" })).toBe("layers.0.bias");
    expect(fillPattern("layers.{i}.{t}", { i: "0" })).toBeNull();
  });
});

describe("import", () => {
  const map = mapOf({
    "attention.output.{t}": name("out.{t}"),
    "attention.{p}.{t}": name("{p}.{t}"),
    "old.bias": { kind: "off" },
    "qkv": { kind: "concat", parts: [name("q"), name("k")] },
  });

  test("the first line that matches and is built wins", () => {
    const { assignments, unmapped, missing } = accountForImport(map, ["attention.output.weight", "attention.query.weight", "old.bias"], names("out.weight", "query.weight"));
    expect(assignments).toEqual([
      { theirs: "attention.output.weight", ours: name("out.weight") },
      { theirs: "attention.query.weight", ours: name("query.weight") },
      { theirs: "old.bias", ours: { kind: "off" } },
    ]);
    expect([unmapped, missing]).toEqual([[], []]);
  });

  test("a line for tensors that are not built is skipped for the next", () => {
    const { assignments } = accountForImport(map, ["attention.output.weight"], names("output.weight"));
    expect(assignments).toEqual([{ theirs: "attention.output.weight", ours: name("output.weight") }]);
  });

  test("a joined tensor needs all its parts", () => {
    const { assignments, unmapped, missing } = accountForImport(map, ["qkv"], names("q"));
    expect([assignments, unmapped]).toEqual([[], ["qkv"]]);
    expect(missing).toEqual([{ ours: "q", theirs: null }]);
  });

  test("what is left over on either side is named", () => {
    const { unmapped, missing } = accountForImport(map, ["strange", "attention.query.weight"], names("query.weight", "query.bias"));
    expect(unmapped).toEqual(["strange"]);
    expect(missing).toEqual([{ ours: "query.bias", theirs: "attention.query.bias" }]);
  });

  test("tensors of heads that the class does not have are known, not used", () => {
    const heads = mapOf([["classifier.{t}", name("classify.{t}")], ["classifier.{t}", name("tag.{t}")]]);
    const known = new Set(["classify.weight", "tag.weight"]);
    expect(accountForImport(heads, ["classifier.weight"], { built: new Set(["tag.weight"]), known }).assignments).toEqual([{ theirs: "classifier.weight", ours: name("tag.weight") }]);
    const none = accountForImport(heads, ["classifier.weight"], { built: new Set(), known });
    expect([none.unused, none.unmapped]).toEqual([[{ theirs: "classifier.weight", ours: ["classify.weight"] }], []]);
  });

  test("a weight is given once", () => {
    const twice = mapOf({ a: name("w"), b: name("w") });
    expect(accountForImport(twice, ["a", "b"], names("w"))).toMatchObject({ assignments: [{ theirs: "a" }], unmapped: ["b"] });
  });

  test("the bare model's file lacks the first segment of most lines", () => {
    const prefixed = mapOf({ "transformer.wte": name("table"), "transformer.h.{i}.w": name("layers.{i}.w"), "score": name("head") });
    const bare = accountForImport(prefixed, ["wte", "h.0.w"], names("table", "layers.0.w"));
    expect(bare.assignments.map(({ theirs }) => theirs)).toEqual(["wte", "h.0.w"]);
    const whole = accountForImport(prefixed, ["transformer.wte", "h.0.w"], names("table", "layers.0.w"));
    expect(whole.unmapped).toEqual(["h.0.w"]);
  });
});

describe("export", () => {
  const map = mapOf({
    "attention.output.{t}": name("layers.{i}.output.{t}"),
    "l.{i}.qkv": { kind: "transposed", of: { kind: "concat", parts: [name("layers.{i}.q"), name("layers.{i}.k")] } },
    "l.{i}.{p}.w": name("layers.{i}.{p}"),
  });

  test("one tensor of theirs for all of ours that it holds", () => {
    const { assignments, unmapped } = accountForExport(map, new Set(["layers.1.k", "layers.1.q", "layers.1.v"]));
    expect(assignments.map(({ theirs, ours }) => [theirs, leavesOf(ours)])).toEqual([["l.1.qkv", ["layers.1.q", "layers.1.k"]], ["l.1.v.w", ["layers.1.v"]]]);
    expect(unmapped).toEqual([]);
  });

  test("a line whose name cannot be made, or whose other parts are not built, is skipped", () => {
    const { assignments, unmapped } = accountForExport(map, new Set(["layers.1.k", "layers.1.output.bias"]));
    expect(assignments.map(({ theirs }) => theirs)).toEqual(["l.1.k.w"]);
    expect(unmapped).toEqual(["layers.1.output.bias"]);
  });
});
