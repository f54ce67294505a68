// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ONNX in and out: a model file becomes an L1 module, and a trained network a model file again.
#ifndef TALLY_IMPORT_ONNXIMPORTER_H
#define TALLY_IMPORT_ONNXIMPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>
#include <string>
#include <vector>

namespace tally {

struct OnnxImportOptions {
  /// The batch size of @main; 0 is the model's own, or 1 where that is symbolic.
  int64_t batch = 0;
  /// The height and width of the images, the last two of four dimensions of the first input; 0 are the model's own.
  int64_t imageSize = 0;
  /// Put BatchNormalization back where the exporter has folded it into a convolution.
  bool restoreNorms = false;
  /// Globs: a float initializer of one element outside of weight, scale and bias slots is a weight where one matches its name.
  std::vector<std::string> trainable = {};
  /// Training forms of nodes compute what the file says: statistics of the batch, numbers drawn from the seeds of the nodes, and behind
  /// the graph the step of its training_info. A recipe makes the training form itself, and needs the inference form.
  bool asWritten = false;
};

enum class OnnxImportStatus {
  Fine,
  Unsupported, ///< a valid model that needs what is not supported
  Wrong        ///< unreadable, or against the ONNX specification
};

/// On @main: [where, what] of each problem that keeps the graph from being trained, though not from being computed, such as a shape
/// that fits one batch size alone. "where" is the name of a node, or empty.
inline constexpr llvm::StringLiteral untrainableAttribute = "tally.untrainable";

/// A model as it stands in its file, kept for the export of what was trained.
class OnnxSource;

struct OnnxImport {
  OnnxImportStatus status = OnnxImportStatus::Wrong;
  /// func.func @main(inputs) -> outputs of nn ops; locations are the names of the ONNX nodes. The attribute tally.model_sha256
  /// holds the digest, untrainableAttribute of @main what training will refuse. A weight that import split from a shared
  /// initializer has the names of the file in `sources`.
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string sha256; ///< of the file, then of its external files in order of first use
  std::shared_ptr<OnnxSource> source;
};

/// Reads a model. Every problem is an error at the location of its node; all are reported.
OnnxImport importOnnx(llvm::StringRef path, const OnnxImportOptions &options, mlir::MLIRContext *context);

/// Prints a diagnostic about a model as "FILE: error: node 'NAME' (Op, opset N): what", one about its recipe with line and column; then
/// its notes.
void printOnnxDiagnostic(llvm::raw_ostream &os, llvm::StringRef path, mlir::Diagnostic &diagnostic);

/// A model file whose weights are to be filled in.
struct OnnxTemplate {
  struct Slot {
    std::string weight; ///< name of the nn.weight
    uint64_t offset;    ///< bytes from the start of the file
    uint64_t bytes;     ///< raw little-endian elements
  };
  std::string bytes;
  std::vector<Slot> slots;
};

/// The inference form of the imported model with every nn.weight (running statistics, too) as raw data of f32, or f64 with
/// `asDouble`; external data are pulled in, and each weight that import split has an initializer of its own.
llvm::FailureOr<OnnxTemplate> buildOnnxTemplate(const OnnxImport &import, bool asDouble = false);

} // namespace tally

#endif
