// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Anonymous mappings, and what the system says about free memory.
#include "core/Memory.h"
#include "core/Failure.h"

#include <cerrno>
#include <cstdio>
#include <optional>
#include <sys/mman.h>
#include <utility>

using namespace tally::rt;

Memory::Memory(uint64_t bytes, const std::string &purpose) : length(bytes) {
  if (bytes == 0)
    return;
  void *at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED)
    throw Failure(DeviceFailed, withReason("cannot get " + describeBytes(bytes) + " of memory for " + purpose, errno));
  start = static_cast<unsigned char *>(at);
  ::madvise(at, bytes, MADV_HUGEPAGE); // advice only
}

Memory::Memory(Memory &&other) noexcept
    : start(std::exchange(other.start, nullptr)), length(std::exchange(other.length, 0)) {}

Memory &Memory::operator=(Memory &&other) noexcept {
  std::swap(start, other.start);
  std::swap(length, other.length);
  return *this;
}

Memory::~Memory() {
  if (start)
    ::munmap(start, length);
}

/// Bytes that /proc/meminfo calls available, with free swap.
static std::optional<uint64_t> availableBytes() {
  FILE *file = std::fopen("/proc/meminfo", "re");
  if (!file)
    return std::nullopt;
  unsigned long long available = 0, swap = 0;
  bool known = false;
  char line[256];
  while (std::fgets(line, sizeof(line), file)) {
    known |= std::sscanf(line, "MemAvailable: %llu kB", &available) == 1;
    std::sscanf(line, "SwapFree: %llu kB", &swap);
  }
  std::fclose(file);
  if (!known)
    return std::nullopt;
  return (available + swap) * 1024;
}

void tally::rt::checkMemory(uint64_t bytes, const std::string &detail) {
  std::optional<uint64_t> available = availableBytes();
  if (available && bytes > *available)
    throw Failure(DeviceFailed, "needs " + describeBytes(bytes) + " of memory (" + detail + "), but only " +
                                    describeBytes(*available) + " are available");
}

std::string tally::rt::describeBytes(uint64_t bytes) {
  static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  int unit = 0;
  for (; value >= 999.95 && unit < 4; ++unit)
    value /= 1000;
  char text[32];
  std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}
