// Products of pairs on AMX tiles of 16 rows of 64 bytes: z gets 32 rows × 48 columns at a time in six tiles; one holds rows of x, one
// columns of y. The same on plain arrays (PlainTiles), so that everything but the instructions is tested on any CPU with AVX512_BF16.
// Intel, Architecture Instruction Set Extensions, chapter 3. Included by bfloat.h.
#pragma once

#ifdef PT_PAIRS
namespace {

/** Tiles 0 … 5 are sums (three a row), 6 is left, 7 is right. The assembler's own names; every access names memory as clobbered. */
struct HardwareTiles {
  static void begin() {
    struct alignas(64) {
      uint8_t palette = 1, start_row = 0, reserved[14] = {};
      uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } config;
    asm volatile("ldtilecfg %0" ::"m"(config) : "memory");
  }
  static void end() { asm volatile("tilerelease" ::: "memory"); }
  template <int C>
  void zero() { asm volatile("tilezero %%tmm%c0" ::"i"(C)); }
  void left(const Pair* from, long step) { asm volatile("tileloadd (%0,%1,1), %%tmm6" ::"r"(from), "r"(4 * step) : "memory"); }
  void right(const Pair* from, long step) { asm volatile("tileloadd (%0,%1,1), %%tmm7" ::"r"(from), "r"(4 * step) : "memory"); }
  template <int C>
  void multiply() { asm volatile("tdpbf16ps %%tmm7, %%tmm6, %%tmm%c0" ::"i"(C)); }
  template <int C>
  void result(float* to, long step) { asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(4 * step), "i"(C) : "memory"); }
};

struct PlainTiles {
  float sums[6][16][16];
  Pair x[16][16], y[16][16];
  static void begin() {}
  static void end() {}
  static float number(Pair pair, int which) {
    const uint32_t bits = which ? pair & 0xffff0000u : pair << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
  }
  template <int C>
  void zero() { memset(sums[C], 0, sizeof sums[C]); }
  void left(const Pair* from, long step) { for (int i = 0; i < 16; i++) memcpy(x[i], from + i * step, 64); }
  void right(const Pair* from, long step) { for (int u = 0; u < 16; u++) memcpy(y[u], from + u * step, 64); }
  template <int C>
  void multiply() {
    for (int i = 0; i < 16; i++) for (int u = 0; u < 16; u++) for (int j = 0; j < 16; j++) for (int which = 0; which < 2; which++) sums[C][i][j] += number(x[i][u], which) * number(y[u][j], which);
  }
  template <int C>
  void result(float* to, long step) { for (int i = 0; i < 16; i++) memcpy(to + i * step, sums[C][i], 64); }
};

/** A way of multiply_by. Units come in whole tiles of 16, x in whole tiles of 16 rows. */
template <class T>
struct Tiled {
  typedef Pair Unit;
  static constexpr long rows = 32, numbers = 2;
  static void begin() { T::begin(); }
  static void end() { T::end(); }
  static long units(long depth) { return (depth + 31) / 32 * 16; }
  static long room(Strided, long rows, long units) { return (rows + 48) * (units + 16); }
  static void pack_y(Pair* to, Strided y, long k0, long depth, long n0, long count) {
    pack_pairs(to, y, k0, depth, n0, count);
    const long made = (depth + 1) / 2;
    memset(to + made * NR, 0, 4 * NR * (units(depth) - made));
  }
  PT_PAIRS static Left<Pair> pack_x(Pair* to, Strided x, long m0, long count, long k0, long depth) {
    const long U = units(depth);
    if (x.column == 1) {
      for (long m = 0; m < count; m++) for (long k = 0; k < 2 * U; k += 32) _mm512_storeu_si512(to + m * U + k / 2, pairs_along(x.at + (m0 + m) * x.row + k0 + k, depth - k));
      return {to, U, 1, rows * U, rows};
    }
    for (long k = 0; k < 2 * U; k += 32) {
      for (long m = 0; m < count; m += 16) {
        __m512 r[16];
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
          const long at = k + 2 * i;
          const float* from = x.at + m0 + m + (k0 + at) * x.column;
          r[i] = at < depth ? (__m512)pairs_across(from, at + 1 < depth ? from + x.column : nullptr, count - m) : _mm512_setzero_ps();
        }
        transpose_16(r);
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) _mm512_storeu_ps((float*)to + (m + i) * U + k / 2, r[i]);
      }
    }
    return {to, U, 1, rows * U, rows};
  }
  static void tile(const Left<Pair>& left, long m, long count, const Pair* right, long units, float* z, long pitch, bool add, long n) {
    static_assert(NR == 48, "three tiles wide");
    const Pair* x = left.at(m);
    const long wide = (n + 15) / 16;
    if (count > 16) wide == 3 ? block<2, 3>(x, left.row, right, units, z, pitch, add, count, n) : wide == 2 ? block<2, 2>(x, left.row, right, units, z, pitch, add, count, n) : block<2, 1>(x, left.row, right, units, z, pitch, add, count, n);
    else wide == 3 ? block<1, 3>(x, left.row, right, units, z, pitch, add, count, n) : wide == 2 ? block<1, 2>(x, left.row, right, units, z, pitch, add, count, n) : block<1, 1>(x, left.row, right, units, z, pitch, add, count, n);
  }

 private:
  template <int Row, int Wide>
  static void row_of(T& t, const Pair* x, long step, const Pair* y) {
    t.left(x + Row * 16 * step, step);
    t.right(y, NR);
    t.template multiply<3 * Row>();
    if constexpr (Wide > 1) t.right(y + 16, NR), t.template multiply<3 * Row + 1>();
    if constexpr (Wide > 2) t.right(y + 32, NR), t.template multiply<3 * Row + 2>();
  }
  template <int C>
  static void finish(T& t, float* z, long pitch, bool add, long rows, long n) {
    float sums[16 * 16] __attribute__((aligned(64)));
    t.template result<C>(sums, 16);
    for (long i = 0; i < rows && i < 16; i++) {
      const vf sum = load(sums + 16 * i);
      store_n(z + i * pitch, add ? load_n(z + i * pitch, n) + sum : sum, n);
    }
  }
  template <int High, int Wide>
  static __attribute__((noinline)) void block(const Pair* x, long step, const Pair* y, long units, float* z, long pitch, bool add, long rows, long n) {
    T t;
    t.template zero<0>();
    if constexpr (Wide > 1) t.template zero<1>();
    if constexpr (Wide > 2) t.template zero<2>();
    if constexpr (High > 1) t.template zero<3>();
    if constexpr (High > 1 && Wide > 1) t.template zero<4>();
    if constexpr (High > 1 && Wide > 2) t.template zero<5>();
    for (long u = 0; u < units; u += 16) {
      row_of<0, Wide>(t, x + u, step, y + u * NR);
      if constexpr (High > 1) row_of<1, Wide>(t, x + u, step, y + u * NR);
    }
    finish<0>(t, z, pitch, add, rows, n);
    if constexpr (Wide > 1) finish<1>(t, z + 16, pitch, add, rows, n - 16);
    if constexpr (Wide > 2) finish<2>(t, z + 32, pitch, add, rows, n - 32);
    if constexpr (High > 1) finish<3>(t, z + 16 * pitch, pitch, add, rows - 16, n);
    if constexpr (High > 1 && Wide > 1) finish<4>(t, z + 16 * pitch + 16, pitch, add, rows - 16, n - 16);
    if constexpr (High > 1 && Wide > 2) finish<5>(t, z + 16 * pitch + 32, pitch, add, rows - 16, n - 32);
  }
};

}  // namespace
#endif
