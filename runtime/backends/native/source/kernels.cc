// The kernels of one instruction set: this file is compiled once for each, with PT_SET its name.
// A kernel takes its arguments as numbers, addresses among them, in the order in which kernels.ts gives them.
#include "kernels.h"
#include "attention.h"
#include "bfloat.h"
#include "copy.h"
#include "elementwise.h"
#include "few_rows.h"
#include "gated.h"
#include "loss.h"
#include "product.h"
#include "random.h"
#include "relative.h"
#include "rows.h"

namespace {

struct Arguments {
  const double* at;
  float* floats() { return (float*)(uintptr_t)*at++; }
  int32_t* integers() { return (int32_t*)(uintptr_t)*at++; }
  uint8_t* bytes() { return (uint8_t*)(uintptr_t)*at++; }
  long integer() { return (long)*at++; }
  float number() { return (float)*at++; }
  bool flag() { return *at++ != 0; }
};

Outcome outcome(bool enough) { return enough ? done : no_memory; }

Strided matrix(Arguments& a) {
  const float* at = a.floats();
  const long row = a.integer();
  return {at, row, a.integer()};
}

Outcome run_product(Arguments a) {
  const Strided x = matrix(a), y = matrix(a);
  float* z = a.floats();
  const long M = a.integer(), N = a.integer(), K = a.integer();
  const bool add = a.flag();
  Finish finish;
  finish.bias = a.floats();
  finish.addend = a.floats();
  finish.factor = a.floats();
  finish.other = a.floats();
  finish.second = a.floats();
  finish.activation = (int)a.integer();
  finish.slope = a.floats();
  finish.sums = a.floats();
  const bool rounded = a.flag();
  if (!rounded && !finish.sums && has_few_rows(x, y, M, K, add)) {
    multiply_few_rows(x, y, z, M, N, K, finish);
    return done;
  }
  return outcome(multiply(x, y, z, M, N, K, add, finish, rounded));
}

Outcome run_linear_gated(Arguments a) {
  Gated c;
  c.x = a.floats();
  c.gate = a.floats();
  c.up = a.floats();
  c.gate_bias = a.floats();
  c.up_bias = a.floats();
  c.y = a.floats();
  c.gate_slope = a.floats();
  c.up_slope = a.floats();
  c.M = a.integer();
  c.N = a.integer();
  c.K = a.integer();
  c.activation = (int)a.integer();
  return outcome(linear_gated(c, a.flag()));
}

Outcome run_activate(Arguments a) {
  const float* x = a.floats();
  float* y = a.floats();
  const long size = a.integer();
  with_activation((int)a.integer(), [&](auto code) {
    map_one(x, y, size, [](vf v) {
      vf slope;
      return activation_of<decltype(code)::value>(v, slope);
    });
  });
  return done;
}

Outcome run_activate_gradient(Arguments a) {
  const float *x = a.floats(), *dy = a.floats();
  float* dx = a.floats();
  const long size = a.integer();
  with_activation((int)a.integer(), [&](auto code) {
    map_two(x, dy, dx, size, [](vf v, vf d) {
      vf slope;
      activation_of<decltype(code)::value>(v, slope);
      return d * slope;
    });
  });
  return done;
}

template <class F>
Outcome run_binary(Arguments a, F&& f) {
  const float *x = a.floats(), *y = a.floats();
  float* z = a.floats();
  const long rows = a.integer(), part = a.integer();
  map_repeated(x, y, z, rows, part, f);
  return done;
}
Outcome run_add(Arguments a) { return run_binary(a, [](vf x, vf y) { return x + y; }); }
Outcome run_subtract(Arguments a) { return run_binary(a, [](vf x, vf y) { return x - y; }); }
Outcome run_multiply(Arguments a) { return run_binary(a, [](vf x, vf y) { return x * y; }); }
Outcome run_divide(Arguments a) { return run_binary(a, [](vf x, vf y) { return x / y; }); }

template <class F>
Outcome run_unary(Arguments a, F&& f) {
  const float* x = a.floats();
  float* y = a.floats();
  const long size = a.integer();
  const float number = a.number();
  map_one(x, y, size, [&](vf v) { return f(v, number); });
  return done;
}
Outcome run_scale(Arguments a) { return run_unary(a, [](vf x, float by) { return x * by; }); }
Outcome run_shift(Arguments a) { return run_unary(a, [](vf x, float by) { return x + by; }); }
Outcome run_square(Arguments a) { return run_unary(a, [](vf x, float) { return x * x; }); }
Outcome run_square_root(Arguments a) { return run_unary(a, [](vf x, float) { return root(x); }); }

Outcome run_sum_rows(Arguments a) {
  const float* x = a.floats();
  float* y = a.floats();
  const long rows = a.integer();
  return outcome(sum_rows(x, y, rows, a.integer()));
}

Table table_of(Arguments& a, long columns) {
  const double* rows = (const double*)a.floats();
  return {rows, a.integer(), columns};
}

Outcome run_sum_of_squares(Arguments a) { return outcome(sums_of_squares(table_of(a, 3))); }

Outcome run_adamw(Arguments a) {
  char* none;
  return outcome(table_chunks(table_of(a, 17), 0, none, [](const double* row, long from, long to, long) {
    Arguments r = {row};
    const long size = r.integer();
    Adamw u;
    u.p = r.floats();
    u.g = r.floats();
    u.m = r.floats();
    u.v = r.floats();
    u.p2 = r.floats();
    u.m2 = r.floats();
    u.v2 = r.floats();
    u.factor = r.number();
    u.keep = r.number();
    u.beta1 = r.number();
    u.other1 = r.number();
    u.beta2 = r.number();
    u.other2 = r.number();
    u.step = r.number();
    u.root2 = r.number();
    u.eps = r.number();
    adamw(u, from, to, size >= 1 << 16);
  }));
}

Outcome run_relative_bias(Arguments a) {
  const float* weight = a.floats();
  const int32_t* buckets = a.integers();
  float* bias = a.floats();
  const long H = a.integer(), T = a.integer();
  return outcome(relative_bias(weight, buckets, bias, H, T, a.integer()));
}

Outcome run_relative_bias_gradient(Arguments a) {
  const float* dbias = a.floats();
  const int32_t* buckets = a.integers();
  float* dweight = a.floats();
  const long H = a.integer(), T = a.integer(), S = a.integer();
  return outcome(relative_bias_gradient(dbias, buckets, dweight, H, T, S, a.integer()));
}

Outcome run_layernorm(Arguments a) {
  const float *x = a.floats(), *weight = a.floats(), *bias = a.floats();
  float *y = a.floats(), *mean = a.floats(), *deviation = a.floats();
  const long rows = a.integer(), width = a.integer();
  layernorm(x, weight, bias, y, mean, deviation, rows, width, a.number());
  return done;
}

Outcome run_layernorm_gradient(Arguments a) {
  const float *x = a.floats(), *weight = a.floats(), *mean = a.floats(), *deviation = a.floats(), *dy = a.floats();
  float *dx = a.floats(), *dweight = a.floats(), *dbias = a.floats();
  const long rows = a.integer();
  return outcome(layernorm_gradient(x, weight, mean, deviation, dy, dx, dweight, dbias, rows, a.integer()));
}

Outcome run_rmsnorm(Arguments a) {
  const float *x = a.floats(), *weight = a.floats();
  float *y = a.floats(), *deviation = a.floats();
  const long rows = a.integer(), width = a.integer();
  const float eps = a.number();
  rmsnorm(x, weight, y, deviation, rows, width, eps, a.number());
  return done;
}

Outcome run_rmsnorm_gradient(Arguments a) {
  const float *x = a.floats(), *weight = a.floats(), *deviation = a.floats(), *dy = a.floats();
  float *dx = a.floats(), *dweight = a.floats();
  const long rows = a.integer(), width = a.integer();
  return outcome(rmsnorm_gradient(x, weight, deviation, dy, dx, dweight, rows, width, a.number()));
}

Outcome run_cross_entropy(Arguments a) {
  const float* logits = a.floats();
  const int32_t* targets = a.integers();
  const float* weights = a.floats();
  float *loss = a.floats(), *log_sums = a.floats();
  const long rows = a.integer(), width = a.integer();
  for (long row = 0; row < rows; row++) if (weights[row] != 0 && (targets[row] < 0 || targets[row] >= width)) return bad_index;
  return outcome(cross_entropy(logits, targets, weights, loss, log_sums, rows, width));
}

Outcome run_cross_entropy_gradient(Arguments a) {
  const float* logits = a.floats();
  const int32_t* targets = a.integers();
  const float *weights = a.floats(), *log_sums = a.floats(), *dloss = a.floats();
  float* dlogits = a.floats();
  const long rows = a.integer(), width = a.integer();
  for (long row = 0; row < rows; row++) if (weights[row] != 0 && (targets[row] < 0 || targets[row] >= width)) return bad_index;
  cross_entropy_gradient(logits, targets, weights, log_sums, dloss[0], dlogits, rows, width);
  return done;
}

/** Both linear_cross_entropy, without dx, and its gradient. */
Outcome run_linear_cross_entropy(Arguments a) {
  Loss c;
  c.x = a.floats();
  c.weight = a.floats();
  c.targets = a.integers();
  c.weights = a.floats();
  c.bias = a.floats();
  const float* dloss = a.floats();
  c.loss = a.floats();
  c.dx = a.floats();
  c.dweight = a.floats();
  c.dbias = a.floats();
  c.rows = a.integer();
  c.D = a.integer();
  c.V = a.integer();
  const bool half = a.flag();
  c.dloss = dloss ? dloss[0] : 0;
  for (long row = 0; row < c.rows; row++) if (c.weights[row] != 0 && (c.targets[row] < 0 || c.targets[row] >= c.V)) return bad_index;
  return outcome(with_way(half, [&](auto way) { return linear_cross_entropy<decltype(way)>(c); }));
}

Outcome run_embedding(Arguments a) {
  const float* table = a.floats();
  const int32_t* ids = a.integers();
  float* y = a.floats();
  const long count = a.integer(), rows = a.integer();
  return embedding(table, ids, y, count, rows, a.integer()) ? done : bad_index;
}

Outcome run_embedding_gradient(Arguments a) {
  const int32_t* ids = a.integers();
  const float* dy = a.floats();
  float* dtable = a.floats();
  const long count = a.integer(), rows = a.integer(), width = a.integer();
  return embedding_gradient(ids, dy, dtable, count, rows, width, a.integer()) ? done : bad_index;
}

Outcome run_copy(Arguments a) {
  const int32_t* x = a.integers();
  int32_t* y = a.integers();
  Copy c;
  c.axes = a.integer();
  for (int axis = 0; axis < c.axes; axis++) {
    c.size[axis] = a.integer();
    c.from[axis] = a.integer();
    c.to[axis] = a.integer();
  }
  copy(c, x, y);
  return done;
}

Outcome run_rope(Arguments a) {
  const float* x = a.floats();
  const int32_t* slot = a.integers();
  const float *cos = a.floats(), *sin = a.floats();
  float* y = a.floats();
  const long rows = a.integer(), heads = a.integer();
  rope(x, slot, cos, sin, y, rows, heads, a.integer());
  return done;
}

Dropout dropout_of(Arguments& a) {
  Dropout d;
  d.seed0 = (uint32_t)(int64_t)*a.at++;
  d.key1 = (uint32_t)(int64_t)*a.at++;
  d.step = (uint32_t)(int64_t)*a.at++;
  d.first = (uint32_t)(int64_t)*a.at++;
  d.site = (uint32_t)(int64_t)*a.at++;
  d.threshold = (uint32_t)(int64_t)*a.at++;
  d.scale = a.number();
  return d;
}

Outcome run_dropout(Arguments a) {
  const float* x = a.floats();
  float* y = a.floats();
  const long examples = a.integer(), size = a.integer();
  dropout(x, y, examples, size, dropout_of(a));
  return done;
}

Attention attention_arguments(Arguments& a) {
  Attention c;
  c.q = a.floats();
  c.k = a.floats();
  c.v = a.floats();
  c.bias = a.floats();
  c.real = a.integers();
  c.documents = a.integers();
  c.key_documents = a.integers();
  c.prefix = a.integers();
  c.allowed = a.bytes();
  c.allowed_step = a.integer();
  c.B = a.integer();
  c.T = a.integer();
  c.S = a.integer();
  c.H = a.integer();
  c.G = a.integer();
  c.W = a.integer();
  c.V = a.integer();
  c.offset = a.integer();
  c.has_low = a.flag();
  c.low = a.integer();
  c.has_high = a.flag();
  c.high = a.integer();
  c.scale = a.number();
  c.cap = a.number();
  c.drops = a.flag();
  c.dropout = dropout_of(a);
  return c;
}

Outcome run_attention(Arguments a) {
  const Attention c = attention_arguments(a);
  const bool half = a.flag();
  float *out = a.floats(), *log_sum = a.floats();
  return outcome(attention(c, half, out, log_sum));
}

Outcome run_attention_gradient(Arguments a) {
  const Attention c = attention_arguments(a);
  const bool half = a.flag();
  AttentionGradient d;
  d.out = a.floats();
  d.log_sum = a.floats();
  d.dout = a.floats();
  d.dq = a.floats();
  d.dk = a.floats();
  d.dv = a.floats();
  d.dbias = a.floats();
  return outcome(attention_gradient(c, half, d));
}

typedef Outcome (*Run)(Arguments);
constexpr Run runs[] = {
#define KERNEL(name) run_##name,
    PT_KERNELS(KERNEL)
#undef KERNEL
};

}  // namespace

#define PT_JOIN(a, b) a##b
#define PT_NAME(set) PT_JOIN(pt_run_, set)
Outcome PT_NAME(PT_SET)(int kernel, const double* arguments) { return runs[kernel]({arguments}); }
