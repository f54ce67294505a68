// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns the graph of a model into @main, node by node.
#ifndef TALLY_IMPORT_ONNX_GRAPHIMPORTER_H
#define TALLY_IMPORT_ONNX_GRAPHIMPORTER_H

#include "NodeReader.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"

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

private:
  friend class NodeReader;

  void problem(bool unsupported, const llvm::Twine &where, const llvm::Twine &what);
  void problem(bool unsupported, const Node &node, const llvm::Twine &what);
  bool checkVersions();
  /// The imported version of the domain of a node; 0 where there is none.
  int64_t opsetOf(const Node &node) const;
  const OpRow *rowOf(const Node &node) const { return findRow(node.qualifiedType(), opsetOf(node)); }
  void checkNames();
  std::optional<llvm::SmallVector<int64_t>> readShape(const ValueInfo &input);
  bool createFunctions();
  void bindInitializers();
  void checkOps();
  void importNode(const Node &node, size_t index);
  /// False, after saying so, if an input of the node is not there.
  bool checkInputs(const Node &node);
  bool checkSchema(const Node &node, const OpRow &row);
  void bindOutputs(const Node &node);
  /// A constant of @main and, perhaps another one, of the copy.
  mlir::Value createConstant(mlir::Location loc, mlir::DenseElementsAttr here, mlir::DenseElementsAttr there);
  /// What a value is bound as: Host where it is a constant at either batch size and small.
  Binding bind(mlir::Value value, ElementType type);
  mlir::Value findOutput(const ValueInfo &output);
  bool finishFunction();

  const Model &model;
  mlir::OpBuilder builder, otherBuilder;
  int64_t batch;
  bool anyBatch, asWritten;
  int64_t opset = 0;
  Report report;
  bool failed = false;
  mlir::OwningOpRef<mlir::ModuleOp> module, otherModule;
  mlir::func::FuncOp main;
  mlir::IRMapping otherBatch; ///< from values of @main to values of the copy
  WeightTable weights;
  std::vector<RandomUse> randomUses;
  llvm::StringMap<Binding> bindings;
  llvm::StringMap<std::string> producers; ///< output -> node
};

} // namespace tally::onnx

#endif
