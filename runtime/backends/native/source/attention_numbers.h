// What attention's products are computed with: floats, floats rounded to bfloat16, or pairs of bfloat16 (bfloat.h). A unit is a step of a
// product's depth; W and V are the depth of scores, keys and queries that of the others, so each is packed in both directions it is used.
#pragma once
#include "bfloat.h"
#include "product.h"
#include "vector.h"

namespace {

inline long padded(long n) { return (n + LANES - 1) / LANES * LANES; }
inline long panels_of(long n) { return (n + NR - 1) / NR; }

/** The left operand of a product where it lies. */
template <class Unit>
struct Rows {
  const Unit* at;
  long row, column;
};

template <bool Rounds>
struct FloatNumbers {
  typedef float Unit;
  static long units(long n) { return n; }
  /** Where a product over keys from `first` begins: what lies between is zero. */
  static long floor(long first) { return first; }
  static vf number(vf x) { return Rounds ? rounded(x) : x; }
  /** Keys as panels of NR, [W][NR] each. */
  static void pack_keys(float* to, const float* x, long rows, long step, long width) {
    for (long p = 0; p < panels_of(rows); p++) {
      const long count = rows - p * NR < NR ? rows - p * NR : NR;
      pack_panel(to + p * NR * width, {x, 1, step}, 0, width, p * NR, count);
      if (Rounds) for (long i = 0; i < width; i++) round_row(to + (p * width + i) * NR, padded(count));
    }
  }
  /** Rows as they are, one after the other, each padded with zeros to whole vectors. */
  static void pack_values(float* to, const float* x, long rows, long step, long width) {
    const long pitch = padded(width);
    for (long row = 0; row < rows; row++) for (long j = 0; j < width; j += LANES) store(to + row * pitch + j, number(load_n(x + row * step + j, width - j)));
  }
  /** Queries as left operands of scores. */
  static void pack_rows(float* to, const float* x, long rows, long step, long width) { pack_values(to, x, rows, step, width); }
  /** The same as right operands. */
  static const float* pack_right(float*, const float* packed, const float*, long, long, long) { return packed; }
  static Rows<float> rows_of(float*, float* x, long pitch, long rows, long n) {
    if (Rounds) for (long i = 0; i < rows; i++) round_row(x + i * pitch, n);
    return {x, pitch, 1};
  }
  static Rows<float> columns_of(float* to, float* x, long pitch, long rows, long n) {
    rows_of(to, x, pitch, rows, n);
    return {x, 1, pitch};
  }
  static void tile(const float* x, long step, const float* keys, long units, float* to, long pitch, long rows, long n) { tiles.tile[rows][(n + LANES - 1) / LANES](x, step, 1, keys, NR, units, to, pitch, false, n); }
  static void multiply_rows(Rows<float> x, const float* y, long pitch, long units, float* z, long width, bool add, long rows, long n) { ::multiply_rows(tiles, x.at, x.row, x.column, y, pitch, units, z, width, add, rows, n); }
};

#ifdef PT_PAIRS
struct PairNumbers {
  typedef Pair Unit;
  static long units(long n) { return (n + 1) / 2; }
  static long floor(long first) { return first & ~1l; }
  static vf number(vf x) { return rounded(x); }
  static void pack_keys(Pair* to, const float* x, long rows, long step, long width) {
    for (long p = 0; p < panels_of(rows); p++) pack_pairs(to + p * NR * units(width), {x, 1, step}, 0, width, p * NR, rows - p * NR < NR ? rows - p * NR : NR);
  }
  static void pack_values(Pair* to, const float* x, long rows, long step, long width) {
    const long pitch = padded(width);
    for (long row = 0; row < rows; row += 2, to += pitch) pair_rows(to, x + row * step, row + 1 < rows ? x + (row + 1) * step : nullptr, width);
  }
  static void pack_rows(Pair* to, const float* x, long rows, long step, long width) {
    for (long row = 0; row < rows; row++) pair_row(to + row * padded(width), x + row * step, width);
  }
  static const Pair* pack_right(Pair* to, const Pair*, const float* x, long rows, long step, long width) {
    pack_values(to, x, rows, step, width);
    return to;
  }
  static Rows<Pair> rows_of(Pair* to, const float* x, long pitch, long rows, long n) {
    for (long i = 0; i < rows; i++) pair_row(to + i * pitch, x + i * pitch, n);
    return {to, pitch, 1};
  }
  static Rows<Pair> columns_of(Pair* to, const float* x, long pitch, long rows, long n) {
    for (long i = 0; i < rows; i += 2) pair_rows(to + i / 2 * pitch, x + i * pitch, i + 1 < rows ? x + (i + 1) * pitch : nullptr, n);
    return {to, 1, pitch};
  }
  static void tile(const Pair* x, long step, const Pair* keys, long units, float* to, long pitch, long rows, long n) { pair_tiles.tile[rows][(n + LANES - 1) / LANES](x, step, 1, keys, NR, units, to, pitch, false, n); }
  static void multiply_rows(Rows<Pair> x, const Pair* y, long pitch, long units, float* z, long width, bool add, long rows, long n) { ::multiply_rows(pair_tiles, x.at, x.row, x.column, y, pitch, units, z, width, add, rows, n); }
};
#endif

}  // namespace
