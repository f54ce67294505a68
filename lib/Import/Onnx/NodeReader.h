// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What an op's import function sees: one node with typed attributes and inputs, and the means to build its results.
#ifndef TALLY_IMPORT_ONNX_NODEREADER_H
#define TALLY_IMPORT_ONNX_NODEREADER_H

#include "Bindings.h"
#include "OpTable.h"
#include "Scope.h"
#include "llvm/ADT/SmallBitVector.h"

namespace tally::onnx {

class GraphImporter;

/// An operand list and attributes become an op; these make attributes.
using Attributes = llvm::SmallVector<mlir::NamedAttribute>;

class NodeReader {
public:
  NodeReader(GraphImporter &importer, Scope &scope, const Node &node, size_t index, const OpRow &row)
      : importer(importer), scope(scope), node(node), index(index), row(row), readInputs(node.inputs.size()) {}

  const Node &getNode() const { return node; }
  const OpRow &getRow() const { return row; }
  mlir::Location getLoc() const;
  mlir::Builder &getBuilder();

  // Errors; both return failure.
  llvm::LogicalResult unsupported(const llvm::Twine &what);
  llvm::LogicalResult wrong(const llvm::Twine &what);

  // Attributes. An attribute of another kind is an error that finish() returns.
  bool hasAttribute(llvm::StringRef name);
  int64_t integer(llvm::StringRef name, int64_t otherwise);
  double real(llvm::StringRef name, double otherwise);
  llvm::StringRef string(llvm::StringRef name, llvm::StringRef otherwise);
  llvm::ArrayRef<int64_t> integers(llvm::StringRef name);
  llvm::ArrayRef<std::string> strings(llvm::StringRef name);
  const Tensor *tensorAttribute(llvm::StringRef name);
  /// Reads attributes that have no influence on the result.
  void ignore(std::initializer_list<llvm::StringRef> names);
  const NodeAttribute *attribute(llvm::StringRef name);

  // Inputs. One that nobody asks for is an error that finish() returns.
  size_t numInputs() const { return node.inputs.size(); }
  bool has(size_t input);
  const Binding &binding(size_t input);
  /// The same of an input that may stay unread.
  const Binding &peek(size_t input) const;
  /// The element type of an input as ONNX has it.
  ElementType elementType(size_t input) { return binding(input).type; }
  /// The input as a tensor of the graph. Float initializers of more than one element become weights of kind other.
  llvm::FailureOr<mlir::Value> value(size_t input, llvm::StringRef slot = "other");
  /// The same of a binding, which input `input` may hold.
  llvm::FailureOr<mlir::Value> valueOf(const Binding &bound, size_t input, llvm::StringRef slot = "other");
  /// The input of a weight, scale or bias slot; `module`: the node that has the slot's other tensors, where it is another one.
  llvm::FailureOr<mlir::Value> weight(size_t input, llvm::StringRef kind, llvm::StringRef slot, bool statistics = false,
                                      llvm::StringRef module = "");
  /// Where an input is an initializer that holds the same for each sample of the batch: from here on it is that of one sample.
  void keepOneSample(size_t input);
  /// True for a weight, also where it is moved (transposed, reshaped).
  static bool isWeight(mlir::Value value);
  /// Says that `value`, perhaps a moved weight of kind other, feeds a slot of `kind`.
  static void setKind(mlir::Value value, llvm::StringRef kind);
  /// An input that must be known at import time and must not depend on the batch size.
  llvm::FailureOr<HostTensor> constant(size_t input);
  /// An input known at import time, at the batch size of the graph (0) and at another (1).
  std::optional<std::pair<HostTensor, HostTensor>> constants(size_t input);
  /// The constant that a value of the graph is, if it is the same one at either batch size.
  std::optional<HostTensor> known(mlir::Value value) const;
  /// True for an input that is computed from constants and is nothing but `value`: exporters write "no bias" so.
  bool isConstantEqual(size_t input, double value);
  /// The shape of a value at the other batch size: it differs where the batch size takes part.
  llvm::ArrayRef<int64_t> shapeAtOtherBatch(mlir::Value value);
  /// Binds the result to what `compute` makes of the known inputs (of type Undefined where one is absent), at either batch size: for
  /// ops whose result's shape is a matter of their inputs' values.
  llvm::LogicalResult fold(llvm::function_ref<llvm::FailureOr<HostTensor>(llvm::ArrayRef<HostTensor>)> compute);
  /// The shapes of an input at the batch size of the graph and at the other one.
  std::pair<llvm::SmallVector<int64_t>, llvm::SmallVector<int64_t>> shapes(size_t input);
  int64_t getBatch() const;
  /// See OnnxImportOptions.
  bool isAsWritten() const;
  /// How many nodes were imported before, those of bodies and calls each time.
  size_t getIndex() const { return index; }
  /// True if no node but this one reads the values of the input (its shape and type aside), and the model does not give it as an output.
  bool isOnlyReader(size_t input) const;
  /// dy/dx_i for the tensor named `y` and inputs i, which are named `xs` in the function that y is, then `zs`; inputs of other names
  /// are the values at which that is taken.
  llvm::FailureOr<llvm::SmallVector<mlir::Value>> gradients(const std::string &y, llvm::ArrayRef<std::string> xs,
                                                            llvm::ArrayRef<std::string> zs);
  /// The first input of the graph that has a batch; null where there is none.
  mlir::Value getBatchedInput() const;
  /// Counts the work on a sequence, in nodes; the error where it is too much.
  llvm::LogicalResult spend(size_t nodes);
  /// Input `input` as a body or a sequence gets it.
  Binding capture(size_t input);
  /// The graph in an attribute; null after an error.
  const Graph *graphAttribute(llvm::StringRef name);
  /// What the graph in an attribute gives for these inputs. Its nodes' names begin with "node[step]/", or "node/attribute/" without a step.
  llvm::FailureOr<std::vector<Binding>> importBody(llvm::StringRef name, llvm::ArrayRef<Binding> inputs, llvm::StringRef step = "");
  /// The integers of attribute `axes`, or of an input that is known; nullopt where it is absent.
  llvm::FailureOr<std::optional<llvm::SmallVector<int64_t>>> axesAttribute();
  llvm::FailureOr<std::optional<llvm::SmallVector<int64_t>>> axesInput(size_t input);
  /// `axis` counted from the front; failure where it is out of range.
  llvm::FailureOr<int64_t> normalizedAxis(int64_t axis, int64_t rank);

