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

static int run(int count, char **arguments) {
  Manifest manifest(tally_program);
  std::optional<Options> options = parseCommandLine(count, arguments, manifest);
  if (!options)
    return Succeeded;
  if (options->about) {
    describe(manifest, *options);
    return Succeeded;
  }
  checkProcessor(manifest.processor);
  if (manifest.precision == "bf16")
    openMatrixRegisters(manifest.processor);
  installSignalHandlers();
  checkOutputs(*options, manifest);
  std::unique_ptr<Device> device = openDevice(tally_program, options->device, options->threads);
  Program program(tally_program, manifest, *device);
  program.loadData(options->data, /*digested=*/!options->log.empty());
  if (options->dryRun) {
    describe(manifest, *options);
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
