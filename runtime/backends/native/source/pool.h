// The thread pool and the scratch memory that all kernels share. One region runs at a time.
#pragma once
#include <stddef.h>

/** Runs body(context, task, thread) for each task in 0 ... tasks - 1, on all threads; the calling thread takes part as thread 0. */
void pt_parallel(long tasks, void (*body)(void* context, long task, int thread), void* context);

/** Makes room: false when there is no memory. What was there before is lost. Aligned to 64 bytes. */
bool pt_reserve(size_t bytes_of_thread, size_t bytes_shared);
char* pt_scratch_of_thread(int thread);
char* pt_scratch_shared();

int pt_threads();
/** Threads besides the calling one start on the first region. */
void pt_set_threads(int threads);

namespace {
/** `f(task, thread)`. */
template <class F>
inline void parallel(long tasks, F&& f) {
  struct Call {
    static void run(void* context, long task, int thread) { (*(__typeof__(&f))context)(task, thread); }
  };
  pt_parallel(tasks, Call::run, (void*)&f);
}
}  // namespace
