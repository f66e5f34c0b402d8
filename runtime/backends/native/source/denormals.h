// Flush-to-zero and denormals-are-zero: a product with a denormal takes a hundred cycles, and attention makes many.
#pragma once
#if defined(__x86_64__)
#include <xmmintrin.h>
inline unsigned flush_denormals() {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  return before;
}
inline void restore_denormals(unsigned before) { _mm_setcsr(before); }
#elif defined(__aarch64__)
inline unsigned long flush_denormals() {
  unsigned long before;
  asm volatile("mrs %0, fpcr" : "=r"(before));
  asm volatile("msr fpcr, %0" ::"r"(before | (1ul << 24)));
  return before;
}
inline void restore_denormals(unsigned long before) { asm volatile("msr fpcr, %0" ::"r"(before)); }
#else
inline unsigned flush_denormals() { return 0; }
inline void restore_denormals(unsigned) {}
#endif
