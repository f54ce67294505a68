// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options, their defaults, and which of them go together.
#include "main/CommandLine.h"
#include "core/Failure.h"
#include "core/Memory.h"
#include "core/Parallel.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cinttypes>
#include <cstdio>
#include <tuple>

using namespace tally::rt;

/// "3" or "3..7".
static std::pair<int64_t, int64_t> parseRange(const std::string &option, const std::string &text, int64_t least) {
  long long first = 0, last = 0;
  int used = 0;
  auto length = static_cast<int>(text.size());
  if (std::sscanf(text.c_str(), "%lld..%lld%n", &first, &last, &used) != 2 || used != length) {
    used = 0;
    if (std::sscanf(text.c_str(), "%lld%n", &first, &used) != 1 || used != length)
      throw Failure(WrongUsage, option + ": expects A..B (got '" + text + "')");
    last = first;
  }
  if (first < least || last < first)
    throw Failure(WrongUsage, option + ": expects " + std::to_string(least) + " <= A <= B (got '" + text + "')");
  return {first, last};
}

static void parseSeeds(const std::string &text, Options &options) {
  auto [first, last] = parseRange("--seeds", text, 0);
  if (last - first >= 100000)
    throw Failure(WrongUsage, "--seeds: expects at most 100000 seeds (got '" + text + "')");
  options.firstSeed = first;
  options.lastSeed = last;
}

std::optional<Options> tally::rt::parseCommandLine(int count, char **arguments, const Manifest &manifest,
                                                   const std::vector<std::string> &processors) {
  Options options;
  options.threads = availableThreads();
  options.firstSeed = manifest.firstSeed;
  options.lastSeed = manifest.lastSeed;
  std::string seeds, profileSteps, progress = "auto";
  int64_t seed = 0, maxSteps = 0;

  CLI::App app("Trains a network on " + manifest.data.name + "; compiled by tally " + manifest.toolVersion +
               ".");
  CLI::Option *data = app.add_option("--data", options.data, "folder of the data set, binary version, or its parent");
  app.add_option("--threads", options.threads, "number of threads; the result is the same for any")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  CLI::Option *one = app.add_option("--seed", seed, "the only seed to run")->check(CLI::NonNegativeNumber);
  CLI::Option *several = app.add_option("--seeds", seeds, "seeds A..B to run (default: those of the recipe)");
  CLI::Option *cut = app.add_option("--max-steps", maxSteps, "stop after this step, counted from the very first")
                         ->check(CLI::NonNegativeNumber);
  CLI::Option *log = app.add_option("--log", options.log, "write a log of JSON lines");
  CLI::Option *digests = app.add_flag("--log-digests", options.logDigests, "log a digest of the weights with each step, as certificates ask for")->needs(log);
  CLI::Option *checkpoint = app.add_option("--checkpoint", options.checkpoint, "folder for checkpoints");
  CLI::Option *every =
      app.add_option("--checkpoint-every", options.checkpointEvery, "steps between two checkpoints (default: an epoch)")
          ->check(CLI::Range(int64_t(1), INT64_MAX))
          ->needs(checkpoint);
  CLI::Option *resume =
      app.add_flag("--resume", options.resume, "go on from the checkpoint, if there is one")->needs(checkpoint);
  app.add_flag("--overwrite", options.overwrite, "replace what an earlier run wrote under the same names")->excludes(resume);
  CLI::Option *exported = app.add_option("--export", options.exportTo, "write the trained network as ONNX");
  CLI::Option *evaluate = app.add_option("--evaluate", options.evaluate, "evaluate an exported network; no training");
  CLI::Option *order = app.add_option("--dump-order", options.dumpOrder, "write what was drawn for each sample as CSV");
  CLI::Option *board = app.add_option("--tensorboard", options.tensorboard, "folder for TensorBoard event files, one run a seed");
  app.add_option("--progress", progress, "auto, bar, plain or none")
      ->check(CLI::IsMember({"auto", "bar", "plain", "none"}))
      ->capture_default_str();
  app.add_option("--progress-interval", options.progressInterval, "seconds between two plain lines")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::Option *profile = app.add_option(
      "--profile", options.profile, "print which kernels take the time, and write when each ran as a Chrome trace");
  CLI::Option *profiled =
      app.add_option("--profile-steps", profileSteps, "profile only steps A..B, or one step A (default: everything)")
          ->needs(profile);
  app.add_option("--device", options.device, "number of the device; a CPU program has device 0 only");
  if (processors.size() > 1)
    app.add_option("--march", options.march, "run the code for this processor (default: the first that this machine can run); each has bits of its own")
        ->check(CLI::IsMember(processors));
  app.add_flag("--dry-run", options.dryRun, "check data, memory and outputs, and do nothing");
  app.add_flag("--about", options.about, "say what this program is");
  app.set_version_flag("--version", manifest.name + ", compiled by tally " + manifest.toolVersion, "say which tally made it");
  one->excludes(several);
  for (CLI::Option *option : {cut, digests, checkpoint, every, resume, exported, order, board, profiled})
    evaluate->excludes(option);

  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForHelp &) {
    std::fputs(app.help().c_str(), stdout);
    return std::nullopt;
  } catch (const CLI::CallForVersion &version) {
    std::printf("%s\n", version.what());
    return std::nullopt;
  } catch (const CLI::ParseError &error) {
    throw Failure(WrongUsage, std::string(error.what()) + "; --help lists the options");
  }
  if (!*data && !options.about)
    throw Failure(WrongUsage, "--data is required; --help lists the options");
  if (*one)
    options.firstSeed = options.lastSeed = seed;
  if (*several)
    parseSeeds(seeds, options);
  if (*profiled)
    std::tie(options.firstProfiled, options.lastProfiled) = parseRange("--profile-steps", profileSteps, 1);
  if (*cut)
    options.maxSteps = maxSteps;
  options.progress = progress == "bar"     ? ProgressStyle::Bar
                     : progress == "plain" ? ProgressStyle::Plain
                     : progress == "none"  ? ProgressStyle::None
                                           : ProgressStyle::Auto;
  return options;
}

