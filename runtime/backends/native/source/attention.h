// Attention and its gradient in strips of queries, over the runs of keys that its mask leaves (compiler/ops/attention.ts has the formulas).
// A head's keys and values are packed once into the thread's scratch; a strip's scores stay in the caches, and no T × S matrix exists.
// B batch, T queries, S keys, H heads, G key/value heads, W width of a query or key head, V of a value head.
#pragma once
#include "pool.h"
#include "attention_mask.h"
#include "attention_numbers.h"
#include "elementwise.h"
#include "product.h"
#include "random.h"
#include "vector.h"

namespace {

inline long strip_of(const Attention& a) { return a.S > 4096 ? 8 : a.S > 2048 ? 16 : 32; }
/** Floats of a row of scores; not a multiple of a page. */
inline long pitch_of(long S) { return panels_of(S) * NR + LANES; }

/** Products of `rows` rows of x with the packed keys first … last, at their places in rows of `pitch`; vectors are computed whole. */
template <class N>
inline void scores_of(const typename N::Unit* x, long step, const typename N::Unit* keys, long width, float* to, long pitch, long rows, Span span) {
  if (span.last < span.first) return;
  const long begin = span.first / LANES * LANES, end = padded(span.last + 1), units = N::units(width);
  for (long m = 0; m < rows; m += MR) {
    const long r = rows - m < MR ? rows - m : MR;
    for (long s = begin; s < end;) {
      const long p = s / NR, left = (p + 1) * NR < end ? (p + 1) * NR - s : end - s;
      N::tile(x + m * step, step, keys + p * NR * units + s - p * NR, units, to + m * pitch + s, pitch, r, left);
      s += left;
    }
  }
}

inline void zero(float* x, long from, long to) {
  if (to > from) memset(x + from, 0, 4 * (to - from));
}

/** cap · tanh(x / cap), and 1 − tanh² into slope; what is hidden stays so. */
inline vf capped(vf x, float cap, vf& slope) {
  const vf t = hyperbolic_tangent(x / cap);
  slope = 1.0f - t * t;
  return x == -__builtin_inff() ? x : cap * t;
}

/** Scores of keys first … last of `runs` become e^(score − largest); gives the largest and the sum. */
inline void softmax_row(float* x, const Runs& runs, Span row, float scale, float cap, const float* bias, float& largest, float& sum) {
  const bool plain = cap == 0 && !bias;
  vf most = all(-__builtin_inff());
  for (const Span& run : runs) {
    const Span keys = common(run, row);
    for (long s = keys.first; s <= keys.last; s += LANES) {
      const long n = keys.last + 1 - s;
      vf value = load_n(x + s, n), unused;
      if (!plain) {
        value *= scale;
        if (cap != 0) value = capped(value, cap, unused);
        if (bias) value += load_n(bias + s, n);
        store_n(x + s, value, n);
      }
      most = larger(n >= LANES ? value : first_lanes(value, n, -__builtin_inff()), most);
    }
  }
  const float factor = plain ? scale : 1;
  largest = largest_of(most) * factor;
  vf total = {};
  for (const Span& run : runs) {
    const Span keys = common(run, row);
    for (long s = keys.first; s <= keys.last; s += LANES) {
      const long n = keys.last + 1 - s;
      vf value = exponential_small(load_n(x + s, n) * factor - largest);
      if (n < LANES) value = first_lanes(value, n, 0);
      total += value;
      store_n(x + s, value, n);
    }
  }
  sum = sum_of(total);
}

/** Zeros on `run` but for `keys`. */
inline void zero_around(float* x, long begin, Span run, Span keys) {
  if (keys.last < keys.first) return zero(x, begin, run.last + 1);
  zero(x, begin, keys.first);
  zero(x, keys.last + 1, run.last + 1);
}

template <class N>
inline bool attention_of(const Attention& a, float* out, float* log_sum) {
  typedef typename N::Unit Unit;
  const long strip = strip_of(a), pitch = pitch_of(a.S), VP = padded(a.V), WP = padded(a.W);
  const long values_at = panels_of(a.S) * NR * N::units(a.W), scores_at = values_at + N::units(a.S) * VP, queries_at = scores_at + strip * pitch;
  if (!pt_reserve(4 * (queries_at + MR * WP + MR * pitch + MR), bytes_of_mask(a))) return false;
  const MaskRows rows = mask_rows_at(a, pt_scratch_shared());
  find_mask_rows(a, rows);
  // Few heads are cut into blocks of queries, each packing the head anew: by sizes alone, not by threads.
  const long blocks = a.B * a.H >= 32 || a.T < 256 ? 1 : (a.T + 127) / 128;
  const long queries = (a.T + blocks - 1) / blocks;
  parallel(a.B * a.H * blocks, [&](long task, int thread) {
    float* own = (float*)pt_scratch_of_thread(thread);
    Unit *keys = (Unit*)own, *values = (Unit*)own + values_at, *qs = (Unit*)own + queries_at, *ps = qs + MR * WP;
    float *scores = own + scores_at, *norms = (float*)(ps + MR * pitch);
    const long b = task / blocks / a.H, h = task / blocks % a.H, g = h * a.G / a.H;
    N::pack_keys(keys, a.k + (b * a.S * a.G + g) * a.W, a.S, a.G * a.W, a.W);
    N::pack_values(values, a.v + (b * a.S * a.G + g) * a.V, a.S, a.G * a.V, a.V);
    const long end = task % blocks * queries + queries < a.T ? task % blocks * queries + queries : a.T;
    for (long t0 = task % blocks * queries; t0 < end; t0 += strip) {
      const long count = end - t0 < strip ? end - t0 : strip;
      const Runs runs = runs_of(rows, b * a.T + t0, count);
      for (long m = 0; m < count; m += MR) {
        const long r = count - m < MR ? count - m : MR;
        const long from = t0 + m;
        float* to = out + ((b * a.T + from) * a.H + h) * a.V;
        const Span span = span_of(rows, b * a.T + from, r);
        if (span.last < 0) {
          for (long i = 0; i < r; i++) {
            memset(to + i * a.H * a.V, 0, 4 * a.V);
            log_sum[(b * a.H + h) * a.T + from + i] = 0;
          }
          continue;
        }
        float* p = scores + m * pitch;
        N::pack_rows(qs, a.q + ((b * a.T + from) * a.H + h) * a.W, r, a.H * a.W, a.W);
        for (const Span& run : runs) scores_of<N>(qs, WP, keys, a.W, p, pitch, r, common(run, span));
        for (long i = 0; i < r; i++) {
          const long t = from + i, row = b * a.T + t;
          const Span own_keys = {rows.first[row], rows.last[row]};
          float* x = p + i * pitch;
          float largest = 0, sum = 0;
          if (own_keys.last >= own_keys.first) {
            if (!rows.dense[row]) for (const Span& run : runs) hide(a, rows, x, b, t, common(run, own_keys));
            softmax_row(x, runs, own_keys, a.scale, a.cap, a.bias ? a.bias + (h * a.T + t) * a.S : nullptr, largest, sum);
          }
          for (const Span& run : runs) {
            const Span all_keys = common(run, span), seen = common(run, own_keys);
            if (all_keys.last < all_keys.first) continue;
            zero_around(x, N::floor(all_keys.first), all_keys, seen);
            if (a.drops && seen.last >= seen.first) apply_keep(x + seen.first, x + seen.first, seen.last - seen.first + 1, (h * a.T + t) * a.S + seen.first, (uint32_t)b, a.dropout);
          }
          norms[i] = sum > 0 ? 1 / sum : sum != sum ? sum : 0;
          log_sum[(b * a.H + h) * a.T + t] = own_keys.last < own_keys.first ? 0 : largest + __builtin_logf(sum);
        }
        bool add = false;
        for (const Span& run : runs) {
          const Span seen = common(run, span);
          if (seen.last < seen.first) continue;
          const long begin = N::floor(seen.first), n = seen.last + 1 - begin;
          N::multiply_rows(N::rows_of(ps, p + begin, pitch, r, n), values + N::units(begin) * VP, VP, N::units(n), to, a.H * a.V, add, r, a.V);
          add = true;
        }
        for (long i = 0; i < r; i++) for (long j = 0; j < a.V; j += LANES) store_n(to + i * a.H * a.V + j, load_n(to + i * a.H * a.V + j, a.V - j) * norms[i], a.V - j);
      }
    }
  });
  return true;
}

struct AttentionGradient {
  const float *out, *log_sum, *dout;
  float *dq, *dk, *dv, *dbias;
};

/** p and dp of a row become p · keep and ds · scale on first … last; dbias gets ds. */
inline void gradient_row(float* p, float* dp, long first, long last, float scale, float cap, float shift, float delta, const float* bias, const float* keep, float* dbias) {
  for (long s = first; s <= last; s += LANES) {
    const long n = last + 1 - s;
    vf x = load_n(p + s, n) * scale, steepness = all(scale);
    if (cap != 0) {
      x = capped(x, cap, steepness);
      steepness *= scale;
    }
    if (bias) x += load_n(bias + s, n);
    const vf power = exponential_small(x - shift);
    vf slope = load_n(dp + s, n), kept = power;
    if (keep) {
      const vf factor = load_n(keep + s - first, n);
      slope *= factor;
      kept *= factor;
    }
    const vf ds = power * (slope - delta);
    if (dbias) store_n(dbias + s, load_n(dbias + s, n) + ds, n);
    store_n(p + s, kept, n);
    store_n(dp + s, ds * steepness, n);
  }
}

template <class N>
inline bool attention_gradient_of(const Attention& a, const AttentionGradient& d) {
  typedef typename N::Unit Unit;
  const long strip = strip_of(a), pitch = pitch_of(a.S), WP = padded(a.W), VP = padded(a.V);
  const long values_at = panels_of(a.S) * NR * N::units(a.W), plain_at = values_at + panels_of(a.S) * NR * N::units(a.V);
  const long dk_at = plain_at + N::units(a.S) * WP, dv_at = dk_at + a.S * WP, p_at = dv_at + a.S * VP, dp_at = p_at + strip * pitch;
  const long q_at = dp_at + strip * pitch, do_at = q_at + strip * WP, q_right_at = do_at + strip * VP, do_right_at = q_right_at + strip * WP;
  const long keep_at = do_right_at + strip * VP, left_at = keep_at + pitch;
  if (!pt_reserve(4 * (left_at + strip * pitch), bytes_of_mask(a))) return false;
  const MaskRows rows = mask_rows_at(a, pt_scratch_shared());
  find_mask_rows(a, rows);
  if (a.bias) chunks(a.H * a.T * a.S, [&](long from, long to) { memset(d.dbias + from, 0, 4 * (to - from)); });
  // The gradient of a bias is summed over the batch: then a task takes a head of all examples.
  const long examples = a.bias ? a.B : 1;
  parallel(a.B / (examples == 0 ? 1 : examples) * a.G, [&](long task, int thread) {
    float* own = (float*)pt_scratch_of_thread(thread);
    Unit* units = (Unit*)own;
    Unit *keys = units, *values = units + values_at, *plain = units + plain_at, *qs = units + q_at, *dos = units + do_at, *left = units + left_at;
    float *dk = own + dk_at, *dv = own + dv_at, *p = own + p_at, *dp = own + dp_at, *keep = own + keep_at;
    const long g = task % a.G;
    for (long b = task / a.G * examples; b < (task / a.G + 1) * examples; b++) {
      const float *k = a.k + (b * a.S * a.G + g) * a.W, *v = a.v + (b * a.S * a.G + g) * a.V;
      N::pack_keys(keys, k, a.S, a.G * a.W, a.W);
      N::pack_keys(values, v, a.S, a.G * a.V, a.V);
      N::pack_values(plain, k, a.S, a.G * a.W, a.W);
      memset(dk, 0, 4 * a.S * WP);
      memset(dv, 0, 4 * a.S * VP);
      for (long h = g * (a.H / a.G); h < (g + 1) * (a.H / a.G); h++) {
        for (long t0 = 0; t0 < a.T; t0 += strip) {
          const long count = a.T - t0 < strip ? a.T - t0 : strip;
          const Runs runs = runs_of(rows, b * a.T + t0, count);
          const long from_q = ((b * a.T + t0) * a.H + h) * a.W, from_o = ((b * a.T + t0) * a.H + h) * a.V;
          if (runs.count == 0) {
            for (long i = 0; i < count; i++) memset(d.dq + from_q + i * a.H * a.W, 0, 4 * a.W);
            continue;
          }
          N::pack_rows(qs, a.q + from_q, count, a.H * a.W, a.W);
          N::pack_rows(dos, d.dout + from_o, count, a.H * a.V, a.V);
          const Unit* q_right = N::pack_right(units + q_right_at, qs, a.q + from_q, count, a.H * a.W, a.W);
          const Unit* do_right = N::pack_right(units + do_right_at, dos, d.dout + from_o, count, a.H * a.V, a.V);
          for (long m = 0; m < count; m += MR) {
            const long r = count - m < MR ? count - m : MR;
            const Span span = span_of(rows, b * a.T + t0 + m, r);
            float *pm = p + m * pitch, *dpm = dp + m * pitch;
            for (const Span& run : runs) {
              scores_of<N>(qs + m * WP, WP, keys, a.W, pm, pitch, r, common(run, span));
              scores_of<N>(dos + m * VP, VP, values, a.V, dpm, pitch, r, common(run, span));
            }
            for (long i = 0; i < r; i++) {
              const long t = t0 + m + i, row = b * a.T + t, at = (h * a.T + t) * a.S;
              const Span own_keys = {rows.first[row], rows.last[row]};
              float *x = pm + i * pitch, *y = dpm + i * pitch;
              const float *o = d.out + from_o + (m + i) * a.H * a.V, *dot = d.dout + from_o + (m + i) * a.H * a.V;
              vf sum = {};
              for (long j = 0; j < a.V; j += LANES) sum += load_n(o + j, a.V - j) * N::number(load_n(dot + j, a.V - j));
              const float delta = sum_of(sum);
              for (const Span& run : runs) {
                const Span seen = common(run, own_keys);
                if (seen.last >= seen.first) {
                  if (!rows.dense[row]) hide(a, rows, x, b, t, seen);
                  if (a.drops) fill_keep(keep, seen.last - seen.first + 1, at + seen.first, (uint32_t)b, a.dropout);
                  gradient_row(x, y, seen.first, seen.last, a.scale, a.cap, d.log_sum[(b * a.H + h) * a.T + t], delta, a.bias ? a.bias + at : nullptr, a.drops ? keep : nullptr, a.bias ? d.dbias + at : nullptr);
                }
                zero_around(x, N::floor(run.first), run, seen);
                zero_around(y, N::floor(run.first), run, seen);
              }
            }
            float* to = d.dq + from_q + m * a.H * a.W;
            bool add = false;
            for (const Span& run : runs) {
              const Span seen = common(run, span);
              if (seen.last < seen.first) continue;
              const long from = N::floor(seen.first), n = seen.last + 1 - from;
              N::multiply_rows(N::rows_of(left, dpm + from, pitch, r, n), plain + N::units(from) * WP, WP, N::units(n), to, a.H * a.W, add, r, a.W);
              add = true;
            }
            if (!add) for (long i = 0; i < r; i++) memset(to + i * a.H * a.W, 0, 4 * a.W);
          }
          for (const Span& run : runs) {
            const long n = run.last + 1 - run.first;
            N::multiply_rows(N::columns_of(left, dp + run.first, pitch, count, n), q_right, WP, N::units(count), dk + run.first * WP, WP, true, n, a.W);
            N::multiply_rows(N::columns_of(left, p + run.first, pitch, count, n), do_right, VP, N::units(count), dv + run.first * VP, VP, true, n, a.V);
          }
        }
      }
      for (long s = 0; s < a.S; s++) {
        memcpy(d.dk + ((b * a.S + s) * a.G + g) * a.W, dk + s * WP, 4 * a.W);
        memcpy(d.dv + ((b * a.S + s) * a.G + g) * a.V, dv + s * VP, 4 * a.V);
      }
    }
  });
  return true;
}

/** f of the numbers that products are computed with. */
template <class F>
inline bool with_numbers(bool half, F&& f) {
  if (!half) return f(FloatNumbers<false>());
#ifdef PT_PAIRS
  if (pt_bfloat16 != by_floats) return f(PairNumbers());
#endif
  return f(FloatNumbers<true>());
}

inline bool attention(const Attention& a, bool half, float* out, float* log_sum) {
  return with_numbers(half, [&](auto numbers) { return attention_of<decltype(numbers)>(a, out, log_sum); });
}

inline bool attention_gradient(const Attention& a, bool half, const AttentionGradient& d) {
  return with_numbers(half, [&](auto numbers) { return attention_gradient_of<decltype(numbers)>(a, d); });
}

}  // namespace
