// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recipes by name.
#ifndef TALLY_RECIPE_ZOO_H
#define TALLY_RECIPE_ZOO_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tally {

/// The file of a recipe: for a bare word the zoo's recipe of that name, if there is one (without regard to case), else `nameOrFile`.
std::string locateRecipe(llvm::StringRef nameOrFile);

} // namespace tally

#endif
