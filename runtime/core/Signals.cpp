// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The handler only sets a flag: the loop finishes its step, saves, and ends.
#include "core/Signals.h"
#include "core/Failure.h"

#include <csignal>
#include <unistd.h>

using namespace tally::rt;

static volatile std::sig_atomic_t noted = 0;

static void note(int number) {
  if (noted != 0)
    ::_exit(SignalBase + number);
  noted = number;
}

void tally::rt::installSignalHandlers() {
  struct sigaction action = {};
  action.sa_handler = note;
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
