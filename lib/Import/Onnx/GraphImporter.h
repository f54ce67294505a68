// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns the graph of a model into @main, node by node.
#ifndef TALLY_IMPORT_ONNX_GRAPHIMPORTER_H
#define TALLY_IMPORT_ONNX_GRAPHIMPORTER_H

#include "NodeReader.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"
#include "tally/Transforms/RecomposeOps.h"

namespace tally::onnx {

class GraphImporter {
public:
  /// `batch`: the batch size for a model whose own is symbolic. With `anyBatch` the graph must work at other batch sizes, too;
  /// `asWritten`: see OnnxImportOptions.
  GraphImporter(const Model &model, mlir::MLIRContext *context, Resources &resources, int64_t batch, bool anyBatch,
                bool asWritten, Report report);

  /// The module with @main, or null after reporting every problem. Beside @main a copy is built, op by op, at another batch size
  /// where `anyBatch` asks for it: what differs between the two comes from the batch size.
  mlir::OwningOpRef<mlir::ModuleOp> run();

  const WeightTable &getWeights() const { return weights; }
  llvm::ArrayRef<RandomUse> getRandomUses() const { return randomUses; }
  const RecomposedOps &getRecomposed() const { return recomposed; }

private:
  friend class NodeReader;

  void problem(bool unsupported, const llvm::Twine &where, const llvm::Twine &what);
  void problem(bool unsupported, const Scope &scope, const Node &node, const llvm::Twine &what);
  /// False, after saying so, where the ops of a model or function are of no version that is supported.
  bool checkOpset(const Scope &scope, const llvm::Twine &where);
  const OpRow *rowOf(const Scope &scope, const Node &node) const { return findRow(node.qualifiedType(), scope.opsetOf(node.domain)); }
  void checkNames(Scope &scope);
  std::optional<llvm::SmallVector<int64_t>> readShape(const ValueInfo &input);
  bool createFunctions();
  void bindInitializers(Scope &scope);
  void checkOps(const Scope &scope);
  void findFunctions();
  /// The function that a node calls; null for an op.
  const Function *findFunction(const Node &node) const;
  /// The graph of a scope whose inputs are bound.
  void importGraph(Scope &scope);
  void importNode(Scope &scope, const Node &node);
  /// False, after saying so, if an input of the node is not there.
  bool checkInputs(const Scope &scope, const Node &node);
  bool checkSchema(const Scope &scope, const Node &node, const OpRow &row);
  llvm::LogicalResult importCall(Scope &scope, const Node &node, const Function &function);
  /// Counts work on bodies and sequences, in nodes; the error of `node` where it is too much.
  llvm::LogicalResult spend(const Scope &scope, const Node &node, size_t nodes);
  /// What a body or function gives for these inputs; `scope` is new. Failure if one of its nodes, or an output, has failed, after the
  /// error of `node` in `around` where the inputs do not fit.
  llvm::FailureOr<std::vector<Binding>> importBody(Scope &scope, llvm::ArrayRef<Binding> inputs, const Scope &around, const Node &node);
  /// Input `position` of a node as a binding that remembers this place of the file; Absent where there is none.
  Binding captureInput(const Scope &scope, const Node &node, size_t position);
  /// Binds the outputs that have none: to Unsupported those of a node that was imported.
  void bindOutputs(Scope &scope, const Node &node, bool imported);
  /// A constant of @main and, perhaps another one, of the copy.
  mlir::Value createConstant(mlir::Location loc, mlir::DenseElementsAttr here, mlir::DenseElementsAttr there);
  /// What a value is bound as: Host where it is a constant at either batch size and small.
  Binding bind(mlir::Value value, ElementType type);
  /// Appends the values of an output, several for a sequence.
  void appendOutput(llvm::StringRef name, const Binding &bound, llvm::SmallVectorImpl<mlir::Value> &outputs);
  bool finishFunction();

  /// Limits for models that would never end.
  static constexpr size_t maximalNodes = 100000, maximalDepth = 64;

  const Model &model;
  mlir::OpBuilder builder, otherBuilder;
  int64_t batch;
  bool anyBatch, asWritten;
  Report report;
  size_t problems = 0;
  size_t imported = 0; ///< nodes
  size_t spent = 0; ///< nodes of bodies and functions, each time that they are imported
  llvm::StringMap<const Function *> functions;
  Scope root;
  mlir::OwningOpRef<mlir::ModuleOp> module, otherModule;
  mlir::func::FuncOp main;
  mlir::IRMapping otherBatch; ///< from values of @main to values of the copy
  WeightTable weights;
  std::vector<RandomUse> randomUses;
  RecomposedOps recomposed;
};

} // namespace tally::onnx

#endif
