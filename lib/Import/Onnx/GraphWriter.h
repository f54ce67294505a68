// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes graphs of ONNX nodes behind the graph of a model.
#ifndef TALLY_IMPORT_ONNX_GRAPHWRITER_H
#define TALLY_IMPORT_ONNX_GRAPHWRITER_H

#include "OnnxModel.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

namespace tally::onnx {

NodeAttribute makeAttribute(llvm::StringRef name, int64_t value);
NodeAttribute makeAttribute(llvm::StringRef name, double value);
NodeAttribute makeAttribute(llvm::StringRef name, llvm::StringRef value);
NodeAttribute makeAttribute(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
NodeAttribute makeAttribute(llvm::StringRef name, std::vector<std::string> values);
NodeAttribute makeAttribute(llvm::StringRef name, Tensor value);

/// Names that are new to a model.
class FreshNames {
public:
  explicit FreshNames(const Model &model);
  void take(llvm::StringRef name) { taken.insert(name); }
  /// `base`, numbered where it is taken.
  std::string make(const llvm::Twine &base);

private:
  llvm::StringSet<> taken;
};

class GraphWriter {
public:
  using Names = llvm::ArrayRef<std::string>;

  /// `type` is that of float tensors, Float or Double.
  GraphWriter(FreshNames &names, ElementType type) : type(type), names(names) {}

  /// Adds a node of one output, and returns its name: `name`, numbered where it is taken.
  std::string add(llvm::StringRef op, Names inputs, const llvm::Twine &name, std::vector<NodeAttribute> attributes = {});
  /// A node of several outputs; they are names that are new already.
  Node &addNode(llvm::StringRef op, Names inputs, Names outputs, std::vector<NodeAttribute> attributes = {});

  // Tensors; those of floats are of `type`.
  std::string addFloats(const llvm::Twine &name, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values);
  std::string addZeros(const llvm::Twine &name, llvm::ArrayRef<int64_t> shape);
  std::string addIntegers(const llvm::Twine &name, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> values);
  /// One number, which several nodes may read; of type Int64, Float or Double.
  std::string number(double value, ElementType numberType = ElementType::Undefined);
  /// A tensor that is no initializer; the writer owns its bytes.
  Tensor makeFloats(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values, ElementType elementType);

  void addInput(llvm::StringRef name, ElementType elementType, llvm::ArrayRef<int64_t> shape) { graph.inputs.push_back(makeInfo(name, elementType, shape)); }
  void addOutput(llvm::StringRef name, ElementType elementType, llvm::ArrayRef<int64_t> shape) { graph.outputs.push_back(makeInfo(name, elementType, shape)); }

  Graph graph;
  const ElementType type;
  FreshNames &names;

private:
  static ValueInfo makeInfo(llvm::StringRef name, ElementType elementType, llvm::ArrayRef<int64_t> shape);
  std::string addInitializer(const llvm::Twine &name, Tensor tensor);
  Tensor own(ElementType elementType, llvm::ArrayRef<int64_t> shape, std::vector<char> bytes);

  std::vector<std::shared_ptr<std::vector<char>>> blobs;
  llvm::StringMap<std::string> numbers;
};

} // namespace tally::onnx

#endif
