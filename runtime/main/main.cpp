// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The trainer's entry: everything that can fail early fails before the first step.
#include "core/Failure.h"
#include "core/Signals.h"
#include "main/CommandLine.h"
#include "train/Profile.h"
#include "train/Trainer.h"

#include <cstdio>
#include <new>

using namespace tally::rt;

/// Whether this machine, and its system, run the code.
static bool isUsable(const Manifest &manifest) {
  return fits(manifest.processor) && (manifest.precision != "bf16" || openMatrixRegisters(manifest.processor));
}

/// The version that --march names, or the first that this machine can run.
static const tally_rt_program &chooseVersion(const std::string &march) {
  const tally_rt_program *version = &tally_program;
  for (; version->next; version = version->next) {
    Manifest manifest(*version);
    if (march.empty() ? isUsable(manifest) : manifest.processor.name == march)
      break;
  }
  return *version;
}

static int run(int count, char **arguments) {
  std::vector<std::string> processors;
  for (const tally_rt_program *version = &tally_program; version; version = version->next)
    processors.push_back(Manifest(*version).processor.name);
  std::optional<Options> options = parseCommandLine(count, arguments, Manifest(tally_program), processors);
  if (!options)
    return Succeeded;
  const tally_rt_program &version = chooseVersion(options->march);
  Manifest manifest(version);
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
  std::unique_ptr<Device> device = openDevice(version, options->device, options->threads);
  Program program(version, manifest, *device);
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
