// Row-major matrix products on typed arrays, by rows that are contiguous in both operands.
// M, K, N: z [M, N] = Σ over K.

import type { Data } from "./define.ts";

/** z = x y, with x [M, K] and y [K, N]. */
export function multiplyPlain(z: Data, x: Data, y: Data, M: number, K: number, N: number): void {
  const row = new Float64Array(N);
  for (let i = 0; i < M; i++) {
    row.fill(0);
    const xi = i * K;
    let k = 0;
    for (; k + 3 < K; k += 4) {
      const a = x[xi + k];
      const b = x[xi + k + 1];
      const c = x[xi + k + 2];
      const d = x[xi + k + 3];
      const y0 = k * N;
      const y1 = y0 + N;
      const y2 = y1 + N;
      const y3 = y2 + N;
      for (let j = 0; j < N; j++) row[j] += a * y[y0 + j] + b * y[y1 + j] + c * y[y2 + j] + d * y[y3 + j];
    }
    for (; k < K; k++) {
      const a = x[xi + k];
      const y0 = k * N;
      for (let j = 0; j < N; j++) row[j] += a * y[y0 + j];
    }
    z.set(row, i * N);
  }
}

/** z = x yᵀ, with x [M, K] and y [N, K]: four columns of z at a time. */
export function multiplyTransposed(z: Data, x: Data, y: Data, M: number, K: number, N: number): void {
  for (let i = 0; i < M; i++) {
    const xi = i * K;
    let j = 0;
    for (; j + 3 < N; j += 4) {
      const y0 = j * K;
      const y1 = y0 + K;
      const y2 = y1 + K;
      const y3 = y2 + K;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < K; k++) {
        const a = x[xi + k];
        s0 += a * y[y0 + k];
        s1 += a * y[y1 + k];
        s2 += a * y[y2 + k];
        s3 += a * y[y3 + k];
      }
      const at = i * N + j;
      z[at] = s0;
      z[at + 1] = s1;
      z[at + 2] = s2;
      z[at + 3] = s3;
    }
    for (; j < N; j++) {
      const y0 = j * K;
      let sum = 0;
      for (let k = 0; k < K; k++) sum += x[xi + k] * y[y0 + k];
      z[i * N + j] = sum;
    }
  }
}

/** xᵀ [columns, rows] of x [rows, columns], in a new array of x's type. */
export function transposed(x: Data, rows: number, columns: number): Data {
  const result = new (x.constructor as Float32ArrayConstructor)(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = x[i * columns + j];
  }
  return result;
}
