// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Preloaded into a trainer: from the second save of a checkpoint on, the file calls of saving are counted, and call
// number TALLY_FAIL_CALL (from 1) does what TALLY_FAIL_HOW says: `kill` ends the process there, a number is the error
// it fails with, `once:N` fails with error N this once. With `short` every write stops after 7 bytes. How many calls
// were counted goes to TALLY_FAIL_COUNT.
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

template <typename Function> static Function *next(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

static bool tracked[1024];
static int renames = 0, calls = 0;
static bool counting = false;

static bool isFile(int descriptor) { return descriptor >= 0 && descriptor < 1024 && tracked[descriptor]; }
static const char *how() {
  const char *text = std::getenv("TALLY_FAIL_HOW");
  return text ? text : "";
}

static void report() {
  if (const char *path = std::getenv("TALLY_FAIL_COUNT")) {
    FILE *file = std::fopen(path, "w");
    std::fprintf(file, "%d\n", calls);
    std::fclose(file);
  }
}

/// Counts a call of the save path; true when it is to fail, with errno set.
static bool fails() {
  if (!counting)
    return false;
  if (calls++ == 0)
    std::atexit(report);
  const char *wanted = std::getenv("TALLY_FAIL_CALL");
  if (!wanted || calls != std::atoi(wanted))
    return false;
  if (std::strcmp(how(), "kill") == 0)
    ::_exit(137);
  const char *number = std::strncmp(how(), "once:", 5) == 0 ? how() + 5 : how();
  errno = std::atoi(number);
  return errno != 0;
}

extern "C" {
int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  const char *end = std::strstr(path, ".safetensors.part");
  counting |= end && renames > 0;
  bool ours = end != nullptr || ((flags & O_DIRECTORY) != 0 && std::strstr(path, "/checkpoints"));
  if (ours && fails())
    return -1;
  int descriptor = next<int(const char *, int, ...)>("open")(path, flags, mode);
  if (descriptor >= 0 && descriptor < 1024)
    tracked[descriptor] = ours;
  return descriptor;
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
  if (isFile(descriptor) && fails())
    return -1;
  return next<int(int, int, off_t, off_t)>("fallocate")(descriptor, mode, offset, length);
}

ssize_t write(int descriptor, const void *from, size_t bytes) {
  if (isFile(descriptor)) {
    if (fails())
      return -1;
    if (std::strcmp(how(), "short") == 0 && bytes > 7)
      bytes = 7;
  }
  return next<ssize_t(int, const void *, size_t)>("write")(descriptor, from, bytes);
}

int fsync(int descriptor) {
  if (isFile(descriptor) && fails())
    return -1;
  return next<int(int)>("fsync")(descriptor);
}

int rename(const char *from, const char *to) {
  if (std::strstr(from, ".safetensors.part") && fails())
    return -1;
  int result = next<int(const char *, const char *)>("rename")(from, to);
  renames += result == 0 && std::strstr(from, ".safetensors.part") != nullptr;
  return result;
}

int close(int descriptor) {
  bool failed = isFile(descriptor) && fails();
  int error = errno;
  if (isFile(descriptor))
    tracked[descriptor] = false;
  int result = next<int(int)>("close")(descriptor);
  errno = error;
  return failed ? -1 : result;
}
}
