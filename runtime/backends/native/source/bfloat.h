// Products of numbers rounded to bfloat16, summed in float32. Where the CPU multiplies them, two of the depth stand in one unit of 32 bits:
// by AVX512_BF16's vdpbf16ps, or on AMX tiles (amx.h). Elsewhere they are rounded and multiplied as floats, with the same result but for
// the order of sums. Which way is chosen once, by `choose` of the addon.
#pragma once
#include "kernels.h"
#include "product.h"
#include "vector.h"

// Compilers that know the instructions; each function that uses them names them, so the file's own set stays as it is.
#if defined(__AVX512F__) && ((defined(__clang__) && __clang_major__ >= 12) || (!defined(__clang__) && __GNUC__ >= 11))
#define PT_PAIRS __attribute__((target("avx512bf16")))
#endif

namespace {

typedef uint32_t vu __attribute__((vector_size(4 * LANES)));

/** To the nearest bfloat16, ties to even. */
inline vf rounded(vf x) {
  const vu word = (vu)x;
  const vu even = (word + 0x7fffu + ((word >> 16) & 1u)) & 0xffff0000u;
  return x == x ? (vf)even : x;
}

inline void round_row(float* x, long n) {
  long i = 0;
  for (; i + LANES <= n; i += LANES) store(x + i, rounded(load(x + i)));
  if (i < n) store_part(x + i, rounded(load_part(x + i, n - i)), n - i);
}

/** Rounded, then as floats. x is always copied. */
struct Rounded {
  typedef float Unit;
  static constexpr long rows = MR, numbers = 1;
  static void begin() {}
  static void end() {}
  static long units(long depth) { return depth; }
  static long room(Strided, long rows, long units) { return (rows + MR) * (units + LANES); }
  static void pack_y(float* to, Strided y, long k0, long depth, long n0, long count) {
    pack_panel(to, y, k0, depth, n0, count);
    const long padded = (count + LANES - 1) / LANES * LANES;
    for (long k = 0; k < depth; k++) round_row(to + k * NR, padded);
  }
  static Left<float> pack_x(float* to, Strided x, long m0, long count, long k0, long depth) {
    if (x.column == 1) {
      for (long m = 0; m < count; m++) {
        const float* from = x.at + (m0 + m) * x.row + k0;
        for (long k = 0; k < depth; k += LANES) store_n(to + m * depth + k, rounded(load_n(from + k, depth - k)), depth - k);
      }
      return {to, depth, 1, MR * depth, MR};
    }
    pack_rows(to, x, m0, count, k0, depth);
    round_row(to, (count + MR - 1) / MR * MR * depth);
    return {to, 1, MR, depth * MR, MR};
  }
  static void tile(const Left<float>& left, long m, long rows, const float* right, long units, float* z, long pitch, bool add, long n) { Floats::tile(left, m, rows, right, units, z, pitch, add, n); }
};

#ifdef PT_PAIRS
typedef uint32_t Pair;

/** 16 pairs of 32 numbers that follow each other; beyond the first n they are 0. */
PT_PAIRS inline __m512i pairs_along(const float* x, long n) {
  if (n >= 32) return (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + 16), _mm512_loadu_ps(x));
  const uint32_t mask = n <= 0 ? 0 : (1u << n) - 1;
  return (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps((__mmask16)(mask >> 16), x + 16), _mm512_maskz_loadu_ps((__mmask16)mask, x));
}

/** 16 pairs of a number of a with its neighbour in b, which may be null for zeros; beyond the first n they are 0. */
PT_PAIRS inline __m512i pairs_across(const float* a, const float* b, long n) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __mmask16 mask = n >= 16 ? 0xffff : (__mmask16)((1u << n) - 1);
  const __m512 low = _mm512_maskz_loadu_ps(mask, a), high = b ? _mm512_maskz_loadu_ps(mask, b) : _mm512_setzero_ps();
  return _mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

PT_PAIRS inline void store_pairs(Pair* to, __m512i pairs, long n) {
  if (n >= 16) _mm512_storeu_si512(to, pairs);
  else if (n > 0) _mm512_mask_storeu_epi32(to, (__mmask16)((1u << n) - 1), pairs);
}

/** One row as pairs. */
PT_PAIRS inline void pair_row(Pair* to, const float* x, long n) {
  for (long i = 0; i < n; i += 32) store_pairs(to + i / 2, pairs_along(x + i, n - i), (n - i + 1) / 2);
}

/** Two rows as pairs of theirs; whole vectors are written, the rest 0. */
PT_PAIRS inline void pair_rows(Pair* to, const float* a, const float* b, long n) {
  for (long i = 0; i < n; i += 16) _mm512_storeu_si512(to + i, pairs_across(a + i, b ? b + i : nullptr, n - i));
}

/** 16 × 16 pairs along the depth, of `rows` rows `pitch` apart, transposed: to[u * to_pitch + row] for u < units. */
PT_PAIRS inline void transpose_pairs(Pair* to, long to_pitch, const float* from, long pitch, long rows, long depth) {
  __m512 r[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) r[i] = i < rows ? (__m512)pairs_along(from + i * pitch, depth) : _mm512_setzero_ps();
  transpose_16(r);
  const long units = depth >= 32 ? 16 : (depth + 1) / 2;
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) if (i < units) _mm512_storeu_ps(to + i * to_pitch, r[i]);
}

