// The inside of a gated mlp: y = f(g) · u of g = x Wgᵀ + bg and u = x Wuᵀ + bu, with dy/dg = f'(g) u and dy/du = f(g) kept. Rows of x are read
// (and packed) once for both products; g and u stand where the slopes will, and never leave the caches.
// M rows, K width of x, N width of y.
#pragma once
#include "bfloat.h"
#include "elementwise.h"
#include "few_rows.h"
#include "product.h"

namespace {

struct Gated {
  const float *x, *gate, *up, *gate_bias, *up_bias;
  float *y, *gate_slope, *up_slope;
  long M, N, K;
  int activation;
};

/** Columns n0 … n0 + n − 1 of row m, whose g and u stand in up_slope and gate_slope, without their biases. */
inline void finish_gated(const Gated& c, long m, long n0, long n) {
  with_activation(c.activation, [&](auto code) {
    for (long j = n0; j < n0 + n; j += LANES) {
      const long left = n0 + n - j, at = m * c.N + j;
      vf g = load_n(c.up_slope + at, left), u = load_n(c.gate_slope + at, left), slope;
      if (c.gate_bias) g += load_n(c.gate_bias + j, left);
      if (c.up_bias) u += load_n(c.up_bias + j, left);
      const vf active = activation_of<decltype(code)::value>(g, slope);
      store_n(c.up_slope + at, active, left);
      store_n(c.gate_slope + at, slope * u, left);
      store_n(c.y + at, active * u, left);
    }
  });
}

template <class Way>
inline bool linear_gated_by(const Gated& c) {
  if (c.M == 0 || c.N == 0) return true;
  const Strided x = {c.x, c.K, 1}, gate = {c.gate, 1, c.K}, up = {c.up, 1, c.K};
  const Blocks<Way> cut(c.N, c.K);
  const size_t bytes = (cut.bytes() + 63) / 64 * 64;
  if (!pt_reserve(cut.bytes_of_thread(x), 2 * bytes)) return false;
  typedef typename Way::Unit Unit;
  const Side<Way> sides[2] = {{(Unit*)pt_scratch_shared(), c.up_slope}, {(Unit*)(pt_scratch_shared() + bytes), c.gate_slope}};
  cut.pack(sides[0].packed, gate, c.N);
  cut.pack(sides[1].packed, up, c.N);
  multiply_sides<Way>(x, sides, c.M, c.N, c.K, false, nullptr, [&](long m, long n0, long n) { finish_gated(c, m, n0, n); });
  return true;
}

inline bool linear_gated(const Gated& c, bool half) {
  const Strided x = {c.x, c.K, 1}, gate = {c.gate, 1, c.K}, up = {c.up, 1, c.K};
  if (half || !has_few_rows(x, gate, c.M, c.K, false)) return with_way(half, [&](auto way) { return linear_gated_by<decltype(way)>(c); });
  multiply_few_rows(x, gate, c.up_slope, c.M, c.N, c.K, Finish{});
  multiply_few_rows(x, up, c.gate_slope, c.M, c.N, c.K, Finish{});
  for (long m = 0; m < c.M; m++) finish_gated(c, m, 0, c.N);
  return true;
}

}  // namespace
