// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The processor itself as a device: its memory is ours, and a call has ended when it returns.
#include "core/Failure.h"
#include "core/Memory.h"
#include "core/Parallel.h"
#include "device/Device.h"

#include <cstring>

using namespace tally::rt;

namespace {
class Cpu : public Device {
public:
  Cpu(const tally_rt_program &program, int threads) : program(program) { startThreads(threads); }

  void allocate(uint64_t arenaBytes, uint64_t datasetBytes) override {
    checkMemory(arenaBytes + datasetBytes,
                "arena " + describeBytes(arenaBytes) + ", data set " + describeBytes(datasetBytes));
    arena = Memory(arenaBytes, "the arena");
    dataset = Memory(datasetBytes, "the data set");
  }
  void write(uint64_t offset, const void *from, uint64_t bytes) override {
    std::memcpy(arena.data() + offset, from, bytes);
  }
  void clear(uint64_t offset, uint64_t bytes) override { std::memset(arena.data() + offset, 0, bytes); }
  void writeDataset(uint64_t offset, const void *from, uint64_t bytes) override {
    std::memcpy(dataset.data() + offset, from, bytes);
  }
  void read(uint64_t offset, void *to, uint64_t bytes) override { std::memcpy(to, arena.data() + offset, bytes); }
  void call(size_t function) override { program.functions[function](arena.data(), dataset.data()); }
  void wait() override {}

private:
  const tally_rt_program &program;
  Memory arena, dataset;
};
} // namespace

std::unique_ptr<Device> tally::rt::openDevice(const tally_rt_program &program, int64_t number, int threads) {
  if (number != 0)
    throw Failure(DeviceFailed, "there is no device " + std::to_string(number) + ": this program is for the CPU");
  return std::make_unique<Cpu>(program, threads);
}
