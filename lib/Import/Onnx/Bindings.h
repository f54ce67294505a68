// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the names of an ONNX graph stand for while it is imported, and the weights that its initializers become.
#ifndef TALLY_IMPORT_ONNX_BINDINGS_H
#define TALLY_IMPORT_ONNX_BINDINGS_H

#include "HostTensor.h"
#include "dialects/Nn/Nn.h"
#include "llvm/ADT/StringMap.h"

namespace tally::onnx {

/// An input of a node of the file.
struct Place {
  const Node *node = nullptr;
  size_t position = 0;
  bool operator==(const Place &) const = default;
};

/// Random numbers whose use decides what they are.
struct RandomTensor {
  llvm::SmallVector<int64_t> shape, shapeAtOtherBatch;
  /// Uniform in [low, high) until it is compared; equal where it is of another distribution.
  double low = 0, high = 1;
  /// Then 1 with the probability `keep` and else 0, times `factor`.
  std::optional<double> keep;
  double factor = 1;
  mlir::Value ones;      ///< nn.dropout of ones, which keeps `keep` of them and multiplies by 1/keep
  bool isShared = false; ///< more than one node reads it, or what it was made from
};

struct Binding;
using Elements = std::vector<std::shared_ptr<const Binding>>;

/// One name of the graph.
struct Binding {
  enum class Kind {
    Value,       ///< a value of @main
    Host,        ///< known at import time
    Initializer, ///< a float tensor of the file: a weight or a constant, as the slot that it feeds says
    Random,      ///< a random tensor
    Sequence,    ///< a list of tensors of known length
    Absent,      ///< an optional value that is not there
    Unsupported, ///< an output that is not supported, of a node that is
    Poisoned     ///< the node behind it failed; nothing more is said about it
  };
  Kind kind = Kind::Poisoned;
  ElementType type = ElementType::Undefined; ///< as ONNX has it: Float16 is f32 here, each integer type i64
  mlir::Value value;
  /// At the batch size of @main, and at another one: they differ where the value follows from the batch size.
  HostTensor host, hostAtOtherBatch;
  std::shared_ptr<const RandomTensor> random;
  /// The tensor of the file, also where it is a float tensor of a Constant node: that is a weight in a weight slot alone.
  const Tensor *initializer = nullptr;
  /// The names by which an initializer is known here: its own, then those that Identity nodes gave it.
  llvm::SmallVector<std::string, 1> names;
  /// Where the file names the initializer, if not at the node that uses it: what a call or a body gets is the input of their node.
  Place place;
  std::shared_ptr<const Elements> elements; ///< of a sequence
};

/// An input of a node that is random in training, and its mean, which it is in inference.
struct RandomUse {
  Place place;
  double mean;
  ElementType type;
};

/// One slot of a node that an initializer feeds.
struct WeightUse {
  nn::WeightOp op;
  const Tensor *initializer;
  Place place; ///< of no node for what the output of a body names
  std::string node, layer; ///< of the node that uses it, in errors and reports
  std::string slot;
  llvm::SmallVector<std::string, 1> names;
  bool statistics;         ///< running mean or variance: always its own
  std::string module; ///< the node whose weight and bias belong together: the product's for a bias that an Add node adds
};

/// The contents of weights by their digests: equal tensors are stored once.
using Resources = llvm::StringMap<mlir::ElementsAttr>;

/// The weights of the graph in the order of their first use. An initializer uniform in value becomes a weight per slot, or per call or
/// body that it is given to (exporters share equal tensors), unless it is used again with the same weight or bias, any other one
/// weight; running statistics are their own.
class WeightTable {
public:
  WeightTable(mlir::MLIRContext *context, Resources &resources) : context(context), resources(resources) {}

  /// The weight for one more use; created with `builder` where needed.
  nn::WeightOp use(mlir::OpBuilder &builder, mlir::Location loc, const Binding &binding, WeightUse use, llvm::StringRef kind);

  /// Says of weights that became scales and biases of normalizations in `graph` that they feed these slots of theirs.
  void nameNorms(mlir::Operation *graph);

  /// Ties what was split of modules that share a weight or bias: they are one module, used again.
  void tieModules();

  /// Forgets the uses of weights that nothing needs, and erases those.
  void dropUnused();

  /// Gives the weights their final names and says in remarks what was split and what is tied.
  void finalize(const Model &model);

  llvm::ArrayRef<WeightUse> getUses() const { return uses; }

private:
  mlir::ElementsAttr resource(const Tensor &tensor);

  mlir::MLIRContext *context;
  Resources &resources;
  std::vector<WeightUse> uses;
};

/// The type of a tensor in the graph: f32 for half precision as well, i64 for every integer type (its arithmetic is exact modulo the
/// smaller type's range; what leaves the range is cut where Cast asks for it), i1 for Bool; null for one that no nn op takes.
mlir::RankedTensorType typeOf(mlir::MLIRContext *context, ElementType type, llvm::ArrayRef<int64_t> shape);

/// The ONNX type of constants of an element type of the graph.
ElementType constantType(mlir::Type element);

/// A known tensor as an attribute of the graph, and back.
mlir::DenseElementsAttr denseOf(mlir::MLIRContext *context, const HostTensor &tensor);
HostTensor hostOf(mlir::DenseElementsAttr elements, ElementType type);

} // namespace tally::onnx

#endif
