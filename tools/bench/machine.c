// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Measures this machine for `tally cost --machine host`, which compiles it for this processor (cc -O3 -march=native -pthread): prints the YAML of a machine.
// All cores compute and copy at the same time: multiply-adds in registers, copies of halves of each cache and of memory. The best of several rounds counts.
// The rate of matrix registers (AMX) is not measured: who wants it writes it into the file.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define VECTOR 64
#elif defined(__AVX__)
#define VECTOR 32
#else
#define VECTOR 16
#endif
enum { rounds = 40, chains = 12, turns = 1 << 20 };
static const long moved = 1L << 26; // bytes that a thread copies in a round

static int threads;
static pthread_barrier_t barrier;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

#if defined(__x86_64__)
#define REGISTER "x"
#else
#define REGISTER "w"
#endif

// Chains of x = x * a + b that do not wait for each other: 2 operations for each element.
#define DEFINE_PEAK(type)                                                                                              \
  typedef type type##_vector __attribute__((vector_size(VECTOR)));                                                     \
  static double type##_peak(long unused) {                                                                             \
    (void)unused;                                                                                                      \
    type##_vector x[chains] = {{0}}, a = x[0] + (type)0.5, b = x[0] + (type)0.25;                                      \
    __asm__ volatile("" : "+" REGISTER(a), "+" REGISTER(b));                                                           \
    for (long turn = 0; turn < turns; ++turn)                                                                          \
      _Pragma("GCC unroll 12") for (int chain = 0; chain < chains; ++chain) x[chain] = x[chain] * a + b;               \
    for (int chain = 0; chain < chains; ++chain)                                                                       \
      __asm__ volatile("" : : REGISTER(x[chain]));                                                                     \
    return 2.0 * chains * turns * (VECTOR / sizeof(type));                                                             \
  }
DEFINE_PEAK(float)
DEFINE_PEAK(double)

#if defined(__AVX512BF16__)
// Products of pairs of bf16, added in f32: 4 operations for each element.
static double bf16_peak(long unused) {
  (void)unused;
  __m512 x[chains] = {{0}};
  __m512bh a = {0}, b = {0};
  __asm__ volatile("" : "+x"(a), "+x"(b));
  for (long turn = 0; turn < turns; ++turn)
    _Pragma("GCC unroll 12") for (int chain = 0; chain < chains; ++chain) x[chain] = _mm512_dpbf16_ps(x[chain], a, b);
  for (int chain = 0; chain < chains; ++chain)
    __asm__ volatile("" : : "x"(x[chain]));
  return 4.0 * chains * turns * 16;
}
#endif

// Bytes read and written by copying `bytes` again and again.
static double copy(long bytes) {
  static __thread char *from, *to;
  static __thread long size;
  if (size != bytes) {
    free(from);
    free(to);
    from = aligned_alloc(4096, (size_t)(size = bytes));
    to = aligned_alloc(4096, (size_t)bytes);
    if (!from || !to)
      exit(1);
    memset(from, 1, (size_t)bytes);
    memset(to, 1, (size_t)bytes);
  }
  long times = moved / bytes + 1;
  for (long time = 0; time < times; ++time) {
    memcpy(to, from, (size_t)bytes);
    __asm__ volatile("" : : "r"(to) : "memory");
  }
  return 2.0 * (double)times * (double)bytes;
}

struct task {
  double (*work)(long);
  long size;
  double rate; // what all threads do in a second, at best
};

// Thread 0 measures from the moment that all start to the moment that all are done.
static struct task *task;
static void *run(void *helper) {
  task->work(task->size); // pages and clock rates settle
  for (int round = 0; round < rounds; ++round) {
    pthread_barrier_wait(&barrier);
    double start = now(), done = task->work(task->size);
    pthread_barrier_wait(&barrier);
    double rate = done * threads / (now() - start);
    if (!helper && rate > task->rate)
      task->rate = rate;
  }
  return NULL;
}

static double measure(double (*work)(long), long size) {
  struct task next = {work, size, 0};
  pthread_t others[threads];
  task = &next;
  for (int index = 1; index < threads; ++index)
    if (pthread_create(&others[index], NULL, run, &next) != 0)
      exit(1);
  run(NULL);
  for (int index = 1; index < threads; ++index)
    pthread_join(others[index], NULL);
  return next.rate;
}

// The text of a file about a cache of the first core; empty where there is none.
static const char *describe(int index, const char *what) {
  static char path[128], text[256];
  text[0] = 0;
  snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, what);
  FILE *file = fopen(path, "r");
  if (!file)
    return text;
  if (!fgets(text, sizeof(text), file))
    text[0] = 0;
  fclose(file);
  return text;
}

// How many cores of "0-3,8" share a cache.
static int countCores(const char *list) {
  int cores = 0, first, last, length;
  while (sscanf(list, "%d%n", &first, &length) == 1) {
    list += length;
    last = first;
    if (sscanf(list, "-%d%n", &last, &length) == 1)
      list += length;
    cores += last - first + 1;
    if (*list++ != ',')
      break;
  }
  return cores > 0 ? cores : 1;
}

int main(void) {
  cpu_set_t set;
  threads = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
  pthread_barrier_init(&barrier, NULL, (unsigned)threads);
  double rate = measure(float_peak, 0), memory = measure(copy, (1L << 28) / threads);
  printf("# This machine, %d threads, measured by tools/bench/machine.c: multiply-adds in registers; copies in caches and memory.\n", threads);
  printf("operations_per_second: {f64: %.3e, f32: %.3e, ", measure(double_peak, 0), rate);
#if defined(__AVX512BF16__)
  printf("bf16: %.3e, ", measure(bf16_peak, 0));
#endif
  printf("other: %.3e}\ncaches: [", rate);
  const char *separator = "";
  for (int index = 0; *describe(index, "size"); ++index) {
    long size = atol(describe(index, "size")) << 10;
    int sharing = countCores(describe(index, "shared_cpu_list"));
    if (describe(index, "type")[0] == 'I')
      continue;
    // What is read and what is written fill half of what a thread has of it.
    double copied = measure(copy, size / 4 / (sharing < threads ? sharing : threads));
    // A cache that is shared with others may be no faster than the memory.
    if (copied > memory) {
      printf("%s{size: %ld, bytes_per_second: %.3e}", separator, size * (threads > sharing ? threads / sharing : 1), copied);
      separator = ", ";
    }
  }
  printf("]\nbytes_per_second: %.3e\nenergy: 7nm\n", memory);
  return 0;
}
