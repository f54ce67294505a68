// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The manifest of a compiled program, read and checked once, so that the rest of the runtime need not doubt it.
#ifndef TALLY_RT_TRAIN_MANIFEST_H
#define TALLY_RT_TRAIN_MANIFEST_H

#include "data/DataPlan.h"
#include "device/Processor.h"
#include "tally-rt/Runtime.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tally::rt {

/// A place in the arena. See README.md for the meaning of each member here and below.
struct Variable {
  std::string name, role, type;
  std::vector<int64_t> shape;
  uint64_t offset, bytes;
  std::optional<uint64_t> blobOffset;

  int64_t elements() const;
};

struct Segment {
  struct Run {
    size_t function;
    int64_t times;
  };
  int64_t firstStep, steps, batch;
  std::vector<Run> bodies;
};

struct Event {
  size_t function;
  bool before;
  int64_t first, period, trips;

  bool isDue(int64_t step) const {
    return step >= first && (step - first) % period == 0 && (step - first) / period < trips;
  }
};

struct EvaluationPlan {
  struct Batches {
    size_t function;
    int64_t batches;
  };
  int64_t everyEpochs, samples;
  std::string split;
  std::vector<std::string> views;
  std::vector<Batches> batches;
  const Variable *correct, *loss; // correct: null where the program has no accuracy
  size_t targetView;
};

struct Target {
  double accuracy;
  std::string view;
  bool ofEach; // else of the mean of all seeds
};

/// A call of a kernel in a function.
struct KernelCall {
  size_t function;
  std::string kernel;
  int64_t operations, bytesRead, bytesWritten; // of one execution
  std::vector<std::string> phases, layers;     // each once; none without a name
};
/// Operations by kind and type of number: "add f32".
using Operations = std::map<std::string, __int128>;

/// A block of a kernel that counts how often it runs, and what one execution costs.
struct CountedBlock {
  std::string kernel;
  std::map<std::string, Operations> layers;
};

/// What one execution of a function executes in a phase by the static counts; `layer` is empty where layers are not told apart.
struct ExpectedCount {
  size_t function;
  std::string phase, layer;
  Operations operations, surplus, avoided;
};

/// "forward, backward"
std::string join(const std::vector<std::string> &names);

/// An ONNX file: pieces from the blob, one after another, and between them the bytes of tensors.
struct ExportPlan {
  struct Tensor {
    const Variable *variable;
    uint64_t offset, bytes;
  };
  uint64_t blobOffset, bytes; // of the first piece; of the file
  std::vector<Tensor> tensors; // by ascending offset
};

struct Manifest {
  /// Fails with status 70: a manifest that does not hold together is the compiler's mistake.
  explicit Manifest(const tally_rt_program &program);
  Manifest(const Manifest &) = delete;
  Manifest &operator=(const Manifest &) = delete;

  const Variable *find(const std::string &name) const;
  /// Significant digits of the numbers in the log.
  int digits() const { return precision == "f64" ? 17 : 9; }
  /// The epoch at the end of step `step`, as a fraction where it is not over.
  double epochAt(int64_t step) const { return static_cast<double>(step) / static_cast<double>(stepsPerEpoch); }
  /// Does an evaluation follow step `step`, counted from 1?
  bool isEvaluated(int64_t step) const;
  /// Is a run over that has done `step` steps and, if `evaluated`, the evaluation after them?
  bool isFinished(int64_t step, bool evaluated) const { return step == steps && (evaluated || !isEvaluated(step)); }

  std::string name, precision, toolVersion, modelSha256, recipeSha256, programSha256, operations;
  Processor processor;
  uint64_t arenaBytes, persistentBytes;
  std::vector<Variable> variables;
  std::vector<std::string> functions;
  std::vector<size_t> initialize;
  std::vector<Segment> segments;
  std::vector<Event> events;
  std::optional<EvaluationPlan> evaluate;
  int64_t steps, stepsPerEpoch, batchSize, firstSeed, lastSeed, logEvery;
  double epochs;
  std::optional<Target> target;
  DataPlan data;
  const Variable *logLoss, *logLr, *step, *seed; // logLr may be null
  const Variable *orderRecords = nullptr, *orderFlip = nullptr, *orderDy = nullptr, *orderDx = nullptr; // may be null
  std::vector<KernelCall> calls; // by number
  std::vector<CountedBlock> blocks;     // by number; none where the program does not count what it executes
  std::vector<ExpectedCount> expected;
  std::optional<ExportPlan> exportPlan;
};

} // namespace tally::rt
#endif
