// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds files relative to the running program.
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>

using namespace llvm;

std::string tally::installedFile(const Twine &path) {
  static int anchor;
  SmallString<128> result(sys::path::parent_path(sys::fs::getMainExecutable(nullptr, &anchor)));
  sys::path::append(result, "..", path);
  sys::path::remove_dots(result, /*remove_dot_dot=*/true);
  return std::string(result);
}

std::string tally::locateByName(StringRef nameOrFile, const Twine &folder) {
  // A bare word is a name first: a trainer is often called after its network.
  if (sys::path::filename(nameOrFile) != nameOrFile || sys::path::has_extension(nameOrFile))
    return nameOrFile.str();
  std::error_code error;
  for (sys::fs::directory_iterator entry(installedFile(folder), error), end; entry != end && !error; entry.increment(error)) {
    StringRef path = entry->path();
    if (sys::path::extension(path) == ".yaml" && sys::path::stem(path).equals_insensitive(nameOrFile))
      return path.str();
  }
  return nameOrFile.str();
}

std::string tally::makeCacheFolder() {
  SmallString<128> path;
  if (const char *folder = std::getenv("TALLY_CACHE")) {
    path = folder;
  } else {
    if (!sys::path::cache_directory(path))
      sys::path::system_temp_directory(/*ErasedOnReboot=*/true, path);
    sys::path::append(path, "tally");
  }
  if (std::error_code code = sys::fs::create_directories(path)) {
    errs() << "error: cannot create " << path << ": " << code.message() << '\n';
    return "";
  }
  return std::string(path);
}
