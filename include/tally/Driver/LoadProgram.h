// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a model file and a recipe to the training level: the beginning of every subcommand that needs both.
#ifndef TALLY_DRIVER_LOADPROGRAM_H
#define TALLY_DRIVER_LOADPROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tally/Import/OnnxImporter.h"
#include "tally/Pipelines/Pipelines.h"
#include "tally/Recipe/Resolve.h"

namespace tally {

/// Values are the exit statuses of tally.
enum class DriverStatus { Fine = 0, No = 1, Usage = 2, BadInput = 3, InternalError = 70 };

struct LoadedProgram {
  DriverStatus status = DriverStatus::BadInput;
  OnnxImport onnx; ///< its module becomes the program; its source is null when the model was no ONNX file
  mlir::ModuleOp module() { return *onnx.module; }
};

/// The key of a change that is none of the recipe: the height and width of the images.
inline constexpr llvm::StringLiteral imageSizeKey = "image_size";

/// Reads `model` (ONNX, or .mlir and .mlirbc of the levels graph or training). `recipe`, where there is one, says which of its constants are
/// weights, and whether BatchNormalization that an exporter has folded is put back. `imageSize`: OnnxImportOptions.
LoadedProgram readModel(llvm::StringRef model, const Recipe *recipe, mlir::MLIRContext &context, int64_t imageSize = 0);

/// Brings the graph in `module`, which `recipe` tells how to train, to the training level: all that cost, build and train may refuse
/// before code is generated is refused here. `hear` is told what the recipe means for the model while its graph is there.
DriverStatus makeTraining(mlir::ModuleOp module, const Recipe &recipe,
                          llvm::function_ref<void(const ResolvedRecipe &)> hear = {});

/// Brings the program of a module, which may still ask for gradients, to the training level.
DriverStatus differentiate(mlir::ModuleOp module);

/// Reads `model` as the recipe asks and brings it to `until` (Graph or Training). Errors
/// are diagnostics of the context. A model at the graph level needs a recipe to reach the training level; `hear` is told what that means for
/// the graph, as long as it is there. `changes` are made to the recipe; imageSizeKey among them is the size of the images of the model and its data.
LoadedProgram loadProgram(llvm::StringRef model, llvm::StringRef recipe, mlir::MLIRContext &context, Level until,
                          llvm::function_ref<void(const OnnxImport &, const ResolvedRecipe &)> hear = {},
                          llvm::ArrayRef<RecipeChange> changes = {});

} // namespace tally

#endif
