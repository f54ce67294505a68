// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// When each step, function and kernel ran: a trace that Perfetto, chrome://tracing and speedscope read, and what takes the time.
#ifndef TALLY_RT_TRAIN_PROFILE_H
#define TALLY_RT_TRAIN_PROFILE_H

#include "core/File.h"
#include "train/Manifest.h"
#include "train/Options.h"

#include <chrono>

namespace tally::rt {

/// How often something ran, and for how long altogether.
struct Timing {
  int64_t times = 0, nanoseconds = 0;
};

/// Of all steps, and of each function and call of a kernel by its number.
struct Timings {
  Timing steps;
  std::vector<Timing> functions, calls;
};

class Profile {
public:
  Profile(const Manifest &manifest, const Options &options);
  /// Around step `step`, counted from 1.
  void beginStep(int64_t step);
  void endStep();
  /// Around a call of a function that the device has ended; what is not asked for is left out.
  void beginFunction(size_t function);
  void endFunction();
  /// From inside of a function.
  void beginKernel(size_t call) {
    if (records)
      begin(Kernel, call);
  }
  void endKernel() {
    if (records)
      end();
  }
  /// Completes the file and prints what takes the time.
  void finish();

private:
  enum Kind { Step, Function, Kernel };
  struct Slice {
    Kind kind;
    size_t number; // of the step, function or call
    int64_t start, end; // nanoseconds since the trace began
  };

  int64_t now() const;
  void begin(Kind kind, size_t number);
  void end();
  void flush();
  void write(std::string_view text);

  const Manifest &manifest;
  const Options &options;
  std::chrono::steady_clock::time_point origin = std::chrono::steady_clock::now();
  TextFile file;
  std::vector<Slice> slices; // in the order of their starts
  bool records = false;      // the kernels of the function that runs
  std::vector<size_t> open;  // those that have not ended, the innermost last
  std::vector<std::string> callHeads; // the text of a slice of each call, but for its times
  std::string pending; // written in large pieces, so that the trace costs little of what it measures
  Timings timings;
};

/// The table's rows as a JSON array, the longest time first; `share` is of the time of all steps, or of initialization or evaluation.
std::string rowsAsJson(const Manifest &manifest, const Timings &timings);
/// Prints the first rows, and what steps, initialization and evaluation took.
void printTimings(const Manifest &manifest, const Timings &timings);

class Program;
/// What `run` returns; the calls that it makes of `program` are profiled if the options ask for it.
int runProfiled(const Options &options, Program &program, int (*run)(const Options &, Program &));

} // namespace tally::rt
#endif
