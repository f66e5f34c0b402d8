// Vectors of float32 by the compiler's own vector types, so that one text serves every instruction set: the build compiles
// it once for each (build.mjs). No header of the C++ library is included here or in any file of a set: an inline function that
// was compiled for AVX-512 could be linked into code that runs without it.
#pragma once
#include <stdint.h>
#include <string.h>
#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define LANES 16
#define MR 8  // rows of a tile of a product,
#define NV 3  // and its vectors a row: 24 sums, 3 vectors of y and one of x in 32 registers
#elif defined(__AVX2__)
#define LANES 8
#define MR 6
#define NV 2
#elif defined(__aarch64__)
#define LANES 4
#define MR 8
#define NV 3
#else
#define LANES 4
#define MR 6
#define NV 2
#endif
#define NR (NV * LANES)

namespace {

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef float vf_any __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

inline vf load(const float* p) { return *(const vf_any*)p; }
inline void store(float* p, vf x) { *(vf_any*)p = x; }
/** x in every lane: subtracting +0 leaves every x as it is. */
inline vf all(float x) { return x - vf{}; }
inline vf bits_to_float(vi x) { return (vf)x; }

/** The first n lanes, the others 0. Reads nothing beyond them. */
inline vf load_part(const float* p, long n) {
#if defined(__AVX512F__)
  return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  float lanes[LANES] __attribute__((aligned(64))) = {};
  for (long i = 0; i < n; i++) lanes[i] = p[i];
  return *(vf*)lanes;
#endif
}

inline void store_part(float* p, vf x, long n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
#else
  float lanes[LANES] __attribute__((aligned(64)));
  *(vf*)lanes = x;
  for (long i = 0; i < n; i++) p[i] = lanes[i];
#endif
}

inline vf load_n(const float* p, long n) { return n >= LANES ? load(p) : load_part(p, n); }
inline void store_n(float* p, vf x, long n) {
  if (n >= LANES) store(p, x);
  else store_part(p, x, n);
}

/** Past the caches, for results that are not read soon. */
inline void store_past(float* p, vf x) {
#if defined(__AVX512F__)
  if (((uintptr_t)p & 63) == 0) return _mm512_stream_ps(p, (__m512)x);
#elif defined(__AVX2__)
  if (((uintptr_t)p & 31) == 0) return _mm256_stream_ps(p, (__m256)x);
#endif
  store(p, x);
}

inline vf larger(vf a, vf b) { return a > b ? a : b; }
inline vf smaller(vf a, vf b) { return a < b ? a : b; }

inline vf root(vf x) {
#if defined(__AVX512F__)
  return (vf)_mm512_sqrt_ps((__m512)x);
#elif defined(__AVX2__)
  return (vf)_mm256_sqrt_ps((__m256)x);
#else
  for (int i = 0; i < LANES; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
#endif
}

inline float sum_of(vf x) {
  float sum = 0;
  for (int width = LANES / 2; width > 0; width /= 2) for (int i = 0; i < width; i++) x[i] += x[i + width];
  sum = x[0];
  return sum;
}

inline float largest_of(vf x) {
  float result = x[0];
  for (int i = 1; i < LANES; i++) result = x[i] > result ? x[i] : result;
  return result;
}

/** Lanes i >= n become `other`. */
inline vf first_lanes(vf x, long n, float other) {
  vi index;
  for (int i = 0; i < LANES; i++) index[i] = i;
  return index < (int32_t)n - vi{} ? x : all(other);
}

/** e^y to about one unit in the last place (Cephes expf), for y in −87.3 … 88.7; NaN of NaN. */
inline vf exponential_inside(vf y) {
  const vf magic = all(12582912.0f);
  const vf shifted = y * 1.44269504088896341f + magic;
  const vf k = shifted - magic;
  const vf r = (y - k * 0.693359375f) - k * -2.12194440e-4f;
  vf p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  // 2^(k-1), then doubled: 2^128 has no float32.
  const vf power = bits_to_float((((vi)shifted - 0x4b400000) + 126) << 23);
  return (p + p) * power;
}

/** e^x: 0 below −87.3, infinity above 88.72, NaN of NaN. */
inline vf exponential(vf x) {
  const vf low = all(-87.33654f), high = all(88.72283f);
  vf y = high < x ? high : x;
  y = low > y ? low : y;
  vf result = exponential_inside(y);
  result = x < low ? vf{} : result;
  return x > high ? all(__builtin_inff()) : result;
}

/** e^x for x <= 88, as those of a softmax are: 0 of −∞, NaN of NaN. */
inline vf exponential_small(vf x) {
  const vf low = all(-87.33654f);
  const vf y = low > x ? low : x;
#if defined(__AVX512F__)
  const vf k = (vf)_mm512_roundscale_ps((__m512)(y * 1.44269504088896341f), 8);
  const vf r = (y - k * 0.693359375f) - k * -2.12194440e-4f;
  vf p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  return (vf)_mm512_maskz_scalef_ps(_mm512_cmp_ps_mask((__m512)x, (__m512)low, _CMP_NLT_UQ), (__m512)p, (__m512)k);
#else
  const vf result = exponential_inside(y);
  return x < low ? vf{} : result;
#endif
}

/** 1 / x for 1 <= x < 2^127, to about one unit in the last place. */
inline vf reciprocal(vf x) {
#if defined(__AVX512F__)
  const vf y = (vf)_mm512_rcp14_ps((__m512)x);
  return y * (2.0f - x * y);
#else
  return 1.0f / x;
#endif
}

/** 1 / (1 + e^−x). */
inline vf sigmoid(vf x) {
  const vf low = all(-87.0f), high = all(87.0f);
  vf y = high < -x ? high : -x;
  y = low > y ? low : y;
  return reciprocal(1.0f + exponential_inside(y));
}

/**
 * erfc(z) for z >= 0, given e^(−z²), to about 2e-7 relative: t g(t) e^(−z²) with t = 1 / (1 + z / 2) (the substitution of Press et al.,
 * Numerical Recipes, section 6.2) and g of degree 8, fitted by least squares of the relative error on 0 <= z <= 9.4 (5e-8); beyond, the power is 0.
 */
inline vf complementary_error(vf z, vf power) {
  const vf t = reciprocal(1.0f + 0.5f * smaller(z, all(20)));
  vf p = all(-0.0598980971f);
  p = p * t + 0.288439542f;
  p = p * t - 0.494792521f;
  p = p * t + 0.286242872f;
  p = p * t - 0.0318766236f;
  p = p * t + 0.204735518f;
  p = p * t + 0.24263227f;
  p = p * t + 0.28243354f;
  p = p * t + 0.282083482f;
  return t * p * power;
}

/** tanh: the odd polynomial of Cephes tanhf near 0, 1 - 2 / (e^2x + 1) elsewhere. */
inline vf hyperbolic_tangent(vf x) {
  const vf z = x * x;
  vf p = all(-5.70498872745e-3f);
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const vf near = p * z * x + x;
  const vf size = x < 0 ? -x : x;
  const vf far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  return size < 0.625f ? near : (x < 0 ? -far : far);
}

}  // namespace
