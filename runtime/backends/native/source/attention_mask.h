// What attention's mask leaves: for each query the keys first … last that it sees, and which blocks of 16 keys between them are seen in part or
// not at all; for a strip of queries the runs of keys that any of them sees. Bands need no blocks: they are dense.
#pragma once
#include "pool.h"
#include "random.h"
#include "vector.h"

namespace {

struct Attention {
  const float *q, *k, *v, *bias;
  const int32_t *real, *documents, *key_documents, *prefix;
  /** Allowed pairs [T, S] of a mask that is no band, for each example `allowed_step` apart; null for a band. */
  const uint8_t* allowed;
  long allowed_step;
  long B, T, S, H, G, W, V;
  long offset;
  /** Query at position p sees keys p + low … p + high, where bounded, and those before `prefix`. */
  bool has_low, has_high;
  long low, high;
  float scale;
  /** Scaled scores s become cap · tanh(s / cap) before the bias; 0 for none. */
  float cap;
  bool drops;
  Dropout dropout;
};

/** Keys in a block of the mask. */
constexpr long block_keys = 16;
enum Block : uint8_t { block_empty, block_part, block_whole };

/** Rows of the mask: keys first … last, all of them where dense; else by blocks of keys, whose states are there wherever a row of the example is not dense. */
struct MaskRows {
  int32_t *first, *last;
  uint8_t *dense, *blocks;
  long blocks_of_row;
};

inline long blocks_of(const Attention& a) { return a.allowed || a.real || a.documents ? (a.S + block_keys - 1) / block_keys : 0; }
inline long bytes_of_mask(const Attention& a) { return (a.B * a.T * (9 + blocks_of(a)) + 63) / 64 * 64 + 64; }

inline MaskRows mask_rows_at(const Attention& a, char* area) {
  uint8_t* dense = (uint8_t*)((int32_t*)area + 2 * a.B * a.T);
  return {(int32_t*)area, (int32_t*)area + a.B * a.T, dense, dense + a.B * a.T, blocks_of(a)};
}

inline const uint8_t* matrix_of(const Attention& a, long b) { return a.allowed ? a.allowed + b * a.allowed_step : nullptr; }

/** seen[i] = 1 where query t of example b sees key s + i, for i < n <= block_keys. */
inline void seen_keys(const Attention& a, long b, long t, long s, long n, uint8_t* seen) {
  if (n > block_keys) __builtin_unreachable();
  for (long i = 0; i < n; i++) seen[i] = 1;
  if (const uint8_t* matrix = matrix_of(a, b)) for (long i = 0; i < n; i++) seen[i] &= matrix[t * a.S + s + i] != 0;
  if (a.real) for (long i = 0; i < n; i++) seen[i] &= a.real[b * a.S + s + i] != 0;
  if (a.documents) for (long i = 0; i < n; i++) seen[i] &= a.documents[b * a.T + t] == a.key_documents[b * a.S + s + i];
}

/** States of the blocks of keys from … to of a row; these become the first and last that are seen, and whether all between them are. */
inline bool find_blocks(const Attention& a, long b, long t, uint8_t* blocks, long& from, long& to) {
  memset(blocks, block_empty, blocks_of(a));
  long first = -1, last = -1, total = 0;
  for (long s = from; s <= to;) {
    const long block = s / block_keys, n = (block + 1) * block_keys <= to ? (block + 1) * block_keys - s : to + 1 - s;
    uint8_t seen[block_keys];
    seen_keys(a, b, t, s, n, seen);
    long count = 0;
    for (long i = 0; i < n; i++) count += seen[i];
    if (count > 0) {
      blocks[block] = count == n ? block_whole : block_part;
      total += count;
      for (long i = 0; first < 0; i++) if (seen[i]) first = s + i;
      for (long i = n - 1; last < s; i--) if (seen[i]) last = s + i;
    }
    s += n;
  }
  from = first, to = last;
  return first < 0 || total == last + 1 - first;
}

inline void find_mask_rows(const Attention& a, const MaskRows& rows) {
  constexpr long together = 32;
  const long parts = (a.T + together - 1) / together;
  parallel(a.B * parts, [&](long task, int) {
    const long b = task / parts, end = (task % parts + 1) * together < a.T ? (task % parts + 1) * together : a.T;
    bool some = a.documents != nullptr || a.allowed != nullptr;
    if (a.real) for (long s = 0; s < a.S; s++) some |= a.real[b * a.S + s] == 0;
    for (long t = task % parts * together; t < end; t++) {
      const long position = a.offset + t, row = b * a.T + t;
      long from = a.has_low && position + a.low > 0 ? position + a.low : 0;
      long to = a.has_high && position + a.high < a.S - 1 ? position + a.high : a.S - 1;
      if (a.prefix && a.prefix[b] - 1 > to) to = a.prefix[b] < a.S ? a.prefix[b] - 1 : a.S - 1;
      const bool dense = !some || find_blocks(a, b, t, rows.blocks + row * rows.blocks_of_row, from, to);
      if (from > to) from = 0, to = -1;
      if (to < 0) from = 0;
      rows.first[row] = (int32_t)from;
      rows.last[row] = (int32_t)to;
      rows.dense[row] = dense;
    }
  });
}

/** The keys that rows t0 … t0 + count − 1 see together; first > last when none does. */
struct Span {
  long first, last;
};
inline Span span_of(const MaskRows& rows, long from, long count) {
  Span span = {1 << 30, -1};
  for (long t = from; t < from + count; t++) {
    if (rows.last[t] < rows.first[t]) continue;
    if (rows.first[t] < span.first) span.first = rows.first[t];
    if (rows.last[t] > span.last) span.last = rows.last[t];
  }
  return span;
}

/** The span of a strip of rows without the blocks that none of them sees, as far as these lie together. */
constexpr int most_runs = 24;
constexpr long shortest_gap = 3 * block_keys;
struct Runs {
  Span at[most_runs];
  int count;
  const Span* begin() const { return at; }
  const Span* end() const { return at + count; }
};

inline Span common(Span a, Span b) { return {a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last}; }

inline Runs runs_of(const MaskRows& rows, long from, long count) {
  Runs runs;
  const Span span = span_of(rows, from, count);
  runs.count = span.last >= 0;
  runs.at[0] = span;
  bool dense = true;
  for (long t = from; t < from + count; t++) dense &= rows.dense[t] != 0;
  if (dense || span.last < 0) return runs;
  runs.count = 0;
  for (long block = span.first / block_keys; block <= span.last / block_keys; block++) {
    uint8_t some = 0;
    for (long t = from; t < from + count; t++) some |= rows.blocks[t * rows.blocks_of_row + block];
    if (!some) continue;
    const Span keys = common(span, {block * block_keys, block * block_keys + block_keys - 1});
    if (runs.count > 0 && (runs.count == most_runs || keys.first - runs.at[runs.count - 1].last <= shortest_gap)) runs.at[runs.count - 1].last = keys.last;
    else runs.at[runs.count++] = keys;
  }
  return runs;
}

/** Keys of a row that its mask leaves out within first … last become −∞ (before the exponential) — rows that are not dense only. */
inline void hide(const Attention& a, const MaskRows& rows, float* x, long b, long t, Span keys) {
  const uint8_t* blocks = rows.blocks + (b * a.T + t) * rows.blocks_of_row;
  for (long s = keys.first; s <= keys.last;) {
    const long block = s / block_keys, n = (block + 1) * block_keys <= keys.last ? (block + 1) * block_keys - s : keys.last + 1 - s;
    uint8_t seen[block_keys];
    if (blocks[block] == block_part) seen_keys(a, b, t, s, n, seen);
    if (blocks[block] != block_whole) for (long i = 0; i < n; i++) if (blocks[block] == block_empty || !seen[i]) x[s + i] = -__builtin_inff();
    s += n;
  }
}

}  // namespace
