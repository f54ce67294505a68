// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Persistent threads with a static schedule: thread i of T runs [n*i/T, n*(i+1)/T). A loop starts within the time of a
// cache miss while the threads are still spinning; after that they sleep.
#include "core/Parallel.h"
#include "core/Failure.h"
#include "tally-rt/Runtime.h"

#include <atomic>
#include <pthread.h>
#include <sched.h>
#include <thread>

using namespace tally::rt;

namespace {
struct Job {
  int64_t n = 0;
  tally_rt_loop_body body = nullptr;
  void *context = nullptr;
};
} // namespace

static constexpr size_t stackBytes = size_t(64) << 20; // address space; pages are used as they are touched
static int threadCount = 1;
static int spins = 0;
static Job job;
// On cache lines of their own: one is read by all while the other is written by all.
alignas(64) static std::atomic<uint32_t> generation{0};
alignas(64) static std::atomic<uint32_t> running{0};
static thread_local bool insideLoop = false;

static void pauseBriefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Returns the first value of `word` that differs from `old`.
static uint32_t waitForChange(std::atomic<uint32_t> &word, uint32_t old) {
  for (int i = 0; i < spins; ++i) {
    if (uint32_t now = word.load(std::memory_order_acquire); now != old)
      return now;
    pauseBriefly();
  }
  word.wait(old, std::memory_order_acquire);
  return word.load(std::memory_order_acquire);
}

static void runShare(const Job &job, int index) {
  // 128-bit: n * threads may exceed 64 bits.
  auto bound = [&](int i) { return static_cast<int64_t>(static_cast<__int128>(job.n) * i / threadCount); };
  int64_t begin = bound(index), end = bound(index + 1);
  if (begin < end)
    job.body(job.context, begin, end);
}

static void *work(void *argument) {
  int index = static_cast<int>(reinterpret_cast<intptr_t>(argument));
  insideLoop = true;
  for (uint32_t seen = 0;;) {
    seen = waitForChange(generation, seen);
    runShare(job, index);
    if (running.fetch_sub(1, std::memory_order_acq_rel) == 1)
      running.notify_one();
  }
  return nullptr;
}

int tally::rt::availableThreads() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0)
    return CPU_COUNT(&set);
  unsigned count = std::thread::hardware_concurrency();
  return count == 0 ? 1 : static_cast<int>(count);
}

void tally::rt::startThreads(int count) {
  // More threads than cores: whoever spins keeps another from working.
  spins = count <= availableThreads() ? 2000 : 0;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  threadCount = count;
  for (int index = 1; index < count; ++index) {
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, work, reinterpret_cast<void *>(static_cast<intptr_t>(index)));
    if (error != 0)
      throw Failure(DeviceFailed, withReason("cannot start " + std::to_string(count) + " threads", error));
  }
  pthread_attr_destroy(&attributes);
}

extern "C" void tally_rt_parallel_for(int64_t n, tally_rt_loop_body body, void *context) {
  if (n <= 0)
    return;
  if (threadCount == 1 || n == 1 || insideLoop) {
    body(context, 0, n);
    return;
  }
  job = {n, body, context};
  running.store(static_cast<uint32_t>(threadCount - 1), std::memory_order_relaxed);
  generation.fetch_add(1, std::memory_order_release);
  generation.notify_all();
  insideLoop = true;
  runShare(job, 0);
  insideLoop = false;
  for (uint32_t left = running.load(std::memory_order_acquire); left != 0;)
    left = waitForChange(running, left);
}
