// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The log of a run, one JSON object a line, and the list of what was drawn for each step.
#ifndef TALLY_RT_TRAIN_LOG_H
#define TALLY_RT_TRAIN_LOG_H

#include "core/File.h"
#include "train/Checkpoint.h"
#include "train/ExecutedCount.h"

#include <functional>
#include <map>

namespace tally::rt {

/// Where each seed of a resumed run stands; a seed without a checkpoint is missing.
using Checkpoints = std::map<int64_t, CheckpointInfo>;

/// The events of a run; every call does nothing when there is no log.
class Log {
public:
  /// Starts an empty log at `path`.
  Log(const Manifest &manifest, const std::string &path);
  /// Goes on with the log at `path` after cutting each seed in [firstSeed, lastSeed] at its checkpoint.
  Log(const Manifest &manifest, const std::string &path, int64_t firstSeed, int64_t lastSeed,
      const Checkpoints &checkpoints);

  void start(int64_t seed, int threads, bool resumed, const std::string &dataDigest);
  /// `weights`: their digest, or nothing; `seconds`: since the run of the seed began.
  void step(int64_t seed, int64_t step, double loss, std::optional<double> lr, const std::string &weights, double seconds);
  /// `seed` is missing for an evaluated file, which `source` names instead.
  void evaluation(std::optional<int64_t> seed, int64_t step, const Evaluation &evaluation, double seconds,
                  const std::string &source = "");
  struct End {
    int64_t seed, step;
    std::optional<Evaluation> evaluation;
    std::optional<bool> passed;
    bool complete, resumed;
    double seconds;
    std::optional<double> imagesPerSecond;
    std::string exported; // digest of the exported file; empty where there is none
    std::string reason;  // finished, target-missed, max-steps, signal, loss-not-finite or error
    std::string message; // what a failure said
  };
  void end(const End &end);
  struct Summary {
    int64_t firstSeed, lastSeed;
    double mean, deviation;
    std::vector<double> viewMeans, viewDeviations;
    std::optional<bool> passed;
  };
  void summary(const Summary &summary);
  void executed(const ExecutedTotals &totals);
  void sync();

private:
  JsonLine event(const char *name) const;
  void write(const JsonLine &line);

  const Manifest &manifest;
  std::optional<TextFile> file;
  std::map<int64_t, bool> started, ended; // what a kept log already says
};

/// What was drawn for each sample: seed, epoch (from 1), position in the epoch (from 0), record, flip, dy, dx.
class OrderList {
public:
  OrderList(const Manifest &manifest, const std::string &path);
  OrderList(const Manifest &manifest, const std::string &path, int64_t firstSeed, int64_t lastSeed,
            const Checkpoints &checkpoints);
  /// Adds the samples of 0-based step `step`, which has just run.
  void add(const Program &program, int64_t seed, int64_t step);
  void sync();

private:
  std::optional<TextFile> file;
};

/// Rewrites the text file at `path` with only those lines that `keep` accepts; a line that was cut off goes, too. Does
/// nothing when there is no file, or a pipe.
void keepLines(const std::string &path, const std::function<bool(const std::string &line, int64_t number)> &keep);

} // namespace tally::rt
#endif
