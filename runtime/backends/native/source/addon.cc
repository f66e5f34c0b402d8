// The Node-API addon: memory, the choice of instruction set, and `run`, which calls a kernel by its number with arguments that
// JavaScript has written into a shared array of doubles: one call without conversions, about 0.05 microseconds.
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "denormals.h"
#include "interrupt.h"
#include "kernels.h"
#include "pool.h"
#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace {

constexpr size_t most_arguments = 64;
/** Vectors may be read to the end of their 64 bytes. */
constexpr size_t alignment = 64;

double* arguments = nullptr;
typedef Outcome (*Entry)(int kernel, const double* arguments);
Entry entry = pt_run_baseline;

const char* const kernel_names[] = {
#define KERNEL(name) #name,
    PT_KERNELS(KERNEL)
#undef KERNEL
};
constexpr int kernel_count = sizeof kernel_names / sizeof *kernel_names;

napi_value throw_error(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

double number_of(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

/** run(kernel): 0 when done; 1 when there was no memory; 2 when an index was out of range. */
napi_value run(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  int32_t kernel = -1;
  napi_get_value_int32(env, value, &kernel);
  if (kernel < 0 || kernel >= kernel_count) return throw_error(env, "no such kernel");
  const auto before = flush_denormals();
  const Outcome outcome = entry(kernel, arguments);
  restore_denormals(before);
  napi_value result;
  napi_create_int32(env, outcome, &result);
  return result;
}

void release(napi_env env, void* data, void* bytes) {
  free(data);
  int64_t after;
  napi_adjust_external_memory(env, -(int64_t)(intptr_t)bytes, &after);
}

/** allocate(bytes): an ArrayBuffer, aligned, content arbitrary; undefined when there is no memory. */
napi_value allocate(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  const double wanted = number_of(env, value);
  if (!(wanted >= 0 && wanted < 9e15)) return throw_error(env, "no such size");
  const size_t bytes = ((size_t)wanted + alignment - 1) / alignment * alignment;
  void* data = aligned_alloc(alignment, bytes == 0 ? alignment : bytes);
  if (!data) return nullptr;
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, data, (size_t)wanted, release, (void*)(intptr_t)wanted, &buffer) != napi_ok) {
    free(data);
    return throw_error(env, "this program allows no memory outside of its heap");
  }
  int64_t after;
  napi_adjust_external_memory(env, (int64_t)wanted, &after);
  return buffer;
}

/** address(typed array): where its data lies, as long as its buffer is alive. */
napi_value address(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  void* data = nullptr;
  if (napi_get_typedarray_info(env, value, nullptr, nullptr, &data, nullptr, nullptr) != napi_ok) return throw_error(env, "not a typed array");
  return number(env, (double)(uintptr_t)data);
}

/** set_threads(n): gives the number that will run. */
napi_value set_threads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  pt_set_threads((int)number_of(env, value));
  return number(env, pt_threads());
}

/** end_at_second(word): see interrupt.h. */
napi_value end_at_second(napi_env env, napi_callback_info info) {
  size_t count = 1, size;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  char word[sizeof last_word];
  if (napi_get_value_string_utf8(env, value, word, sizeof word, &size) != napi_ok) return throw_error(env, "not a string");
  end_at_second(word, size);
  return nullptr;
}

}  // namespace
Bfloat16 pt_bfloat16 = by_floats;
namespace {

#if defined(__x86_64__)
void cpuid(unsigned leaf, unsigned sub, unsigned* words) { __asm__("cpuid" : "=a"(words[0]), "=b"(words[1]), "=c"(words[2]), "=d"(words[3]) : "a"(leaf), "c"(sub)); }

/** AVX512_BF16: leaf 7.1, EAX bit 5. */
bool has_pairs() {
  unsigned words[4];
  cpuid(7, 0, words);
  if (words[0] < 1) return false;
  cpuid(7, 1, words);
  return words[0] >> 5 & 1;
}

/** AMX-BF16 and AMX-TILE (leaf 7, EDX bits 22 and 24), tiles among what the system saves (XCR0 bits 17 and 18), and leave to use them. */
bool has_tiles() {
#if defined(__linux__)
  unsigned words[4], low, high;
  cpuid(7, 0, words);
  if (!(words[3] >> 22 & 1) || !(words[3] >> 24 & 1)) return false;
  cpuid(1, 0, words);
  if (!(words[2] >> 27 & 1)) return false;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low >> 17 & 3) != 3) return false;
  constexpr long request_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
  return false;
#endif
}

bool supports(const char* set) {
  __builtin_cpu_init();
  if (!strcmp(set, "avx512")) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
  if (!strcmp(set, "avx2")) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return true;
}
#endif

/** choose(set): uses this instruction set if the CPU has it; gives whether it does. */
napi_value choose(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  char set[24] = "";
  napi_get_value_string_utf8(env, value, set, sizeof set, nullptr);
  bool found = !strcmp(set, "baseline");
  if (found) entry = pt_run_baseline, pt_bfloat16 = by_floats;
#if defined(__x86_64__)
  if (!strcmp(set, "avx2") && supports(set)) found = true, entry = pt_run_avx2, pt_bfloat16 = by_floats;
  const auto wide = [&](Bfloat16 how) { found = true, entry = pt_run_avx512, pt_bfloat16 = how; };
  if (supports("avx512")) {
    if (!strcmp(set, "avx512")) wide(by_floats);
    if (!strcmp(set, "avx512_bf16") && has_pairs()) wide(by_pairs);
    if (!strcmp(set, "amx_in_software") && has_pairs()) wide(by_plain_tiles);
    if (!strcmp(set, "amx") && has_pairs() && has_tiles()) wide(by_tiles);
  }
#endif
  napi_value result;
  napi_get_boolean(env, found, &result);
  return result;
}

void put(napi_env env, napi_value object, const char* name, napi_callback body) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, body, nullptr, &function);
  napi_set_named_property(env, object, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  put(env, exports, "run", run);
  put(env, exports, "allocate", allocate);
  put(env, exports, "address", address);
  put(env, exports, "set_threads", set_threads);
  put(env, exports, "choose", choose);
  put(env, exports, "end_at_second", end_at_second);
  napi_value sources, names, buffer, array;
  napi_create_string_utf8(env, PT_SOURCES, NAPI_AUTO_LENGTH, &sources);
  napi_set_named_property(env, exports, "sources", sources);
  napi_create_array_with_length(env, kernel_count, &names);
  for (int i = 0; i < kernel_count; i++) {
    napi_value name;
    napi_create_string_utf8(env, kernel_names[i], NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, (uint32_t)i, name);
  }
  napi_set_named_property(env, exports, "kernels", names);
  // One array for the process, made once: kernels run on the main thread only.
  if (!arguments) arguments = (double*)calloc(most_arguments, sizeof(double));
  napi_create_external_arraybuffer(env, arguments, most_arguments * sizeof(double), nullptr, nullptr, &buffer);
  napi_create_typedarray(env, napi_float64_array, most_arguments, buffer, 0, &array);
  napi_set_named_property(env, exports, "arguments", array);
  return exports;
}
