// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recipes by name.
#ifndef TALLY_RECIPE_ZOO_H
#define TALLY_RECIPE_ZOO_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tally {

/// The file of a recipe: for a bare word <folder>/<name>.yaml where there is one (without regard to case), else `nameOrFile`.
std::string locateRecipe(llvm::StringRef nameOrFile, llvm::StringRef folder);

} // namespace tally

#endif
