// Matrix products: z [M, N] = Σ_k x[m, k] y[k, n]. y is packed once into panels of NR columns by blocks of the depth, shared by all
// threads; x is read where it lies, or packed by the thread where its columns are contiguous (a transposed x). Tasks are blocks of z.
// Every element of z is summed over k in the same order whatever the blocks: results do not depend on threads.
#pragma once
#include "pool.h"
#include "vector.h"

namespace {

/** How the elements of a matrix are apart, in floats. One of the steps is 1. */
struct Strided {
  const float* at;
  long row, column;
};

/** What becomes of a finished row of z: bias is added, then one of the others. */
struct Finish {
  const float* bias;     // [N]
  const float* addend;   // [M, N], added
  const float* factor;   // [M, N], multiplied
  const float* other;    // [M, N], and
  float* second;         // [M, N] which gets z · other where z gets z · factor, and nothing else happens
  int activation;        // 0 none; else its code, and
  float* slope;          // [M, N] its derivative, if wanted
  float* sums;           // [M] sums of x's rows, if wanted: x is transposed then
};

/** One tile of z: `rows` × V vectors, of which the last may be partial; n columns. Adds to z where `add`. */
template <int R, int V>
inline __attribute__((always_inline)) void tile(const float* x, long row, long column, const float* y, long pitch, long depth, float* z, long width, bool add, long n) {
  vf sum[R][V];
#pragma GCC unroll 16
  for (int i = 0; i < R; i++)
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) sum[i][v] = vf{};
  for (long k = 0; k < depth; k++) {
    vf right[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; v++) right[v] = load(y + v * LANES);
#pragma GCC unroll 16
    for (int i = 0; i < R; i++) {
      const vf left = all(x[i * row]);
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) sum[i][v] += left * right[v];
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
      if (left >= LANES) store(to, add ? load(to) + sum[i][v] : sum[i][v]);
      else if (left > 0) store_part(to, add ? load_part(to, left) + sum[i][v] : sum[i][v], left);
    }
}

typedef void (*Tile)(const float*, long, long, const float*, long, long, float*, long, bool, long);

template <int R, int V>
__attribute__((noinline)) void tile_of(const float* x, long row, long column, const float* y, long pitch, long depth, float* z, long width, bool add, long n) {
  // x with unit steps along one axis is by far the most frequent: known steps make shorter code.
  if (column == 1) tile<R, V>(x, row, 1, y, pitch, depth, z, width, add, n);
  else if (row == 1) tile<R, V>(x, 1, column, y, pitch, depth, z, width, add, n);
  else tile<R, V>(x, row, column, y, pitch, depth, z, width, add, n);
}

template <int R, int V>
struct Tiles {
  static constexpr void fill(Tile (&table)[MR + 1][NV + 1]) {
    table[R][V] = tile_of<R, V>;
    if constexpr (V > 1) Tiles<R, V - 1>::fill(table);
    else if constexpr (R > 1) Tiles<R - 1, NV>::fill(table);
  }
};

struct TileTable {
  Tile tile[MR + 1][NV + 1] = {};
  constexpr TileTable() { Tiles<MR, NV>::fill(tile); }
};
/** Made by the compiler: code that fills it while the program loads would already need the instruction set. */
constexpr TileTable tiles;

/** z [rows, n] from x and one run of rows of y of any n, by the tiles of a table; `pitch` units between rows of y, which may be read up to the next multiple of LANES. */
template <class Table, class Unit>
inline void multiply_rows(const Table& table, const Unit* x, long row, long column, const Unit* y, long pitch, long depth, float* z, long width, bool add, long rows, long n) {
  for (long m = 0; m < rows; m += MR) {
    const long r = rows - m < MR ? rows - m : MR;
    for (long j = 0; j < n;) {
      const long vectors = (n - j + LANES - 1) / LANES;
      // Four vectors are two and two: one alone would wait for itself.
      const long v = vectors == NV + 1 ? (vectors + 1) / 2 : vectors < NV ? vectors : NV;
      table.tile[r][v](x + m * row, row, column, y + j, pitch, depth, z + m * width + j, width, add, n - j < v * LANES ? n - j : v * LANES);
      j += v * LANES;
    }
  }
}

