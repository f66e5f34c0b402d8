// Softmax cross-entropy of a product, a few rows of logits at a time, with its gradients in the same pass
// (compiler/ops/linear_cross_entropy_gradient.ts has the formulas). D width, V vocabulary.
#pragma once
#include "bfloat.h"
#include "pool.h"
#include "product.h"
#include "rows.h"

namespace {

struct Loss {
  const float *x, *weight;
  const int32_t* targets;
  const float *weights, *bias;
  float dloss;
  /** Without dx only the loss is computed; without dweight the weight is frozen. */
  float *loss, *dx, *dweight, *dbias;
  long rows, D, V;
};

/** Rows whose logits exist together: 16 MB of them. By sizes alone, so that sums are the same for any number of threads. */
inline long rows_together(const Loss& c) {
  const long fit = (1l << 22) / (c.V == 0 ? 1 : c.V) / most_rows_of_task * most_rows_of_task;
  const long most = fit < most_rows_of_task ? most_rows_of_task : fit;
  return c.rows < most ? c.rows : most;
}

inline size_t whole_lines(size_t bytes) { return (bytes + 63) / 64 * 64; }
inline size_t larger_of(size_t a, size_t b) { return a > b ? a : b; }

/** Losses of rows first … first + count − 1; their logits become dlogits. */
inline void losses_of(const Loss& c, float* logits, double* losses, long first, long count) {
  parallel((count + 7) / 8, [&](long task, int) {
    for (long i = task * 8; i < count && i < task * 8 + 8; i++) {
      float* row = logits + i * c.V;
      const float weight = c.weights[first + i];
      losses[first + i] = 0;
      if (weight == 0) {
        if (c.dx) memset(row, 0, 4 * c.V);
        continue;
      }
      const int32_t target = c.targets[first + i];
      const float log_sum = log_sum_of(row, c.V);
      losses[first + i] = (double)weight * ((double)log_sum - row[target]);
      if (!c.dx) continue;
      const float factor = c.dloss * weight;
      for (long j = 0; j < c.V; j += LANES) store_n(row + j, factor * exponential(load_n(row + j, c.V - j) - log_sum), c.V - j);
      row[target] -= factor;
    }
  });
}

template <class Way>
inline bool linear_cross_entropy(const Loss& c) {
  typedef typename Way::Unit Unit;
  const long together = rows_together(c);
  const bool slopes = c.dx != nullptr;
  const Blocks<Way> up(c.V, c.D), back(c.D, c.V), across(c.D, together);
  const Strided forward = {c.weight, 1, c.D}, backward = {c.weight, c.D, 1};
  const size_t losses_at = whole_lines(4 * together * c.V), up_at = losses_at + whole_lines(8 * c.rows);
  const size_t back_at = up_at + whole_lines(up.bytes()), across_at = back_at + (slopes ? whole_lines(back.bytes()) : 0);
  size_t own = larger_of(up.bytes_of_thread({c.x, c.D, 1}), 64);
  if (slopes) own = larger_of(own, larger_of(back.bytes_of_thread({c.x, c.V, 1}), across.bytes_of_thread({c.x, 1, c.V})));
  if (!pt_reserve(own, across_at + (slopes ? whole_lines(across.bytes()) : 0) + 64)) return false;
  char* area = pt_scratch_shared();
  float* logits = (float*)area;
  double* losses = (double*)(area + losses_at);
  Unit *up_packed = (Unit*)(area + up_at), *back_packed = (Unit*)(area + back_at), *across_packed = (Unit*)(area + across_at);
  up.pack(up_packed, forward, c.V);
  if (slopes) {
    back.pack(back_packed, backward, c.D);
    if (c.rows == 0) {
      if (c.dweight) memset(c.dweight, 0, 4 * c.V * c.D);
      if (c.dbias) memset(c.dbias, 0, 4 * c.V);
    }
  }
  for (long row = 0; row < c.rows; row += together) {
    const long count = c.rows - row < together ? c.rows - row : together;
    Finish finish = {};
    finish.bias = c.bias;
    multiply_packed<Way>({c.x + row * c.D, c.D, 1}, up_packed, logits, count, c.V, c.D, false, finish);
    losses_of(c, logits, losses, row, count);
    if (!slopes) continue;
    multiply_packed<Way>({logits, c.V, 1}, back_packed, c.dx + row * c.D, count, c.D, c.V, false, Finish{});
    if (c.dweight) {
      const Blocks<Way> part(c.D, count);
      part.pack(across_packed, {c.x + row * c.D, c.D, 1}, c.D);
      multiply_packed<Way>({logits, 1, c.V}, across_packed, c.dweight, c.V, c.D, count, row > 0, Finish{});
    }
    if (c.dbias) {
      parallel((c.V + 511) / 512, [&](long task, int) {
        const long first = task * 512, n = c.V - first < 512 ? c.V - first : 512;
        for (long j = first; j < first + n; j += LANES) {
          const long left = first + n - j;
          vf sum = row > 0 ? load_n(c.dbias + j, left) : vf{};
          for (long i = 0; i < count; i++) sum += load_n(logits + i * c.V + j, left);
          store_n(c.dbias + j, sum, left);
        }
      });
    }
  }
  double total = 0;
  for (long row = 0; row < c.rows; row++) total += losses[row];
  c.loss[0] = (float)total;
  return true;
}

}  // namespace
