// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Has this machine measured, once.
#include "tally/Driver/HostMachine.h"
#include "tally/Support/InstalledFiles.h"
#include "tally/Target/Linker.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;

Expected<std::string> tally::measureHost() {
  std::string folder = makeCacheFolder();
  if (folder.empty())
    return createStringError("this machine cannot be measured: there is no folder to keep the figures in");
  SmallString<128> file(folder), program;
  sys::path::append(file, "host.yaml");
  if (sys::fs::exists(file))
    return std::string(file);
  Expected<std::string> compiler = findLinker();
  if (!compiler)
    return createStringError("this machine is measured by a program that a C compiler makes: " + toString(compiler.takeError()));
  std::error_code code = sys::fs::createTemporaryFile("tally-machine", "", program);
  if (code)
    return createStringError("cannot measure this machine: " + code.message());
  std::string source = installedFile("share/tally/bench/machine.c"), part = (file + ".part").str(), message;
  FileRemover removers[] = {FileRemover(program), FileRemover(part)};
  StringRef arguments[] = {*compiler, "-O3", "-march=native", "-pthread", source, "-o", program};
  if (sys::ExecuteAndWait(*compiler, arguments, std::nullopt, {}, 0, 0, &message) != 0)
    return createStringError("cannot compile " + source + (message.empty() ? "" : ": " + message));
  if (sys::ExecuteAndWait(program, {program}, std::nullopt, {std::nullopt, StringRef(part), std::nullopt}, 0, 0, &message) != 0)
    return createStringError("cannot measure this machine: its memory or threads do not suffice" + (message.empty() ? "" : ": " + message));
  if ((code = sys::fs::rename(part, file)))
    return createStringError("cannot write " + std::string(file) + ": " + code.message());
  return std::string(file);
}
