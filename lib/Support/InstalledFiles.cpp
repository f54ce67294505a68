// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds files relative to the running program.
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

std::string tally::installedFile(const Twine &path) {
  static int anchor;
  SmallString<128> result(sys::path::parent_path(sys::fs::getMainExecutable(nullptr, &anchor)));
  sys::path::append(result, "..", path);
  sys::path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result);
}
