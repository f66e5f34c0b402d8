// A program that knows only TensorFlow.js runs on the native backend, and what it leaves alive is what it says.

import { expect, test } from "vitest";
import { loadBinding } from "../../../runtime/backends/native/_binding.ts";
import { native } from "../../../runtime/backends/native/native.ts";

const found = loadBinding();

test.skipIf(typeof found === "string")(`tf.* on native${typeof found === "string" ? ` (skipped: ${found})` : ""}`, async () => {
  const { tf } = await native.load();
  const values = async (backend: string): Promise<number[][]> => {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const results = tf.tidy(() => {
      const x = tf.tensor(Float32Array.from({ length: 2 * 7 * 5 }, (_, i) => Math.sin(i)), [2, 7, 5]);
      const y = tf.tensor(Float32Array.from({ length: 2 * 3 * 5 }, (_, i) => Math.cos(i)), [2, 3, 5]);
      const loss = tf.sum(tf.square(tf.softmax(tf.matMul(x, y, false, true))));
      const repeated = tf.matMul(x, tf.slice(y, [0, 0, 0], [1, 3, 5]), false, true);
      return [tf.matMul(x, y, false, true), tf.matMul(x, x, true, false), repeated, loss, tf.cumsum(x, 1)];
    });
    const data = await Promise.all(results.map(async (tensor) => [...(await tensor.data())]));
    tf.dispose(results);
    expect(tf.memory().numTensors).toBe(before);
    return data;
  };
  const [own, plain] = [await values("native"), await values("cpu")];
  own.forEach((list, k) => list.forEach((value, i) => expect(value, `result ${k}[${i}]`).toBeCloseTo(plain[k][i], 5)));
});
