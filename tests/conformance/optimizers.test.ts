// Every optimizer: the shape of its record, a valid update graph, and descent on a quadratic.

import { describe, expect, it } from "vitest";
import type { Arguments, OptimizerDefinition } from "../../compiler/optimizers/define.ts";
import { optimizers } from "../../compiler/optimizers/index.ts";
import { train } from "../optimizers/golden.ts";

const all: readonly (readonly [string, OptimizerDefinition])[] = Object.entries(optimizers);

/** Defaults as the resolver reads them: numbers, lists, `off`, words. */
function defaults(optimizer: OptimizerDefinition): Arguments {
  const read = (text: string) => (text === "off" || text === "on" ? text === "on" : /^[-\d[]/.test(text) ? JSON.parse(text) : text);
  return Object.fromEntries(Object.entries(optimizer.parameters).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, read(field.default)]])));
}

describe.each(all)("%s", (word, optimizer) => {
  it("has its word, a doc, and the common fields", () => {
    expect(optimizer.word).toBe(word);
    expect(optimizer.doc).toMatch(/\.$/);
    expect(Object.keys(optimizer.parameters)).toEqual(expect.arrayContaining(["lr", "clip", "decay"]));
    // What is neither required nor has a default says when it is there, and what happens without it.
    for (const field of Object.values(optimizer.parameters)) if (field.required !== true && field.default === undefined) expect(field.doc).toMatch(/unless given|not given/);
    expect(optimizer.problem?.({ ...defaults(optimizer), lr: 1e-3 }) ?? null).toBeNull();
  });

  it("goes down a quadratic", () => {
    let at = 3;
    const { trajectory } = train(optimizer, { ...defaults(optimizer), lr: 0.05 }, { w: [[at]] }, [{ w: [[at]] }], 0.05);
    expect(Math.abs(trajectory[0].w[0])).toBeLessThan(at);
    // The whole way, with the gradient of w²/2 at each step taken from the trajectory so far.
    const gradients: { w: number[][] }[] = [];
    for (let step = 0; step < 60; step++) {
      gradients.push({ w: [[at]] });
      at = train(optimizer, { ...defaults(optimizer), lr: 0.05 }, { w: [[3]] }, gradients, 0.05).trajectory[step].w[0];
    }
    expect(Math.abs(at)).toBeLessThan(1.5);
  });

  it("does not move when the rate is 0", () => {
    const { trajectory } = train(optimizer, defaults(optimizer), { w: [[1.5]] }, [{ w: [[2]] }, { w: [[-1]] }], 0);
    expect(trajectory.map((step) => step.w[0])).toEqual([1.5, 1.5]);
  });
});
