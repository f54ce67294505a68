// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A compiled program on its device: what each seed starts from, calls of its functions, and its variables.
#ifndef TALLY_RT_TRAIN_PROGRAM_H
#define TALLY_RT_TRAIN_PROGRAM_H

#include "device/Device.h"
#include "train/Manifest.h"

namespace tally::rt {

class ExecutedCount;
class Profile;

class Program {
public:
  /// Allocates the program's memory.
  Program(const tally_rt_program &program, const Manifest &manifest, Device &device);

  /// Finds, checks and reads the data set. Fails with status 3. `digested`: sets `dataDigest`.
  void loadData(const std::string &folder, bool digested);
  /// Brings every variable to its initial value; no function runs.
  void reset(int64_t seed);
  /// The functions before step 0.
  void initialize();
  /// One step with the periodic work before and after it; `step` counts from 0.
  void runStep(int64_t step);
  /// Calls return before they have ended where the device can; what reads a variable waits for them.
  void call(size_t function);
  void wait() { device.wait(); }

  const Segment &segmentOf(int64_t step) const;
  void write(const Variable &variable, const void *from) { device.write(variable.offset, from, variable.bytes); }
  void clear(const Variable &variable) { device.clear(variable.offset, variable.bytes); }
  std::vector<unsigned char> read(const Variable &variable) const;
  /// The elements, as the widest type of their kind.
  std::vector<double> reals(const Variable &variable) const;
  std::vector<int64_t> integers(const Variable &variable) const;
  double real(const Variable &variable) const { return reals(variable).front(); }
  int64_t integer(const Variable &variable) const { return integers(variable).front(); }
  /// SHA-256 of what a trained network consists of: parameters, running statistics and averages, in the order of the manifest.
  std::string digestWeights() const;
  const unsigned char *blob(uint64_t offset) const { return program.blob + offset; }

  const Manifest &manifest;
  Profile *profile = nullptr;        // told of every call
  ExecutedCount *executed = nullptr; // the same, where the program counts what it executes
  std::string dataDigest;     // of the records in memory

private:
  const tally_rt_program &program;
  Device &device;
};

} // namespace tally::rt
#endif
