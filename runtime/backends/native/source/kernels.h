// What the addon knows of the kernels: their names, and one entry for each instruction set that the build has.
#pragma once

enum Outcome { done, no_memory, bad_index };

#define PT_KERNELS(f) \
  f(product) f(linear_gated) f(activate) f(activate_gradient) f(add) f(subtract) f(multiply) f(divide) f(scale) f(shift) f(square) f(square_root) \
  f(sum_rows) f(sum_of_squares) f(adamw) f(layernorm) f(layernorm_gradient) f(rmsnorm) f(rmsnorm_gradient) \
  f(cross_entropy) f(cross_entropy_gradient) f(linear_cross_entropy) f(embedding) f(embedding_gradient) f(copy) f(rope) f(relative_bias) f(relative_bias_gradient) f(dropout) f(attention) f(attention_gradient)

/** How products of bfloat16 are computed (bfloat.h): rounded floats, pairs by AVX512_BF16, AMX tiles, or tiles in plain code, for tests. */
enum Bfloat16 { by_floats, by_pairs, by_tiles, by_plain_tiles };
extern Bfloat16 pt_bfloat16;

Outcome pt_run_baseline(int kernel, const double* arguments);
#if defined(__x86_64__)
Outcome pt_run_avx2(int kernel, const double* arguments);
Outcome pt_run_avx512(int kernel, const double* arguments);
#endif
