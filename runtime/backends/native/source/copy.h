// Copies between tensors in different orders: transposition, slices, repetition.
#pragma once
#include "pool.h"
#include "vector.h"

namespace {

constexpr int most_axes = 6;

/** y at Σ i·to[axis] = x at Σ i·from[axis] over all indices of `size`; steps in elements of four bytes. */
struct Copy {
  long axes, size[most_axes], from[most_axes], to[most_axes];
};

/** One row of the last axis, or with the axis before it: blocks of 16 × 16 where one tensor runs along the one and the other along the other. */
inline void copy_plane(const int32_t* x, int32_t* y, long rows, long row_from, long row_to, long n, long from, long to) {
  if (from == 1 && to == 1) {
    for (long i = 0; i < rows; i++) memcpy(y + i * row_to, x + i * row_from, 4 * n);
    return;
  }
  for (long a = 0; a < rows; a += 16) {
    const long last = rows < a + 16 ? rows : a + 16;
    for (long b = 0; b < n; b += 16) {
      const long end = n < b + 16 ? n : b + 16;
      for (long i = a; i < last; i++) for (long j = b; j < end; j++) y[i * row_to + j * to] = x[i * row_from + j * from];
    }
  }
}

inline void copy(const Copy& c, const int32_t* x, int32_t* y) {
  long outer = 1;
  for (int axis = 0; axis < c.axes; axis++) if (c.size[axis] == 0) return;
  for (int axis = 0; axis + 2 < c.axes; axis++) outer *= c.size[axis];
  const long n = c.size[c.axes - 1], rows = c.axes > 1 ? c.size[c.axes - 2] : 1;
  const long row_from = c.axes > 1 ? c.from[c.axes - 2] : 0, row_to = c.axes > 1 ? c.to[c.axes - 2] : 0;
  const long together = n >= 16384 ? 1 : 16384 / n, pieces = (rows + together - 1) / together;
  parallel(outer * pieces, [&](long task, int) {
    const long first = task % pieces * together, count = rows - first < together ? rows - first : together;
    long from = first * row_from, to = first * row_to, index = task / pieces;
    for (long axis = c.axes - 3; axis >= 0; axis--) {
      from += index % c.size[axis] * c.from[axis];
      to += index % c.size[axis] * c.to[axis];
      index /= c.size[axis];
    }
    copy_plane(x + from, y + to, count, row_from, row_to, n, c.from[c.axes - 1], c.to[c.axes - 1]);
  });
}

}  // namespace
