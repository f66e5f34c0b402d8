// Threads that wait for regions: each spins for a short while, then sleeps. Tasks are dealt out one by one, so a kernel's result
// must not depend on which thread runs a task: that is what makes results the same for every number of threads.
#include "pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include "denormals.h"

namespace {

constexpr int most_threads = 256;
/** About 50 microseconds: longer than the gap between two kernels of a step. */
constexpr int spins = 2000;

struct Region {
  void (*body)(void*, long, int) = nullptr;
  void* context = nullptr;
  long tasks = 0;
};

int threads = 1;
int started = 1;
Region region;
std::atomic<long> next_task{0};
/** Threads that have still to finish the region. */
std::atomic<int> busy{0};
std::atomic<uint32_t> generation{0};
std::atomic<int> asleep{0};
// Never destroyed: workers wait on them until the process ends.
std::mutex& mutex = *new std::mutex;
std::condition_variable& wake = *new std::condition_variable;
char* scratch[most_threads] = {};
size_t scratch_bytes = 0;
char* shared = nullptr;
size_t shared_bytes = 0;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void take_tasks(int thread) {
  for (;;) {
    const long task = next_task.fetch_add(1, std::memory_order_relaxed);
    if (task >= region.tasks) return;
    region.body(region.context, task, thread);
  }
}

void work(int thread, uint32_t seen) {
  flush_denormals();
  for (;;) {
    int turns = 0;
    while (generation.load(std::memory_order_acquire) == seen) {
      if (++turns < spins) {
        pause();
        continue;
      }
      std::unique_lock<std::mutex> lock(mutex);
      asleep.fetch_add(1, std::memory_order_seq_cst);
      wake.wait(lock, [&] { return generation.load(std::memory_order_seq_cst) != seen; });
      asleep.fetch_sub(1, std::memory_order_seq_cst);
    }
    seen = generation.load(std::memory_order_acquire);
    take_tasks(thread);
    busy.fetch_sub(1, std::memory_order_release);
  }
}

void start() {
  for (; started < threads; started++) {
    const int thread = started;
    const uint32_t seen = generation.load();
    try {
      std::thread(work, thread, seen).detach();
    } catch (...) {
      threads = started;
      return;
    }
  }
}

bool grow(char*& area, size_t bytes) {
  free(area);
  area = (char*)aligned_alloc(64, (bytes + 63) / 64 * 64);
  return area != nullptr;
}

}  // namespace

void pt_parallel(long tasks, void (*body)(void*, long, int), void* context) {
  if (tasks <= 0) return;
  if (tasks == 1 || threads == 1) {
    for (long task = 0; task < tasks; task++) body(context, task, 0);
    return;
  }
  if (started < threads) start();
  region = {body, context, tasks};
  next_task.store(0, std::memory_order_relaxed);
  busy.store(started - 1, std::memory_order_relaxed);
  generation.fetch_add(1, std::memory_order_seq_cst);
  if (asleep.load(std::memory_order_seq_cst) > 0) {
    std::lock_guard<std::mutex> lock(mutex);
    wake.notify_all();
  }
  take_tasks(0);
  for (int turns = 0; busy.load(std::memory_order_acquire) > 0; turns++) {
    if (turns < spins) pause();
    else sched_yield();
  }
}

bool pt_reserve(size_t bytes_of_thread, size_t bytes_shared) {
  if (bytes_of_thread > scratch_bytes) {
    scratch_bytes = 0;
    for (int thread = 0; thread < threads; thread++) if (!grow(scratch[thread], bytes_of_thread)) return false;
    scratch_bytes = bytes_of_thread;
  }
  if (bytes_shared > shared_bytes) {
    shared_bytes = 0;
    if (!grow(shared, bytes_shared)) return false;
    shared_bytes = bytes_shared;
  }
  return true;
}

char* pt_scratch_of_thread(int thread) { return scratch[thread]; }
char* pt_scratch_shared() { return shared; }
int pt_threads() { return threads; }

void pt_set_threads(int wanted) {
  const int limited = wanted < 1 ? 1 : wanted > most_threads ? most_threads : wanted;
  // Threads that run stay; their scratch is made anew for the new number.
  if (limited < started) return;
  threads = limited;
  scratch_bytes = 0;
}
