// Elementwise kernels: activations with their derivatives, arithmetic with a repeated operand, sums, the optimizer's update.
#pragma once
#include "pool.h"
#include "product.h"
#include "vector.h"

namespace {

/** Codes of activations; kernels.ts has the same. */
enum Activation { none, relu, gelu, gelu_tanh, silu, quick_gelu, tanh_of, squared_relu };

/** f(x), and f'(x) into slope. */
template <int A>
inline vf activation_of(vf x, vf& slope) {
  if constexpr (A == relu) {
    slope = x > 0 ? all(1) : vf{};
    return x < 0 ? vf{} : x;
  } else if constexpr (A == squared_relu) {
    const vf y = x < 0 ? vf{} : x;
    slope = y + y;
    return y * y;
  } else if constexpr (A == gelu) {
    const vf power = exponential(-0.5f * x * x);
    const vf half = 0.5f * complementary_error((x < 0 ? -x : x) * 0.70710678118654752f, power);
    const vf phi = x < 0 ? half : 1.0f - half;
    slope = phi + x * power * 0.3989422804014327f;
    return x * phi;
  } else if constexpr (A == gelu_tanh) {
    const float c = 2 * 0.7978845608028654f;
    const vf xx = x * x;
    const vf s = sigmoid(c * x * (1.0f + 0.044715f * xx));
    const vf y = x * s;
    slope = s + y * (1.0f - s) * (c + c * 0.134145f * xx);
    return y;
  } else if constexpr (A == silu) {
    const vf s = sigmoid(x);
    const vf y = x * s;
    slope = s + y * (1.0f - s);
    return y;
  } else if constexpr (A == quick_gelu) {
    const vf s = sigmoid(1.702f * x);
    const vf y = x * s;
    slope = s + 1.702f * y * (1.0f - s);
    return y;
  } else {
    const vf y = hyperbolic_tangent(x);
    slope = 1.0f - y * y;
    return y;
  }
}

/** Calls f with the activation's code as a type. */
template <int A>
struct Code {
  static constexpr int value = A;
};
template <class F>
inline void with_activation(int code, F&& f) {
  switch (code) {
    case relu: return f(Code<relu>());
    case gelu: return f(Code<gelu>());
    case gelu_tanh: return f(Code<gelu_tanh>());
    case silu: return f(Code<silu>());
    case quick_gelu: return f(Code<quick_gelu>());
    case squared_relu: return f(Code<squared_relu>());
    default: return f(Code<tanh_of>());
  }
}

template <class F>
inline void finish_with(float* z, long at, long n0, long n, const Finish& finish, F&& last) {
  for (long j = 0; j < n; j += LANES) {
    const long left = n - j;
    vf value = load_n(z + j, left);
    if (finish.bias) value += load_n(finish.bias + n0 + j, left);
    if (finish.addend) value += load_n(finish.addend + at + j, left);
    if (finish.factor) value *= load_n(finish.factor + at + j, left);
    store_n(z + j, last(value, j, left), left);
  }
}

inline void finish_row(float* z, long m, long n0, long n, long N, const Finish& finish) {
  const long at = m * N + n0;
  if (finish.activation) {
    with_activation(finish.activation, [&](auto code) {
      finish_with(z, at, n0, n, finish, [&](vf value, long j, long left) {
        vf slope;
        const vf y = activation_of<decltype(code)::value>(value, slope);
        if (finish.slope) store_n(finish.slope + at + j, slope, left);
        return y;
      });
    });
  } else if (finish.second) {
    // By itself: the others are asked for at every vector.
    for (long j = 0; j < n; j += LANES) {
      const vf value = load_n(z + j, n - j);
      store_n(finish.second + at + j, value * load_n(finish.other + at + j, n - j), n - j);
      store_n(z + j, value * load_n(finish.factor + at + j, n - j), n - j);
    }
  } else if (finish.bias || finish.addend || finish.factor) {
    finish_with(z, at, n0, n, finish, [](vf value, long, long) { return value; });
  }
}

constexpr long chunk = 16384;

/** f(from, to) for chunks of 0 … size − 1; small sizes on the calling thread alone. */
template <class F>
inline void chunks(long size, F&& f) {
  parallel((size + chunk - 1) / chunk, [&](long task, int) { f(task * chunk, size - task * chunk < chunk ? size : (task + 1) * chunk); });
}

template <class F>
inline void map_one(const float* x, float* y, long size, F&& f) {
  chunks(size, [&](long from, long to) {
    long i = from;
    for (; i + LANES <= to; i += LANES) store(y + i, f(load(x + i)));
    if (i < to) store_part(y + i, f(load_part(x + i, to - i)), to - i);
  });
}

template <class F>
inline void map_two(const float* x, const float* y, float* z, long size, F&& f) {
  chunks(size, [&](long from, long to) {
    long i = from;
    for (; i + LANES <= to; i += LANES) store(z + i, f(load(x + i), load(y + i)));
    if (i < to) store_part(z + i, f(load_part(x + i, to - i), load_part(y + i, to - i)), to - i);
  });
}

/** y [part] is repeated over x [rows, part]. */
template <class F>
inline void map_repeated(const float* x, const float* y, float* z, long rows, long part, F&& f) {
  if (rows == 1) return map_two(x, y, z, part, f);
  if (part == 1) {
    const vf b = all(y[0]);
    return map_one(x, z, rows, [&](vf a) { return f(a, b); });
  }
  const long block = part >= chunk ? 1 : chunk / part;
  parallel((rows + block - 1) / block, [&](long task, int) {
    const long last = rows < (task + 1) * block ? rows : (task + 1) * block;
    for (long row = task * block; row < last; row++) {
      const float* a = x + row * part;
      float* c = z + row * part;
      long j = 0;
      for (; j + LANES <= part; j += LANES) store(c + j, f(load(a + j), load(y + j)));
      if (j < part) store_part(c + j, f(load_part(a + j, part - j), load_part(y + j, part - j)), part - j);
    }
  });
}

/** Σ of x[i] f over 0 … size − 1 in float64: f gives the vector to sum from position i. */
template <class F>
inline double sum_in_double(long from, long to, F&& f) {
  double total = 0;
  for (long block = from; block < to; block += 32 * LANES) {
    const long end = block + 32 * LANES < to ? block + 32 * LANES : to;
    vf sum = {};
    for (long i = block; i < end; i += LANES) sum += f(i, end - i);
    total += sum_of(sum);
  }
  return total;
}

/** Tensors that one call is for: rows of `columns` numbers, the first of them a tensor's size. */
struct Table {
  const double* rows;
  long count, columns;
  const double* row(long i) const { return rows + i * columns; }
};

inline long chunks_of(long size) { return (size + chunk - 1) / chunk; }

/** f(row, from, to, task) for chunks of all tensors, the tasks numbered through; room for `bytes_of_chunk` of each lies at `parts`. */
template <class F>
inline bool table_chunks(const Table& table, long bytes_of_chunk, char*& parts, F&& f) {
  long total = 0;
  for (long i = 0; i < table.count; i++) total += chunks_of((long)*table.row(i));
  if (!pt_reserve(0, 8 * table.count + total * bytes_of_chunk + 64)) return false;
  long* ends = (long*)pt_scratch_shared();
  parts = (char*)(ends + table.count);
  for (long i = 0, end = 0; i < table.count; i++) ends[i] = end += chunks_of((long)*table.row(i));
  parallel(total, [&](long task, int) {
    long low = 0, high = table.count - 1;
    while (low < high) {
      const long middle = (low + high) / 2;
      if (ends[middle] > task) high = middle;
      else low = middle + 1;
    }
    const long size = (long)*table.row(low), from = (task - (low == 0 ? 0 : ends[low - 1])) * chunk;
    f(table.row(low), from, size - from < chunk ? size : from + chunk, task);
  });
  return true;
}

/** y[0] = Σ x² of each tensor, in float64: chunks, then these in order. Rows: size, x, y. */
inline bool sums_of_squares(const Table& table) {
  char* parts;
  const auto floats = [](double address) { return (float*)(uintptr_t)address; };
  const bool enough = table_chunks(table, 8, parts, [&](const double* row, long from, long to, long task) {
    const float* x = floats(row[1]);
    ((double*)parts)[task] = sum_in_double(from, to, [&](long i, long n) {
      const vf v = load_n(x + i, n);
      return v * v;
    });
  });
  if (!enough) return false;
  const double* part = (const double*)parts;
  for (long i = 0; i < table.count; i++) {
    double total = 0;
    for (const double* end = part + chunks_of((long)*table.row(i)); part < end; part++) total += *part;
    *floats(table.row(i)[2]) = (float)total;
  }
  return true;
}

constexpr long rows_of_sum = 64;

/** y[j] = Σ over parts[p * width + j], in the order of the parts. */
inline void add_parts(const float* parts, float* y, long count, long width) {
  parallel((width + 1023) / 1024, [&](long task, int) {
    const long to = width < (task + 1) * 1024 ? width : (task + 1) * 1024;
    for (long j = task * 1024; j < to; j += LANES) {
      const long n = to - j;
      vf sum = {};
      for (long p = 0; p < count; p++) sum += load_n(parts + p * width + j, n);
      store_n(y + j, sum, n);
    }
  });
}

/** y [width] = Σ over rows of x [rows, width]: blocks of 64 rows, then the blocks, which keeps rounding small. */
inline bool sum_rows(const float* x, float* y, long rows, long width) {
  const long blocks = (rows + rows_of_sum - 1) / rows_of_sum;
  if (!pt_reserve(0, 4 * blocks * width + 64)) return false;
  float* parts = (float*)pt_scratch_shared();
  const long strips = (width + 511) / 512;
  parallel(blocks * strips, [&](long task, int) {
    const long block = task / strips, from = task % strips * 512;
    const long to = width < from + 512 ? width : from + 512;
    const long last = rows < (block + 1) * rows_of_sum ? rows : (block + 1) * rows_of_sum;
    long j = from;
    for (; j + 4 * LANES <= to; j += 4 * LANES) {
      vf sum[4] = {};
      for (long row = block * rows_of_sum; row < last; row++)
#pragma GCC unroll 4
        for (int v = 0; v < 4; v++) sum[v] += load(x + row * width + j + v * LANES);
#pragma GCC unroll 4
      for (int v = 0; v < 4; v++) store(parts + block * width + j + v * LANES, sum[v]);
    }
    for (; j < to; j += LANES) {
      const long n = to - j;
      vf sum = {};
      for (long row = block * rows_of_sum; row < last; row++) sum += load_n(x + row * width + j, n);
      store_n(parts + block * width + j, sum, n);
    }
  });
  add_parts(parts, y, blocks, width);
  return true;
}

/** p' = p (1 − rate λ) − rate / c1 · m' / (√v' / √c2 + ε), with m' = β1 m + (1 − β1) g, v' = β2 v + (1 − β2) g², g = gradient · factor. */
struct Adamw {
  const float *p, *g, *m, *v;
  float *p2, *m2, *v2;
  float factor, keep, beta1, other1, beta2, other2, step, root2, eps;
};

inline void adamw(const Adamw& a, long from, long to, bool past) {
  for (long i = from; i < to; i += LANES) {
    const long n = to - i;
    const vf g = load_n(a.g + i, n) * a.factor;
    const vf m = a.beta1 * load_n(a.m + i, n) + a.other1 * g;
    const vf v = a.beta2 * load_n(a.v + i, n) + a.other2 * (g * g);
    const vf p = load_n(a.p + i, n) * a.keep - a.step * (m / (root(v) / a.root2 + a.eps));
    if (past && n >= LANES) {
      store_past(a.p2 + i, p);
      store_past(a.m2 + i, m);
      store_past(a.v2 + i, v);
    } else {
      store_n(a.p2 + i, p, n);
      store_n(a.m2 + i, m, n);
      store_n(a.v2 + i, v, n);
    }
  }
#if defined(__AVX2__) || defined(__AVX512F__)
  if (past) _mm_sfence();
#endif
}

}  // namespace
