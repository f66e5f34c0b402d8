// Kernels over rows: norms and their gradients, softmax cross-entropy, embeddings, rotary positions.
#pragma once
#include "elementwise.h"
#include "pool.h"
#include "vector.h"

namespace {

constexpr long rows_of_block = 32;

/** y = (x − mean) deviation weight + bias; mean and deviation may be null. */
inline void layernorm(const float* x, const float* weight, const float* bias, float* y, float* means, float* deviations, long rows, long width, float eps) {
  parallel((rows + rows_of_block - 1) / rows_of_block, [&](long task, int) {
    const long last = rows < (task + 1) * rows_of_block ? rows : (task + 1) * rows_of_block;
    for (long row = task * rows_of_block; row < last; row++) {
      const float* from = x + row * width;
      float* to = y + row * width;
      vf sum = {};
      for (long j = 0; j < width; j += LANES) sum += load_n(from + j, width - j);
      const float mean = sum_of(sum) / (float)width;
      vf squares = {};
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        const vf centered = n >= LANES ? load(from + j) - mean : first_lanes(load_part(from + j, n) - mean, n, 0);
        squares += centered * centered;
      }
      const float deviation = 1.0f / __builtin_sqrtf(sum_of(squares) / (float)width + eps);
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        vf value = (load_n(from + j, n) - mean) * deviation * load_n(weight + j, n);
        if (bias) value += load_n(bias + j, n);
        store_n(to + j, value, n);
      }
      means[row] = mean;
      deviations[row] = deviation;
    }
  });
}

/** Partial sums of a block of rows, then of all: dweight and dbias lie beside each other, [2, width]. */
inline bool layernorm_gradient(const float* x, const float* weight, const float* means, const float* deviations, const float* dy, float* dx, float* dweight, float* dbias, long rows, long width) {
  const long blocks = (rows + rows_of_block - 1) / rows_of_block;
  const long pitch = (width + LANES - 1) / LANES * LANES;
  if (!pt_reserve(0, 4 * 2 * (blocks + 1) * pitch + 64)) return false;
  float* parts = (float*)pt_scratch_shared();
  parallel(blocks, [&](long block, int) {
    float* weights = parts + block * pitch;
    float* biases = parts + (blocks + block) * pitch;
    memset(weights, 0, 4 * pitch);
    memset(biases, 0, 4 * pitch);
    const long last = rows < (block + 1) * rows_of_block ? rows : (block + 1) * rows_of_block;
    for (long row = block * rows_of_block; row < last; row++) {
      const float *from = x + row * width, *d = dy + row * width;
      const float mean = means[row], deviation = deviations[row];
      vf sum = {}, product = {};
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        const vf normal = n >= LANES ? (load(from + j) - mean) * deviation : first_lanes((load_part(from + j, n) - mean) * deviation, n, 0);
        const vf slope = load_n(d + j, n);
        const vf g = slope * load_n(weight + j, n);
        sum += g;
        product += g * normal;
        store(weights + j, load(weights + j) + slope * normal);
        store(biases + j, load(biases + j) + slope);
      }
      const float a = sum_of(sum) / (float)width, b = sum_of(product) / (float)width;
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        store_n(dx + row * width + j, deviation * (load_n(d + j, n) * load_n(weight + j, n) - a - (load_n(from + j, n) - mean) * deviation * b), n);
      }
    }
  });
  const auto finish = [&](const float* from, float* to) {
    for (long j = 0; j < width; j += LANES) {
      vf sum = {};
      for (long block = 0; block < blocks; block++) sum += load(from + block * pitch + j);
      store_n(to + j, sum, width - j);
    }
  };
  finish(parts, dweight);
  finish(parts + blocks * pitch, dbias);
  return true;
}

inline void rmsnorm(const float* x, const float* weight, float* y, float* deviations, long rows, long width, float eps, float offset) {
  parallel((rows + rows_of_block - 1) / rows_of_block, [&](long task, int) {
    const long last = rows < (task + 1) * rows_of_block ? rows : (task + 1) * rows_of_block;
    for (long row = task * rows_of_block; row < last; row++) {
      const float* from = x + row * width;
      vf squares = {};
      for (long j = 0; j < width; j += LANES) {
        const vf value = load_n(from + j, width - j);
        squares += value * value;
      }
      const float deviation = 1.0f / __builtin_sqrtf(sum_of(squares) / (float)width + eps);
      for (long j = 0; j < width; j += LANES) store_n(y + row * width + j, load_n(from + j, width - j) * deviation * (load_n(weight + j, width - j) + offset), width - j);
      deviations[row] = deviation;
    }
  });
}

