// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The handler only sets a flag: the loop finishes its step, saves, and ends.
#include "core/Signals.h"
#include "core/Failure.h"

#include <atomic>
#include <csignal>
#include <ctime>
#include <unistd.h>

using namespace tally::rt;

/// Milliseconds within which a signal counts as the one before: `timeout` and shells send theirs to a process and to its
/// group, so that one wish to stop arrives twice.
static constexpr int64_t echo = 1000;
static std::atomic<int> noted{0};
static std::atomic<int64_t> notedAt{0};
// What a handler may touch.
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<int64_t>::is_always_lock_free);

static void note(int number) {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t milliseconds = int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
  if (noted == 0) {
    notedAt = milliseconds;
    noted = number;
  } else if (milliseconds - notedAt > echo) {
    ::_exit(SignalBase + number);
  }
}

void tally::rt::installSignalHandlers() {
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hangUp = {};
  if (sigaction(SIGHUP, nullptr, &hangUp) == 0 && hangUp.sa_handler != SIG_IGN) // nohup stays in force
    sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int tally::rt::pendingSignal() { return noted; }
