// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads the tensors of a model, external ones included.
#ifndef TALLY_IMPORT_ONNX_ONNXMODELTENSORS_H
#define TALLY_IMPORT_ONNX_ONNXMODELTENSORS_H

#include "ExternalFile.h"
#include "OnnxModel.h"
#include "onnx-ml.pb.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/SHA256.h"

namespace tally::onnx {

class TensorReader {
public:
  /// Of the model at `path`. What the tensors refer to is kept in `model`; `digest` takes in the external files.
  TensorReader(llvm::StringRef path, Model &model, llvm::SHA256 &digest, Report report)
      : external(path), model(model), digest(digest), report(report) {}

  /// Floats of less than 32 bits become Float, integers of less than 8 bits 8 bits wide. nullopt after an error about `name`.
  std::optional<Tensor> read(const ::onnx::TensorProto &proto, llvm::StringRef name);

private:
  void wrong(llvm::StringRef where, const llvm::Twine &what) { report({false, where.str(), what.str()}); }
  void unsupported(llvm::StringRef where, const llvm::Twine &what) { report({true, where.str(), what.str()}); }
  std::optional<llvm::ArrayRef<char>> readExternal(const ::onnx::TensorProto &tensor, llvm::StringRef name, int64_t bytes);
  template <typename Element, typename Field> llvm::ArrayRef<char> packed(const Field &field);
  llvm::ArrayRef<char> typedBytes(const ::onnx::TensorProto &tensor, ElementType type);
  void widen(Tensor &tensor);

  ExternalFiles external;
  Model &model;
  llvm::SHA256 &digest;
  Report report;
  llvm::StringSet<> usedFiles;
};

} // namespace tally::onnx

#endif
