// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a compiled program runs. What the training loop knows of memory and functions is this.
#ifndef TALLY_RT_DEVICE_DEVICE_H
#define TALLY_RT_DEVICE_DEVICE_H

#include "tally-rt/Runtime.h"

#include <cstddef>
#include <memory>

namespace tally::rt {

/// Writes, calls and reads take effect in the order in which they are asked for. Used by one thread; a failure of the
/// device has status 4.
class Device {
public:
  virtual ~Device() = default;
  /// Makes arena and data set, once, before anything else.
  virtual void allocate(uint64_t arenaBytes, uint64_t datasetBytes) = 0;
  /// Puts bytes into the arena; `from` is free again when the call returns.
  virtual void write(uint64_t offset, const void *from, uint64_t bytes) = 0;
  virtual void clear(uint64_t offset, uint64_t bytes) = 0;
  virtual void writeDataset(uint64_t offset, const void *from, uint64_t bytes) = 0;
  /// Takes bytes from the arena, as all calls before have left them.
  virtual void read(uint64_t offset, void *to, uint64_t bytes) = 0;
  /// Starts a function of the program; it may still run when the call returns.
  virtual void call(size_t function) = 0;
  /// Returns when all calls have ended.
  virtual void wait() = 0;
};

/// Device `number` of those that `program` was compiled for, on the CPU with `threads` threads. Fails with status 4.
std::unique_ptr<Device> openDevice(const tally_rt_program &program, int64_t number, int threads);

} // namespace tally::rt
#endif
