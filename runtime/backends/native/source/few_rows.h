// Products with few rows, as generation has them: z [M, N] = Σ_k x[m, k] w[n, k], where each w[n] lies in one piece. Packing w, as product.h
// does, would read and write it once more than all the work there is; here it is read once, where it lies, and each element is one dot product.
// Every element is summed in the same order whatever the tasks: results do not depend on threads.
#pragma once
#include "product.h"

namespace {

/** Rows of x, and of w, of a tile: their sums stay in registers. */
constexpr int few_x = 4, few_w = LANES == 16 ? 4 : 2;
constexpr long most_few_rows = 16;
/** Rows of w of a task. */
constexpr long few_rows_of_task = 32;

inline bool has_few_rows(Strided x, Strided y, long M, long K, bool add) { return M <= most_few_rows && K > 0 && x.column == 1 && y.row == 1 && !add; }

inline float sum_of_lanes(vf x) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += x[i];
  return sum;
}

/** R rows of x by C rows of w, rows `x_row` and `w_row` apart. */
template <int R, int C>
inline void dot_tile(const float* x, long x_row, const float* w, long w_row, long K, float* z, long N) {
  vf sum[R][C] = {};
  const auto step = [&](long k, long n) __attribute__((always_inline)) {
    vf left[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; r++) left[r] = load_n(x + r * x_row + k, n);
#pragma GCC unroll 4
    for (int c = 0; c < C; c++) {
      const vf right = load_n(w + c * w_row + k, n);
#pragma GCC unroll 4
      for (int r = 0; r < R; r++) sum[r][c] += left[r] * right;
    }
  };
  long k = 0;
  for (; k + LANES <= K; k += LANES) step(k, LANES);
  if (k < K) step(k, K - k);
  for (int r = 0; r < R; r++) for (int c = 0; c < C; c++) z[r * N + c] = sum_of_lanes(sum[r][c]);
}

/** All rows of x by C rows of w, which stay in the first cache. */
template <int C>
inline void dot_rows(Strided x, const float* w, long w_row, long M, long K, float* z, long N) {
  long m = 0;
  for (; m + few_x <= M; m += few_x) dot_tile<few_x, C>(x.at + m * x.row, x.row, w, w_row, K, z + m * N, N);
  for (; m < M; m++) dot_tile<1, C>(x.at + m * x.row, x.row, w, w_row, K, z + m * N, N);
}

inline void multiply_few_rows(Strided x, Strided y, float* z, long M, long N, long K, const Finish& finish) {
  parallel((N + few_rows_of_task - 1) / few_rows_of_task, [&](long task, int) {
    const long n0 = task * few_rows_of_task, end = n0 + few_rows_of_task < N ? n0 + few_rows_of_task : N;
    long n = n0;
    for (; n + few_w <= end; n += few_w) dot_rows<few_w>(x, y.at + n * y.column, y.column, M, K, z + n, N);
    for (; n < end; n++) dot_rows<1>(x, y.at + n * y.column, y.column, M, K, z + n, N);
    for (long m = 0; m < M; m++) finish_row(z + m * N + n0, m, n0, end - n0, N, finish);
  });
}

}  // namespace
