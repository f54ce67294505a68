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

enum class EmitKind { Llvm, Object, Executable };

struct EmitOptions {
  EmitKind kind = EmitKind::Executable;
  unsigned optimize = 3;
  std::string runtime; // path of libtally_rt.a, for an executable
  const ExportTemplate *exported = nullptr;
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

/// Writes a module in the LLVM dialect that holds the train.program after --pipeline-cpu, for its target. `output` gets the text of LLVM IR (and
/// <stem>.weights.bin beside it), the object or the trainer.
EmitStatus emitProgram(mlir::ModuleOp module, llvm::StringRef output, const EmitOptions &options);

} // namespace tally

#endif
