// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The trainer's entry: everything that can fail early fails before the first step.
#include "core/Failure.h"
#include "core/Signals.h"
#include "main/CommandLine.h"
#include "train/ExecutedCount.h"
#include "train/Profile.h"
#include "train/Trainer.h"

#include <algorithm>
#include <cstdio>
#include <list>
#include <new>

using namespace tally::rt;

/// Whether this machine, and its system, run the code.
static bool isUsable(const Manifest &manifest) {
  return fits(manifest.processor) && (manifest.precision != "bf16" || openMatrixRegisters(manifest.processor));
}

namespace {
struct Version {
  explicit Version(const tally_rt_program &program) : program(program), manifest(program) {}
  const tally_rt_program &program;
  Manifest manifest;
};
} // namespace

/// The version that --march names, or the first that this machine can run; else the last.
static const Version &chooseVersion(const std::list<Version> &versions, const std::string &march) {
  auto found = std::find_if(versions.begin(), versions.end(), [&](const Version &version) {
    return march.empty() ? isUsable(version.manifest) : version.manifest.processor.name == march;
  });
  return found == versions.end() ? versions.back() : *found;
}

static int run(int count, char **arguments) {
  std::list<Version> versions; // a manifest stays where it is
  std::vector<std::string> processors;
  for (const tally_rt_program *program = &tally_program; program; program = program->next)
    processors.push_back(versions.emplace_back(*program).manifest.processor.name);
  std::optional<Options> options = parseCommandLine(count, arguments, versions.front().manifest, processors);
  if (!options)
    return Succeeded;
  const auto &[compiled, manifest] = chooseVersion(versions, options->march);
  if (options->about) {
    describe(manifest, *options, processors);
    return Succeeded;
  }
  checkProcessor(manifest.processor);
  if (!isUsable(manifest))
    throw Failure(FileFailed, "this program was built for matrix registers (amx-tile), which the system does not let programs use; build it "
                              "with --march x86-64-v4");
  installSignalHandlers();
  checkOutputs(*options, manifest);
  std::unique_ptr<Device> device = openDevice(compiled, options->device, options->threads);
  Program program(compiled, manifest, *device);
  std::optional<ExecutedCount> executed;
  if (!manifest.blocks.empty())
    program.executed = &executed.emplace(manifest);
  program.loadData(options->data, /*digested=*/!options->log.empty());
  if (options->dryRun) {
    describe(manifest, *options, processors);
    return Succeeded;
  }
  return runProfiled(*options, program, options->evaluate.empty() ? train : evaluateFile);
}

int main(int count, char **arguments) {
  try {
    return run(count, arguments);
  } catch (const Failure &failure) {
    std::fprintf(stderr, "error: %s\n", failure.what());
    return failure.status;
  } catch (const std::bad_alloc &) {
    std::fprintf(stderr, "error: out of memory\n");
    return DeviceFailed;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "internal error: %s\n", error.what());
    return ProgramWrong;
  }
}
