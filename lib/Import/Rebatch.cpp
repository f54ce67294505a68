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

RankedTensorType tally::inputTypeForBatch(func::FuncOp graph, int64_t batch) {
  auto type = cast<RankedTensorType>(graph.getArgumentTypes().front());
  SmallVector<int64_t> shape(type.getShape());
  shape.front() = batch;
  return type.clone(shape);
}

FailureOr<OwningOpRef<ModuleOp>> tally::rebatchModule(ModuleOp module, int64_t batch) {
  auto graph = module.lookupSymbol<func::FuncOp>("main");
  if (!graph || graph.isExternal() || graph.getNumArguments() != 1)
    return module.emitError("requires a function @main with one argument");
  OwningOpRef<ModuleOp> result = ModuleOp::create(module.getLoc());
  (*result)->setAttrs(module->getAttrs());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  RankedTensorType input = inputTypeForBatch(graph, batch);
  auto main = func::FuncOp::create(builder, graph.getLoc(), "main", builder.getFunctionType({input}, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());
  IRMapping mapping;
  mapping.map(graph.getArgument(0), main.getArgument(0));
  FailureOr<SmallVector<Value>> results = cloneReinferred(graph, builder, mapping);
  if (failed(results))
    return failure();
  func::ReturnOp::create(builder, graph.getLoc(), *results);
  main.setFunctionType(builder.getFunctionType({input}, ValueRange(*results).getTypes()));
  return result;
}
