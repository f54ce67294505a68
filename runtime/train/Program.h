// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A compiled program with its memory: what each seed starts from, calls of its functions, and its variables.
#ifndef TALLY_RT_TRAIN_PROGRAM_H
#define TALLY_RT_TRAIN_PROGRAM_H

#include "core/Memory.h"
#include "train/Manifest.h"

namespace tally::rt {

class Profile;

class Program {
public:
  Program(const tally_rt_program &program, const Manifest &manifest);

  /// Finds, checks and reads the data set. Fails with status 3.
  void loadData(const std::string &folder);
  /// Brings every variable to its initial value; no function runs.
  void reset(int64_t seed);
  /// The functions before step 0.
  void initialize();
  /// One step with the periodic work before and after it; `step` counts from 0.
  void runStep(int64_t step);
  void call(size_t function);

  int64_t step() const;
  const Segment &segmentOf(int64_t step) const;
  unsigned char *at(const Variable &variable) const { return arena.data() + variable.offset; }
  /// Element `index`, as the widest type of its kind.
  double real(const Variable &variable, int64_t index = 0) const;
  int64_t integer(const Variable &variable, int64_t index = 0) const;
  const unsigned char *blob(uint64_t offset) const { return program.blob + offset; }

  const Manifest &manifest;
  Profile *profile = nullptr; // told of every call

private:
  const tally_rt_program &program;
  Memory arena, dataset;
};

} // namespace tally::rt
#endif
