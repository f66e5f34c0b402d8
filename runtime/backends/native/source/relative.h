// Biases by the distance from query to key (compiler/ops/relative_bias.ts). H heads, T queries, S keys, U buckets; the bucket of query t and
// key s is buckets[T − 1 − t + s].
#pragma once
#include "elementwise.h"
#include "pool.h"
#include "vector.h"

namespace {

/** bias[h, t, s] = weight[bucket, h]: a head's biases by distance once, of which each query's are a stretch. */
inline bool relative_bias(const float* weight, const int32_t* buckets, float* bias, long H, long T, long S) {
  const long distances = T + S;
  if (!pt_reserve(0, 4 * H * distances + 64)) return false;
  float* by_distance = (float*)pt_scratch_shared();
  for (long h = 0; h < H; h++) for (long i = 0; i < distances; i++) by_distance[h * distances + i] = weight[buckets[i] * H + h];
  const long block = 16384 / (S + 1) + 1;
  parallel((H * T + block - 1) / block, [&](long task, int) {
    const long end = H * T < (task + 1) * block ? H * T : (task + 1) * block;
    for (long row = task * block; row < end; row++) memcpy(bias + row * S, by_distance + row / T * distances + T - 1 - row % T, 4 * S);
  });
  return true;
}

/** dweight[u, h] = Σ dbias[h, t, s] over the pairs of bucket u: first over queries by distance, 32 rows in float32 and those in float64. */
inline bool relative_bias_gradient(const float* dbias, const int32_t* buckets, float* dweight, long H, long T, long S, long U) {
  const long distances = (T + S + 15) / 16 * 16;
  if (!pt_reserve(8 * (distances + distances / 2 + U) + 64, 0)) return false;
  parallel(H, [&](long h, int thread) {
    double* sums = (double*)pt_scratch_of_thread(thread);
    double* by_bucket = sums + distances;
    float* block = (float*)(by_bucket + U);
    memset(sums, 0, 8 * (distances + U));
    for (long t0 = 0; t0 < T; t0 += 32) {
      const long end = T < t0 + 32 ? T : t0 + 32;
      memset(block, 0, 4 * distances);
      for (long t = t0; t < end; t++) {
        const float* from = dbias + (h * T + t) * S;
        float* to = block + T - 1 - t;
        for (long s = 0; s < S; s += LANES) store_n(to + s, load_n(to + s, S - s) + load_n(from + s, S - s), S - s);
      }
      for (long i = T - end; i < T - t0 + S; i++) sums[i] += block[i];
    }
    for (long i = 0; i < T + S; i++) by_bucket[buckets[i]] += sums[i];
    for (long u = 0; u < U; u++) dweight[u * H + h] = (float)by_bucket[u];
  });
  return true;
}

}  // namespace