  // Results.
  /// Builds nn.<op> and returns its first result (others serve its gradient); types are inferred, and a failure of that is
  /// the node's error. Of constants it is folded, at either batch size. A constant that follows from the batch size and is the same for
  /// each sample is repeated for each; another cannot be an operand of what is not folded.
  llvm::FailureOr<mlir::Value> emit(llvm::StringRef op, mlir::ValueRange operands, const Attributes &attributes = {});
  /// A rank-0 (or shaped) constant of the graph, which may be another one at the other batch size.
  mlir::Value emitConstant(const HostTensor &tensor) { return emitConstant(tensor, tensor); }
  mlir::Value emitConstant(const HostTensor &tensor, const HostTensor &atOtherBatch);
  /// Positions as a constant: what is gathered at them is free of cost.
  mlir::Value emitPositions(llvm::ArrayRef<int64_t> positions, llvm::ArrayRef<int64_t> shape);
  /// Reshapes to a shape that is given at the batch size of the graph and at the other one; -1 stands where they differ.
  llvm::FailureOr<mlir::Value> emitReshape(mlir::Value x, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> otherShape);
  /// Binds output `output`. Its ONNX type is `type`, by default that of the first input which is of the same type in the graph.
  llvm::LogicalResult result(llvm::FailureOr<mlir::Value> value, size_t output = 0, ElementType type = ElementType::Undefined);
  llvm::LogicalResult result(HostTensor tensor, HostTensor atOtherBatch);
  llvm::LogicalResult result(const Binding &alias, size_t output = 0);
  /// Keeps for the export that this input of a node is random.
  void recordRandomUse(size_t input, double mean);
  /// A value as a binding: one known at import time where it is a small constant.
  Binding bind(mlir::Value value, ElementType type);

  mlir::NamedAttribute attr(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  mlir::NamedAttribute attr(llvm::StringRef name, mlir::Attribute value);
  mlir::NamedAttribute attr(llvm::StringRef name, double value);
  mlir::NamedAttribute integerAttr(llvm::StringRef name, int64_t value);

  /// The error, if an attribute was of the wrong kind, or if an attribute or an input was not read.
  llvm::LogicalResult finish();

private:
  const NodeAttribute *typed(llvm::StringRef name, NodeAttribute::Kind kind);
  mlir::Operation *create(llvm::StringRef op, mlir::ValueRange operands, const Attributes &attributes);
  mlir::Value foldConstants(mlir::Operation *created);
  /// Counts what is computed at import time, in bodies.
  llvm::LogicalResult spendElements(int64_t elements) { return scope.depth ? spend(elements / 256) : llvm::success(); }
  llvm::FailureOr<mlir::Value> repeatForEachSample(mlir::Value constant);
  llvm::FailureOr<mlir::Value> weightOf(const Binding &bound, size_t input, llvm::StringRef kind, llvm::StringRef slot, bool statistics,
                                        llvm::StringRef module);

  GraphImporter &importer;
  Scope &scope;
  const Node &node;
  size_t index;
  const OpRow &row;
  llvm::SmallVector<llvm::StringRef> readNames;
  llvm::SmallBitVector readInputs;
  llvm::SmallVector<std::string> wrongKinds;
};

/// What a node makes of a random tensor among its inputs, where that is not just a value: a comparison makes a mask of it, for example.
std::optional<llvm::LogicalResult> importOfRandom(NodeReader &node);
/// A random tensor as a value of the graph; an error for one that is no mask.
llvm::FailureOr<mlir::Value> valueOfRandom(NodeReader &node, size_t input);

} // namespace tally::onnx

#endif