void tally::rt::describe(const Manifest &manifest, const Options &options, const std::vector<std::string> &processors) {
  std::printf("name:            %s\n", manifest.name.c_str());
  std::printf("program:         %s\n", manifest.programSha256.c_str());
  std::printf("model:           %s\n", manifest.modelSha256.c_str());
  std::printf("recipe:          %s\n", manifest.recipeSha256.c_str());
  std::printf("tally:           %s\n", manifest.toolVersion.c_str());
  std::printf("precision:       %s\n", manifest.precision.c_str());
  std::printf("processor:       %s%s\n", manifest.processor.name.c_str(),
              processors.size() > 1 ? (" (of " + join(processors) + ")").c_str() : "");
  std::printf("operations:      %s\n", manifest.operations.c_str());
  std::printf("data:            %s, %" PRId64 " training and %" PRId64 " test images\n", manifest.data.name.c_str(),
              manifest.data.trainImages, manifest.data.testImages);
  if (manifest.data.subset)
    std::printf("subset:          trains on the first %" PRId64 " images only\n", manifest.data.subset);
  std::printf("epochs:          %g\n", manifest.epochs);
  std::printf("steps:           %" PRId64 ", %" PRId64 " an epoch\n", manifest.steps, manifest.stepsPerEpoch);
  std::printf("batch size:      %" PRId64 "\n", manifest.batchSize);
  std::printf("seeds:           %" PRId64 "..%" PRId64 "\n", options.firstSeed, options.lastSeed);
  if (manifest.target)
    std::printf("target:          %.2f %% of %s (%s)\n", 100 * manifest.target->accuracy,
                manifest.target->ofEach ? "each seed" : "the mean", manifest.target->view.c_str());
  std::printf("arena:           %s, of which %s are saved\n", describeBytes(manifest.arenaBytes).c_str(),
              describeBytes(manifest.persistentBytes).c_str());
  std::printf("threads:         %d\n", options.threads);
}
