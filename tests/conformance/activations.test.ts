// Every activation: known values, derivative by finite difference, its TensorFlow.js form; gated words name one of them.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { describe, expect, test } from "vitest";
import type { ActivationDefinition, GatedAlias } from "../../compiler/activations/define.ts";
import { erf, erfc } from "../../compiler/activations/_erf.ts";
import { exp } from "../../compiler/activations/_exp.ts";
import { activations } from "../../compiler/activations/index.ts";
import { expectClose } from "../harness/allclose.ts";

const registry = activations as { readonly [word: string]: ActivationDefinition | GatedAlias };
const points = [-30, -8, -4, -2.5, -1, -0.3, -0.01, 0.01, 0.2, 0.9, 2, 3.7, 8, 30];

/** Values at 1 and −2 from the formulas, computed with Python's decimal and math. */
const known: { readonly [word: string]: readonly [number, number] } = {
  relu: [1, 0],
  squared_relu: [1, 0],
  gelu: [0.841344746068543, -0.0455002638963584],
  gelu_tanh: [0.841191990608277, -0.0454023059122250],
  quick_gelu: [0.845795765932821, -0.0643413768557919],
  silu: [0.731058578630005, -0.238405844044235],
  tanh: [0.761594155955765, -0.964027580075817],
};

for (const [word, activation] of Object.entries(registry)) {
  describe(word, () => {
    test("is described", () => {
      expect(activation.word).toBe(word);
      expect(activation.doc).toMatch(/\.$/);
    });
    if (activation.gated) {
      test("names an activation of one number", () => {
        expect(Object.hasOwn(registry, activation.of) && !registry[activation.of].gated).toBe(true);
      });
      return;
    }
    test("known values", () => {
      expectClose([activation.evaluate(1), activation.evaluate(-2)], known[word], 1e-13, word);
    });
    test("derivative", () => {
      for (const x of points) {
        const slope = (activation.evaluate(x + 1e-5) - activation.evaluate(x - 1e-5)) / 2e-5;
        expect(Math.abs(activation.derivative(x) - slope), `at ${x}`).toBeLessThan(1e-8 * Math.max(1, Math.abs(x)));
      }
    });
    test("finite far out", () => {
      for (const x of [-1e4, 1e4, -0, 0]) expect(Number.isFinite(activation.evaluate(x)) && Number.isFinite(activation.derivative(x)), String(x)).toBe(true);
    });
    test("TensorFlow.js", async () => {
      await tf.setBackend("cpu");
      tf.tidy(() => {
        const x = tf.tensor1d(points);
        expectClose(activation.lower(tf, x).dataSync(), points.map(Math.fround).map(activation.evaluate), 1e-5, word);
        expectClose(activation.lower_derivative(tf, x).dataSync(), points.map(Math.fround).map(activation.derivative), 1e-5, `${word}'`);
      });
    });
  });
}

test("erf and erfc to 15 digits", () => {
  const table: readonly (readonly [number, number, number])[] = [
    [0.1, 0.1124629160182849, 0.8875370839817152], [0.4, 0.42839235504666845, 0.5716076449533315], [0.5, 0.5204998778130465, 0.4795001221869535], [1, 0.8427007929497149, 0.15729920705028513],
    [2, 0.9953222650189527, 0.004677734981047265], [4.1, 0.9999999932999724, 6.700027654084918e-9], [6, 1, 2.1519736712498916e-17], [10, 1, 2.088487583762545e-45],
  ];
  for (const [x, y, z] of table) {
    expect(Math.abs(erf(x) / y - 1), `erf ${x}`).toBeLessThan(1e-15);
    expect(Math.abs(erfc(x) / z - 1), `erfc ${x}`).toBeLessThan(2e-14);
    expect(erf(-x)).toBe(-erf(x));
  }
});

test("exp is Math.exp to the last places, and its limits", () => {
  for (let x = -710; x < 710; x += 0.37) expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(Math.exp(x) * 4.5e-16);
  expect([exp(-Infinity), exp(0), exp(Infinity), exp(Number.NaN)]).toEqual([0, 1, Infinity, Number.NaN]);
});
