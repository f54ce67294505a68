// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From a lowered program to what is linked with the runtime, and to the trainer.
#ifndef TALLY_TARGET_PROGRAMOBJECT_H
#define TALLY_TARGET_PROGRAMOBJECT_H

#include "dialects/Train/Train.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// Attribute of a program: its calls of kernels by number, as the manifest lists them.
inline constexpr llvm::StringLiteral callsAttribute = "tally.calls";

/// Attribute of a program whose trainer counts what it executes: what one execution of each block costs, by its number.
inline constexpr llvm::StringLiteral blocksAttribute = "tally.blocks";
/// Attribute of such a program: what one execution of each body executes by the static counts, with the reasons for surplus and avoided work.
inline constexpr llvm::StringLiteral expectedAttribute = "tally.expected";

/// Tensor `variable` belongs at [offset, offset + bytes) of the export template.
struct ExportedTensor {
  std::string variable;
  uint64_t offset, bytes;
};

/// The ONNX file that a trainer patches and writes.
struct ExportTemplate {
  std::string content;
  std::vector<ExportedTensor> tensors;
};

enum class EmitKind { Llvm, Object };

struct EmitOptions {
  EmitKind kind = EmitKind::Object;
  unsigned optimize = 3;
  const ExportTemplate *exported = nullptr;
  /// Of the objects that are linked together, each for another processor: the number of this one, and how many there are.
  unsigned version = 0, versions = 1;
  std::string blobDigest; ///< of version 0, whose blob the other ones use
};

/// Initial values, tables and the export template, in the order of the manifest's `blob_offset`.
class Blob {
public:
  explicit Blob(llvm::raw_ostream &stream) : stream(stream) {}
  /// Appends at the next multiple of 64 bytes; returns the offset.
  uint64_t append(llvm::StringRef bytes);
  /// Appends the elements as they lie in the arena; fails if the attribute has none.
  mlir::FailureOr<uint64_t> append(mlir::ElementsAttr value);
  uint64_t size() const { return end; }

private:
  llvm::raw_ostream &stream;
  uint64_t end = 0;
};

/// The names of the compiled functions, in the order of the manifest.
llvm::SmallVector<std::string> functionNames(train::ProgramOp program);

/// The manifest of a program after --plan-memory, but for what the code decides: `program_sha256`, `processor`. Fills the blob.
mlir::FailureOr<llvm::json::Object> buildManifest(train::ProgramOp program, Blob &blob, const ExportTemplate *exported);

/// How writing a program ended; what went wrong is a diagnostic.
enum class EmitStatus { Fine, NotWritable, InternalError };

/// Writes a module in the LLVM dialect that holds the train.program after --pipeline-cpu, for its target. `outputs` is one file for the text of LLVM
/// IR (<stem>.weights.bin comes beside it), and for an object as many as it shall be divided into: parts are made at the same time, and linked
/// together. Of several versions, the first leaves the digest of its blob in `options`.
EmitStatus emitProgram(mlir::ModuleOp module, llvm::ArrayRef<std::string> outputs, EmitOptions &options);

} // namespace tally

#endif