#if defined(__AVX512F__)
/** 16 rows of 16 become their columns. */
inline __attribute__((always_inline)) void transpose_16(__m512 (&r)[16]) {
  __m512 t[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    r[i] = (__m512)_mm512_unpacklo_pd((__m512d)t[i], (__m512d)t[i + 2]);
    r[i + 1] = (__m512)_mm512_unpackhi_pd((__m512d)t[i], (__m512d)t[i + 2]);
    r[i + 2] = (__m512)_mm512_unpacklo_pd((__m512d)t[i + 1], (__m512d)t[i + 3]);
    r[i + 3] = (__m512)_mm512_unpackhi_pd((__m512d)t[i + 1], (__m512d)t[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
    r[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
    r[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

/** 16 rows, `from_pitch` apart, as columns: rows `to_pitch` apart. */
inline void transpose_16(float* to, long to_pitch, const float* from, long from_pitch) {
  __m512 r[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) r[i] = _mm512_loadu_ps(from + i * from_pitch);
  transpose_16(r);
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) _mm512_storeu_ps(to + i * to_pitch, r[i]);
}
#endif

/** `count` columns (at most NR) of y, rows k0 … k0 + depth − 1: to[k * NR + j]. Columns up to the next multiple of LANES become 0. */
inline void pack_panel(float* to, Strided y, long k0, long depth, long n0, long count) {
  const long padded = (count + LANES - 1) / LANES * LANES;
  const float* from = y.at + k0 * y.row + n0 * y.column;
  if (y.column == 1) {
    for (long k = 0; k < depth; k++, from += y.row, to += NR) {
      for (long j = 0; j < padded; j += LANES) store(to + j, load_n(from + j, count - j));
    }
    return;
  }
  if (padded != count) for (long k = 0; k < depth; k++) for (long j = count; j < padded; j++) to[k * NR + j] = 0;
  // Blocks of 16 × 16 stay in the first-level cache.
  for (long k = 0; k < depth; k += 16) {
    const long kn = depth - k < 16 ? depth - k : 16;
    for (long j = 0; j < count; j += 16) {
      const long jn = count - j < 16 ? count - j : 16;
#if defined(__AVX512F__)
      if (kn == 16 && jn == 16 && y.row == 1) {
        transpose_16(to + k * NR + j, NR, from + k + j * y.column, y.column);
        continue;
      }
#endif
      for (long a = 0; a < jn; a++) for (long b = 0; b < kn; b++) to[(k + b) * NR + j + a] = from[(k + b) * y.row + (j + a) * y.column];
    }
  }
}

/** `count` rows of a transposed x, whose rows are contiguous columns: panels of MR rows, to[(m / MR) * depth * MR + k * MR + m % MR]. */
inline void pack_rows(float* to, Strided x, long m0, long count, long k0, long depth) {
  // Whole stretches of a row of memory at a time: the rows are often a page apart, and lines of one set push each other out.
  for (long k = 0; k < depth; k++) {
    const float* from = x.at + m0 * x.row + (k0 + k) * x.column;
    float* panel = to + k * MR;
    long m = 0;
    if (x.row == 1) for (; m + MR <= count; m += MR, panel += depth * MR) memcpy(panel, from + m, 4 * MR);
    for (; m < count; m += MR, panel += depth * MR) for (long i = 0; i < MR && m + i < count; i++) panel[i] = from[(m + i) * x.row];
  }
}

inline void finish_row(float* z, long m, long n0, long n, long N, const Finish& finish);

constexpr long deepest = 256;  // units in a block of the depth
/** At most; fewer where every thread would not have several tasks. */
constexpr long most_rows_of_task = MR * 12;
constexpr long columns_of_task = NR * (768 / NR);

/** Rows of x as tiles read them: at(m) is row m, a multiple of the rows of a tile. */
template <class Unit>
struct Left {
  const Unit* first;
  long row, column, panel, rows;
  const Unit* at(long m) const { return first + m / rows * panel; }
};

/** How a product is computed: on float32 as it is. bfloat.h has the others. A unit is what a tile's step of the depth takes,
 * `numbers` of the depth; tiles take x by `rows`. */
struct Floats {
  typedef float Unit;
  static constexpr long rows = MR, numbers = 1;
  static void begin() {}
  static void end() {}
  static long units(long depth) { return depth; }
  /** Room for `rows` rows of x, at most `deepest` units deep. */
  static long room(Strided x, long rows, long units) { return x.column == 1 ? 0 : (rows + MR) * (units + 1); }
  static void pack_y(float* to, Strided y, long k0, long depth, long n0, long count) { pack_panel(to, y, k0, depth, n0, count); }
  static Left<float> pack_x(float* to, Strided x, long m0, long count, long k0, long depth) {
    if (x.column == 1) return {x.at + m0 * x.row + k0, x.row, 1, MR * x.row, MR};
    pack_rows(to, x, m0, count, k0, depth);
    return {to, 1, MR, depth * MR, MR};
  }
  static void tile(const Left<float>& left, long m, long rows, const float* right, long units, float* z, long pitch, bool add, long n) {
    tiles.tile[rows][(n + LANES - 1) / LANES](left.at(m), left.row, left.column, right, NR, units, z, pitch, add, n);
  }
};

/** Sums of x's rows over its columns, blocks of the depth after each other: of a transposed x the bias's gradient. */
inline void sum_packed(Strided x, long m0, long count, long k0, long depth, float* to) {
  constexpr int vectors = 6;
  for (long m = 0; m < count; m += vectors * LANES) {
    const float* from = x.at + m0 + m + k0 * x.column;
    float* out = to + m0 + m;
    const long n = count - m;
    vf sum[vectors] = {};
    if (n >= vectors * LANES) for (long k = 0; k < depth; k++, from += x.column) for (int v = 0; v < vectors; v++) sum[v] += load(from + v * LANES);
    else for (long k = 0; k < depth; k++, from += x.column) for (int v = 0; v * LANES < n; v++) sum[v] += load_n(from + v * LANES, n - v * LANES);
    for (int v = 0; v * LANES < n; v++) store_n(out + v * LANES, k0 == 0 ? sum[v] : load_n(out + v * LANES, n - v * LANES) + sum[v], n - v * LANES);
  }
}

/** How a product's depth is cut: y is packed by blocks, and in each by panels. */
template <class Way>
struct Blocks {
  typedef typename Way::Unit Unit;
  long K, panels, count, depth;
  Blocks(long N, long K) : K(K), panels((N + NR - 1) / NR) {
    const long units = Way::units(K);
    count = (units + deepest - 1) / deepest;
    depth = count == 0 ? 0 : (units + count - 1) / count * Way::numbers;
  }
  long from(long block) const { return block * depth; }
  long depth_of(long block) const { return K - from(block) < depth ? K < from(block) ? 0 : K - from(block) : depth; }
  size_t bytes() const { return sizeof(Unit) * panels * NR * count * Way::units(depth) + 64; }
  size_t bytes_of_thread(Strided x) const { return sizeof(Unit) * Way::room(x, most_rows_of_task, Way::units(depth)); }
  Unit* panel(Unit* packed, long block, long panel) const { return packed + (panels * block * Way::units(depth) + panel * Way::units(depth_of(block))) * NR; }
  void pack(Unit* packed, Strided y, long N) const {
    parallel(count * panels, [&](long task, int) {
      const long block = task / panels, at = task % panels;
      if (depth_of(block) > 0) Way::pack_y(panel(packed, block, at), y, from(block), depth_of(block), at * NR, N - at * NR < NR ? N - at * NR : NR);
    });
  }
};

/** A packed y and the z that it makes of the x of all. */
template <class Way>
struct Side {
  typename Way::Unit* packed;
  float* z;
};

/** z = x y, or z + x y, for each of the sides; `last(m, n0, n)` finishes columns n0 … n0 + n − 1 of row m. Room for the threads is there. */
template <class Way, int Sides, class Last>
inline void multiply_sides(Strided x, const Side<Way> (&sides)[Sides], long M, long N, long K, bool add, float* sums, Last&& last) {
  typedef typename Way::Unit Unit;
  if (M == 0 || N == 0) return;
  const Blocks<Way> cut(N, K);
  const long blocks = cut.count;
  const long column_tasks = (N + columns_of_task - 1) / columns_of_task;
  const long share = (M * column_tasks / (4 * pt_threads()) + Way::rows - 1) / Way::rows * Way::rows;
  const long rows_of_task = share < 2 * MR ? 2 * MR : share < most_rows_of_task ? share : most_rows_of_task;
  const long row_tasks = (M + rows_of_task - 1) / rows_of_task;
  parallel(row_tasks * column_tasks, [&](long task, int thread) {
    const long m0 = task % row_tasks * rows_of_task, n0 = task / row_tasks * columns_of_task;
    const long mn = M - m0 < rows_of_task ? M - m0 : rows_of_task;
    const long nn = N - n0 < columns_of_task ? N - n0 : columns_of_task;
    Way::begin();
    if (blocks == 0 && !add) for (const auto& side : sides) for (long m = m0; m < m0 + mn; m++) memset(side.z + m * N + n0, 0, 4 * nn);
    if (blocks == 0 && sums && n0 == 0) memset(sums + m0, 0, 4 * mn);
    for (long block = 0; block < blocks; block++) {
      const long k0 = cut.from(block), kn = cut.depth_of(block), units = Way::units(kn);
      const Left<Unit> left = Way::pack_x((Unit*)pt_scratch_of_thread(thread), x, m0, mn, k0, kn);
      if (sums && n0 == 0) sum_packed(x, m0, mn, k0, kn, sums);
      for (long m = 0; m < mn; m += Way::rows) {
        const long r = mn - m < Way::rows ? mn - m : Way::rows;
        for (const auto& side : sides) {
          const Unit* right = cut.panel(side.packed, block, n0 / NR);
          float* to = side.z + (m0 + m) * N + n0;
          for (long n = 0; n < nn; n += NR) Way::tile(left, m, r, right + n * units, units, to + n, N, add || block > 0, nn - n < NR ? nn - n : NR);
        }
        if (block == blocks - 1) for (long i = 0; i < r; i++) last(m0 + m + i, n0, nn);
      }
    }
    if (blocks == 0) for (long m = m0; m < m0 + mn; m++) last(m, n0, nn);
    Way::end();
  });
}

/** z = x y, or z + x y, of a packed y; room for the threads is there. */
template <class Way>
inline void multiply_packed(Strided x, typename Way::Unit* packed, float* z, long M, long N, long K, bool add, const Finish& finish) {
  const Side<Way> sides[1] = {{packed, z}};
  multiply_sides<Way>(x, sides, M, N, K, add, finish.sums, [&](long m, long n0, long n) { finish_row(z + m * N + n0, m, n0, n, N, finish); });
}

/** False when there is no memory. */
template <class Way>
inline bool multiply_by(Strided x, Strided y, float* z, long M, long N, long K, bool add, const Finish& finish) {
  if (M == 0 || N == 0) return true;
  const Blocks<Way> cut(N, K);
  if (!pt_reserve(cut.bytes_of_thread(x), cut.bytes())) return false;
  typename Way::Unit* packed = (typename Way::Unit*)pt_scratch_shared();
  cut.pack(packed, y, N);
  multiply_packed<Way>(x, packed, z, M, N, K, add, finish);
  return true;
}

}  // namespace
