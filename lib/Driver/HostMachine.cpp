// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Has this machine measured, once.
#include "tally/Driver/HostMachine.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace llvm;

Expected<std::string> tally::measureHost() {
  SmallString<128> file(cacheFolder());
  sys::path::append(file, "host.yaml");
  if (sys::fs::exists(file))
    return std::string(file);
  if (std::error_code code = sys::fs::create_directories(cacheFolder()))
    return createStringError("cannot create " + cacheFolder() + ": " + code.message());
  std::string python = sys::Process::GetEnv("TALLY_PYTHON").value_or("python3"), script = installedFile("share/tally/bench/roofline.py");
  std::string command = python + " " + script + " --machine " + std::string(file), message;
  ErrorOr<std::string> program = sys::findProgramByName(python);
  if (!program)
    return createStringError("cannot measure this machine: " + python + " is not found; TALLY_PYTHON names a Python with NumPy");
  int status = sys::ExecuteAndWait(*program, {python, script, "--machine", file}, std::nullopt, {}, 0, 0, &message);
  if (status != 0 || !sys::fs::exists(file))
    return createStringError("cannot measure this machine: '" + command + "' failed" + (message.empty() ? "" : ": " + message) +
                             "; it needs Python with NumPy, which TALLY_PYTHON names");
  return std::string(file);
}
