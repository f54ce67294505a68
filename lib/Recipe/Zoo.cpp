// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recipes by name.
#include "tally/Recipe/Zoo.h"
#include "tally/Support/InstalledFiles.h"

std::string tally::locateRecipe(llvm::StringRef nameOrFile) { return locateByName(nameOrFile, "share/tally/zoo/recipes"); }