/** As pack_panel: `count` columns of y as pairs, to[u * NR + j]; columns up to a multiple of LANES become 0. */
PT_PAIRS inline void pack_pairs(Pair* to, Strided y, long k0, long depth, long n0, long count) {
  const float* from = y.at + k0 * y.row + n0 * y.column;
  if (y.column == 1) {
    for (long k = 0; k < depth; k += 2, to += NR) pair_rows(to, from + k * y.row, k + 1 < depth ? from + (k + 1) * y.row : nullptr, count);
    return;
  }
  for (long k = 0; k < depth; k += 32) for (long j = 0; j < count; j += 16) transpose_pairs(to + k / 2 * NR + j, NR, from + k + j * y.column, y.column, count - j, depth - k);
}

template <int R, int V>
PT_PAIRS __attribute__((noinline)) void tile_of_pairs(const Pair* x, long row, long column, const Pair* y, long pitch, long depth, float* z, long width, bool add, long n) {
  __m512 sum[R][V];
#pragma GCC unroll 16
  for (int i = 0; i < R; i++)
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) sum[i][v] = _mm512_setzero_ps();
  for (long u = 0; u < depth; u++) {
    __m512bh right[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) right[v] = (__m512bh)_mm512_loadu_si512(y + v * LANES);
#pragma GCC unroll 16
    for (int i = 0; i < R; i++) {
      const __m512bh left = (__m512bh)_mm512_set1_epi32((int)x[i * row]);
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) sum[i][v] = _mm512_dpbf16_ps(sum[i][v], left, right[v]);
    }
    x += column;
    y += pitch;
  }
#pragma GCC unroll 16
  for (int i = 0; i < R; i++)
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) {
      float* to = z + i * width + v * LANES;
      const long left = n - v * LANES;
      const __mmask16 mask = left >= LANES ? 0xffff : left > 0 ? (__mmask16)((1u << left) - 1) : 0;
      _mm512_mask_storeu_ps(to, mask, add ? _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), sum[i][v]) : sum[i][v]);
    }
}

typedef void (*PairTile)(const Pair*, long, long, const Pair*, long, long, float*, long, bool, long);

struct PairTileTable {
  PairTile tile[MR + 1][NV + 1] = {};
  template <int R, int V>
  constexpr void fill() {
    tile[R][V] = tile_of_pairs<R, V>;
    if constexpr (V > 1) fill<R, V - 1>();
    else if constexpr (R > 1) fill<R - 1, NV>();
  }
  constexpr PairTileTable() { fill<MR, NV>(); }
};
constexpr PairTileTable pair_tiles;

struct Pairs {
  typedef Pair Unit;
  static constexpr long rows = MR, numbers = 2;
  static void begin() {}
  static void end() {}
  static long units(long depth) { return (depth + 1) / 2; }
  static long room(Strided, long rows, long units) { return (rows + 2 * MR) * (units + 1); }
  static void pack_y(Pair* to, Strided y, long k0, long depth, long n0, long count) { pack_pairs(to, y, k0, depth, n0, count); }
  PT_PAIRS static Left<Pair> pack_x(Pair* to, Strided x, long m0, long count, long k0, long depth) {
    const long U = units(depth);
    if (x.column == 1) {
      for (long m = 0; m < count; m++) pair_row(to + m * U, x.at + (m0 + m) * x.row + k0, depth);
      return {to, U, 1, MR * U, MR};
    }
    static_assert(MR == 8, "two panels of eight rows take a vector");
    for (long k = 0; k < depth; k += 2) {
      const float* from = x.at + m0 + (k0 + k) * x.column;
      const float* next = k + 1 < depth ? from + x.column : nullptr;
      Pair* panel = to + k / 2 * MR;
      for (long m = 0; m < count; m += 16, panel += 2 * U * MR) {
        const __m512i pairs = pairs_across(from + m, next ? next + m : nullptr, count - m);
        _mm256_storeu_si256((__m256i*)panel, _mm512_castsi512_si256(pairs));
        if (m + MR < count) _mm256_storeu_si256((__m256i*)(panel + U * MR), _mm512_extracti64x4_epi64(pairs, 1));
      }
    }
    return {to, 1, MR, U * MR, MR};
  }
  static void tile(const Left<Pair>& left, long m, long rows, const Pair* right, long units, float* z, long pitch, bool add, long n) {
    pair_tiles.tile[rows][(n + LANES - 1) / LANES](left.at(m), left.row, left.column, right, NR, units, z, pitch, add, n);
  }
};
#endif

}  // namespace

#include "amx.h"

namespace {

/** f of the way in which products are computed here. */
template <class F>
inline bool with_way(bool half, F&& f) {
  if (!half) return f(Floats());
#ifdef PT_PAIRS
  if (pt_bfloat16 == by_pairs) return f(Pairs());
  if (pt_bfloat16 == by_tiles) return f(Tiled<HardwareTiles>());
  if (pt_bfloat16 == by_plain_tiles) return f(Tiled<PlainTiles>());
#endif
  return f(Rounded());
}

inline bool multiply(Strided x, Strided y, float* z, long M, long N, long K, bool add, const Finish& finish, bool half) {
  return with_way(half, [&](auto way) { return multiply_by<decltype(way)>(x, y, z, M, N, K, add, finish); });
}

}  // namespace
