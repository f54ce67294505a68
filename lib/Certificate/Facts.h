// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a certificate states and a juror finds again (private to this folder).
#ifndef TALLY_CERTIFICATE_FACTS_H
#define TALLY_CERTIFICATE_FACTS_H

#include "mlir/IR/BuiltinOps.h"
#include "tally/Certificate/Certificate.h"
#include "tally/Recipe/Recipe.h"

namespace tally {

/// Counts the program of a module of the training level. Errors are diagnostics.
mlir::FailureOr<CertifiedCost> countCost(mlir::ModuleOp module, llvm::StringRef profile);

/// The digest of the resolved recipe, which the program of a module of the training level keeps.
std::string recipeDigestOf(mlir::ModuleOp module);

/// The mean of all runs, and whether it, or each of them, meets the target of the recipe.
CertifiedVerdict concludeRuns(llvm::ArrayRef<CertifiedRun> runs, const Recipe &recipe);

} // namespace tally

#endif
