// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rebuilds an L1 graph for inputs of another shape (batch size, image size).
#include "tally/Import/Rebatch.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;

FailureOr<Operation *> tally::cloneReinferred(Operation *op, OpBuilder &builder, IRMapping &mapping) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(mapping.lookupOrDefault(operand));
  SmallVector<Type> types(op->getResultTypes());
  if (auto inference = dyn_cast<InferTypeOpInterface>(op)) {
    types.clear();
    if (failed(inference.inferReturnTypes(op->getContext(), op->getLoc(), operands, op->getDiscardableAttrDictionary(),
                                          op->getPropertiesStorage(), op->getRegions(), types)))
      return failure();
  }
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(operands);
  state.addTypes(types);
  state.addAttributes(op->getAttrs());
  Operation *clone = builder.create(state);
  mapping.map(op->getResults(), clone->getResults());
  return clone;
}

FailureOr<SmallVector<Value>> tally::cloneReinferred(func::FuncOp graph, OpBuilder &builder, IRMapping &mapping) {
  for (Operation &op : graph.getBody().front().without_terminator()) {
    if (op.getNumResults() && llvm::all_of(op.getResults(), [&](Value result) { return mapping.contains(result); }))
      continue;
    if (failed(cloneReinferred(&op, builder, mapping)))
      return failure();
  }
  SmallVector<Value> results;
  for (Value value : graph.getBody().front().getTerminator()->getOperands())
    results.push_back(mapping.lookupOrDefault(value));
  return results;
}

/// The first input that has a dimension: its dimension 0 is the batch.
static RankedTensorType leadingInput(func::FuncOp graph) {
  for (Type type : graph.getArgumentTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); tensor && tensor.getRank() > 0)
      return tensor;
  return {};
}

std::optional<int64_t> tally::batchSizeOf(func::FuncOp graph) {
  RankedTensorType leading = leadingInput(graph);
  return leading ? std::optional(leading.getDimSize(0)) : std::nullopt;
}

FailureOr<OwningOpRef<ModuleOp>> tally::rebatchModule(ModuleOp module, int64_t batch) {
  auto graph = module.lookupSymbol<func::FuncOp>("main");
  if (!graph || graph.isExternal() || !batchSizeOf(graph))
    return module.emitError("requires a function @main whose input has a batch");
  OwningOpRef<ModuleOp> result = ModuleOp::create(module.getLoc());
  (*result)->setAttrs(module->getAttrs());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  SmallVector<Type> inputs;
  for (Type type : graph.getArgumentTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensor.getShape());
    if (!shape.empty() && shape.front() == *batchSizeOf(graph))
      shape.front() = batch;
    inputs.push_back(tensor.clone(shape));
  }
  auto main = func::FuncOp::create(builder, graph.getLoc(), "main", builder.getFunctionType(inputs, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());
  IRMapping mapping;
  mapping.map(graph.getArguments(), main.getArguments());
  FailureOr<SmallVector<Value>> results = cloneReinferred(graph, builder, mapping);
  if (failed(results))
    return failure();
  func::ReturnOp::create(builder, graph.getLoc(), *results);
  main.setFunctionType(builder.getFunctionType(inputs, ValueRange(*results).getTypes()));
  return result;
}
