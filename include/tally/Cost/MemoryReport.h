// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory of a trainer, as its memory plan says.
#ifndef TALLY_COST_MEMORYREPORT_H
#define TALLY_COST_MEMORYREPORT_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace tally {

/// The sizes in bytes of a compiled program, known where its memory plan is made (`--target cpu -O3`).
struct MemoryReport {
  int64_t peakBytes = 0; ///< the arena: what the body with the peak needs
  int64_t scratchBytesPerThread = 0;
  int64_t parametersBytes = 0;
  int64_t stateBytes = 0;
  int64_t activationsBytes = 0;
  int64_t datasetBytes = 0;       ///< all records, training and test
  int64_t initialValuesBytes = 0; ///< what the program's file holds for variables to start from, and tables

  /// What is in use of the arena while one kernel of the body with the peak runs.
  struct Moment {
    std::string kernel, phase, layer;
    int64_t bytes;
  };
  /// What lies in the arena at the peak; of a variable phase and layer are empty.
  struct Tensor {
    std::string name, phase, layer;
    int64_t bytes;
  };
  struct Part {
    std::string name;
    int64_t bytes;
  };
  std::string body; ///< the one with the peak
  std::vector<Part> bodies; ///< what each body needs of the arena
  std::vector<Moment> timeline;
  std::vector<Tensor> atPeak; ///< the largest first, then what lies between tensors; their sum is the peak

  /// What the process of a trainer with one thread comes to hold: the sum is its resident peak. Each further thread adds its scratch.
  std::vector<Part> resident() const;
};

/// The report's `memory`.
llvm::json::Value toJson(const MemoryReport &memory);

/// The tables of memory behind the answer.
void printMemory(const MemoryReport &memory, llvm::raw_ostream &os);

} // namespace tally

#endif
