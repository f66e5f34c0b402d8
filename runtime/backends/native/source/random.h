// Keep factors of dropout: Philox 4x32-10 (Salmon et al. 2011) on LANES counters at a time; the same words as compiler/ops/_keep.ts.
#pragma once
#include "pool.h"
#include "vector.h"

namespace {

struct Dropout {
  uint32_t seed0, key1, step, first;  // key1: the seed's high word and the purpose together
  uint32_t site, threshold;
  float scale;
};

/** Words of counters (block + i, example, step, site) for LANES i: words[lane * 4 + word]. */
inline void philox(uint32_t* words, uint32_t block, uint32_t example, const Dropout& d) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (int i = 0; i < LANES; i++) {
    c0[i] = block + i;
    c1[i] = example;
    c2[i] = d.step;
    c3[i] = d.site;
  }
  uint32_t k0 = d.seed0, k1 = d.key1;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < LANES; i++) {
      const uint64_t p0 = (uint64_t)0xd2511f53u * c0[i], p1 = (uint64_t)0xcd9e8d57u * c2[i];
      c0[i] = (uint32_t)(p1 >> 32) ^ c1[i] ^ k0;
      c1[i] = (uint32_t)p1;
      c2[i] = (uint32_t)(p0 >> 32) ^ c3[i] ^ k1;
      c3[i] = (uint32_t)p0;
    }
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  for (int i = 0; i < LANES; i++) {
    words[4 * i] = c0[i];
    words[4 * i + 1] = c1[i];
    words[4 * i + 2] = c2[i];
    words[4 * i + 3] = c3[i];
  }
}

/** x[i] = from[i] · factor of element start + i of the example, for i < count. */
inline void apply_keep(const float* from, float* x, long count, long start, uint32_t example, const Dropout& d) {
  uint32_t words[4 * LANES];
  long lane = start & 3;
  for (long i = 0, block = start >> 2; i < count; block += LANES) {
    philox(words, (uint32_t)block, d.first + example, d);
    const long n = 4 * LANES - lane < count - i ? 4 * LANES - lane : count - i;
    for (long j = 0; j < n; j++) x[i + j] = (words[lane + j] >> 8) >= d.threshold ? from[i + j] * d.scale : from[i + j] * 0.0f;
    i += n;
    lane = 0;
  }
}

/** The factors themselves. */
inline void fill_keep(float* x, long count, long start, uint32_t example, const Dropout& d) {
  uint32_t words[4 * LANES];
  long lane = start & 3;
  for (long i = 0, block = start >> 2; i < count; block += LANES) {
    philox(words, (uint32_t)block, d.first + example, d);
    const long n = 4 * LANES - lane < count - i ? 4 * LANES - lane : count - i;
    for (long j = 0; j < n; j++) x[i + j] = (words[lane + j] >> 8) >= d.threshold ? d.scale : 0.0f;
    i += n;
    lane = 0;
  }
}

inline void dropout(const float* x, float* y, long examples, long size, const Dropout& d) {
  const long pieces = (size + 16383) / 16384;
  parallel(examples * pieces, [&](long task, int) {
    const long example = task / pieces, from = task % pieces * 16384;
    apply_keep(x + example * size + from, y + example * size + from, size - from < 16384 ? size - from : 16384, from, (uint32_t)example, d);
  });
}

}  // namespace
