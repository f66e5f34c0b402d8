// The second SIGINT or SIGTERM ends the process at once. JavaScript hears of signals only between two steps, and a step may take minutes:
// the signal's own handler, which libuv's has set before, is called through one that counts.
#pragma once
#if !defined(_WIN32)
#include <signal.h>
#include <string.h>
#include <unistd.h>

namespace {

char last_word[1024];
volatile sig_atomic_t last_word_size = 0, heard = 0;
constexpr int interrupts[] = {SIGINT, SIGTERM};
struct sigaction before[2];

void hear(int number, siginfo_t* info, void* context) {
  if (heard++) {
    // Whether it can be written changes nothing.
    if (write(2, last_word, (size_t)last_word_size) < 0) _exit(128 + number);
    _exit(128 + number);
  }
  const struct sigaction& own = before[number == SIGTERM];
  if (own.sa_flags & SA_SIGINFO) own.sa_sigaction(number, info, context);
  else own.sa_handler(number);
}

/** Prints `word`, of at most 1,024 bytes, when the second signal comes. Signals that the program does not listen to are left alone. */
void end_at_second(const char* word, size_t size) {
  last_word_size = 0;
  memcpy(last_word, word, size);
  last_word_size = (sig_atomic_t)size;
  for (int i = 0; i < 2; i++) {
    struct sigaction now;
    if (sigaction(interrupts[i], nullptr, &now) != 0) continue;
    if (now.sa_flags & SA_SIGINFO ? now.sa_sigaction == hear : now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) continue;
    before[i] = now;
    now.sa_flags |= SA_SIGINFO;
    now.sa_sigaction = hear;
    sigaction(interrupts[i], &now, nullptr);
  }
}

}  // namespace
#else
namespace {
constexpr char last_word[1024] = "";
void end_at_second(const char*, size_t) {}
}  // namespace
#endif