inline bool rmsnorm_gradient(const float* x, const float* weight, const float* deviations, const float* dy, float* dx, float* dweight, long rows, long width, float offset) {
  const long blocks = (rows + rows_of_block - 1) / rows_of_block;
  const long pitch = (width + LANES - 1) / LANES * LANES;
  if (!pt_reserve(0, 4 * (blocks + 1) * pitch + 64)) return false;
  float* parts = (float*)pt_scratch_shared();
  parallel(blocks, [&](long block, int) {
    float* weights = parts + block * pitch;
    memset(weights, 0, 4 * pitch);
    const long last = rows < (block + 1) * rows_of_block ? rows : (block + 1) * rows_of_block;
    for (long row = block * rows_of_block; row < last; row++) {
      const float *from = x + row * width, *d = dy + row * width;
      const float deviation = deviations[row];
      vf product = {};
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        const vf slope = load_n(d + j, n) * load_n(from + j, n) * deviation;
        product += slope * (load_n(weight + j, n) + offset);
        store(weights + j, load(weights + j) + slope);
      }
      const float mean = sum_of(product) * deviation / (float)width;
      for (long j = 0; j < width; j += LANES) {
        const long n = width - j;
        store_n(dx + row * width + j, deviation * (load_n(d + j, n) * (load_n(weight + j, n) + offset) - load_n(from + j, n) * mean), n);
      }
    }
  });
  for (long j = 0; j < width; j += LANES) {
    vf sum = {};
    for (long block = 0; block < blocks; block++) sum += load(parts + block * pitch + j);
    store_n(dweight + j, sum, width - j);
  }
  return true;
}

/** log Σ e^x of a row. */
inline float log_sum_of(const float* x, long width) {
  vf most = all(-__builtin_inff());
  for (long j = 0; j < width; j += LANES) most = larger(width - j >= LANES ? load(x + j) : first_lanes(load_part(x + j, width - j), width - j, -__builtin_inff()), most);
  const float largest = largest_of(most);
  const double sum = sum_in_double(0, width, [&](long j, long n) {
    return n >= LANES ? exponential(load(x + j) - largest) : first_lanes(exponential(load_part(x + j, n) - largest), n, 0);
  });
  return largest + (float)__builtin_log(sum);
}

inline bool cross_entropy(const float* logits, const int32_t* targets, const float* weights, float* loss, float* log_sums, long rows, long width) {
  if (!pt_reserve(0, 8 * rows + 64)) return false;
  double* losses = (double*)pt_scratch_shared();
  parallel((rows + 7) / 8, [&](long task, int) {
    for (long row = task * 8; row < rows && row < task * 8 + 8; row++) {
      losses[row] = 0;
      log_sums[row] = 0;
      if (weights[row] == 0) continue;
      log_sums[row] = log_sum_of(logits + row * width, width);
      losses[row] = (double)weights[row] * ((double)log_sums[row] - logits[row * width + targets[row]]);
    }
  });
  double total = 0;
  for (long row = 0; row < rows; row++) total += losses[row];
  loss[0] = (float)total;
  return true;
}

inline void cross_entropy_gradient(const float* logits, const int32_t* targets, const float* weights, const float* log_sums, float dloss, float* dlogits, long rows, long width) {
  parallel((rows + 7) / 8, [&](long task, int) {
    for (long row = task * 8; row < rows && row < task * 8 + 8; row++) {
      float* to = dlogits + row * width;
      if (weights[row] == 0) {
        memset(to, 0, 4 * width);
        continue;
      }
      const float factor = dloss * weights[row], shift = log_sums[row];
      for (long j = 0; j < width; j += LANES) store_n(to + j, factor * exponential(load_n(logits + row * width + j, width - j) - shift), width - j);
      to[targets[row]] -= factor;
    }
  });
}

/** False when an id is not a row of the table. */
inline bool embedding(const float* table, const int32_t* ids, float* y, long count, long rows, long width) {
  for (long i = 0; i < count; i++) if (ids[i] < 0 || ids[i] >= rows) return false;
  parallel((count + 63) / 64, [&](long task, int) {
    for (long i = task * 64; i < count && i < task * 64 + 64; i++) memcpy(y + i * width, table + ids[i] * width, 4 * width);
  });
  return true;
}

/** Strips of columns, so that rows that repeat are summed in one order. */
inline bool embedding_gradient(const int32_t* ids, const float* dy, float* dtable, long count, long rows, long width, long padding) {
  for (long i = 0; i < count; i++) if (ids[i] != padding && (ids[i] < 0 || ids[i] >= rows)) return false;
  chunks(rows * width, [&](long from, long to) { memset(dtable + from, 0, 4 * (to - from)); });
  parallel((width + 127) / 128, [&](long task, int) {
    const long from = task * 128, to = width < from + 128 ? width : from + 128;
    for (long i = 0; i < count; i++) {
      if (ids[i] == padding) continue;
      float* row = dtable + ids[i] * width;
      for (long j = from; j < to; j += LANES) store_n(row + j, load_n(row + j, to - j) + load_n(dy + i * width + j, to - j), to - j);
    }
  });
  return true;
}

/** cos and sin [positions, half] are given: angles in float32 would be too coarse. slot[b * T + t] is a row of them. */
inline void rope(const float* x, const int32_t* slot, const float* cos, const float* sin, float* y, long rows, long heads, long half) {
  parallel((rows + 31) / 32, [&](long task, int) {
    for (long row = task * 32; row < rows && row < task * 32 + 32; row++) {
      const float *c = cos + slot[row] * half, *s = sin + slot[row] * half;
      for (long h = 0; h < heads; h++) {
        const float* from = x + (row * heads + h) * 2 * half;
        float* to = y + (row * heads + h) * 2 * half;
        for (long i = 0; i < half; i += LANES) {
          const long n = half - i;
          const vf a = load_n(from + i, n), b = load_n(from + half + i, n), cs = load_n(c + i, n), sn = load_n(s + i, n);
          store_n(to + i, a * cs - b * sn, n);
          store_n(to + half + i, b * cs + a * sn, n);
        }
      }
    }
  });
}

}  // namespace
