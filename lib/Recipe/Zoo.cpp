// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recipes by name.
#include "tally/Recipe/Zoo.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

std::string tally::locateRecipe(StringRef nameOrFile) {
  // A bare word is a name first: a trainer is often called after its network.
  if (sys::path::filename(nameOrFile) != nameOrFile || sys::path::has_extension(nameOrFile))
    return nameOrFile.str();
  std::error_code error;
  for (sys::fs::directory_iterator entry(installedFile("share/tally/zoo/recipes"), error), end; entry != end && !error; entry.increment(error)) {
    StringRef path = entry->path();
    if (sys::path::extension(path) == ".yaml" && sys::path::stem(path).equals_insensitive(nameOrFile))
      return path.str();
  }
  return nameOrFile.str();
}
