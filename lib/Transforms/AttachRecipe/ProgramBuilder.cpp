// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program under construction, and one body of it.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

ProgramBuilder::ProgramBuilder(func::FuncOp graph, const ResolvedRecipe &resolved)
    : graph(graph), resolved(resolved), builder(graph),
      elementType(cast<RankedTensorType>(graph.getFunctionType().getInput(0)).getElementType()) {
  program = train::ProgramOp::create(builder, graph.getLoc(), "training", resolved.totalSteps, DictionaryAttr());
  builder.setInsertionPointToStart(&program.getBody().emplaceBlock());
}

RankedTensorType ProgramBuilder::positions(ArrayRef<int64_t> shape) const {
  return RankedTensorType::get(shape, IndexType::get(graph.getContext()));
}

Location ProgramBuilder::locate(StringRef layer) const {
  return NameLoc::get(StringAttr::get(graph.getContext(), layer));
}

void ProgramBuilder::addParameter(const ResolvedTensor &tensor, ElementsAttr value) {
  nn::WeightOp weight = tensor.weight;
  auto type = cast<RankedTensorType>(weight.getType());
  train::ParameterOp::create(builder, weight.getLoc(), tensor.name, type, tensor.kind, tensor.freezeStep > 0, value);
  types[tensor.name] = type;
}

void ProgramBuilder::addState(StringRef name, RankedTensorType type, train::Role role, ElementsAttr value) {
  train::StateOp::create(builder, locate(name), name, type, role, value);
  types[name] = type;
}

DenseElementsAttr ProgramBuilder::floats(ArrayRef<int64_t> shape, ArrayRef<double> values) const {
  if (elementType.isF64())
    return DenseElementsAttr::get(tensor(shape), values);
  return DenseElementsAttr::get(tensor(shape), ArrayRef(std::vector<float>(values.begin(), values.end())));
}

std::string ProgramBuilder::addTable(StringRef name, ArrayRef<double> values) {
  DenseElementsAttr content = floats({static_cast<int64_t>(values.size())}, values);
  std::string &symbol = tables[content];
  if (symbol.empty()) {
    symbol = name.str();
    for (int number = 1; types.contains(symbol); ++number)
      symbol = name.str() + "." + std::to_string(number);
    OpBuilder::InsertionGuard guard(builder);
    for (auto body : program.getBody().getOps<train::InitializeOp>())
      builder.setInsertionPoint(body); // among the variables
    train::TableOp::create(builder, locate(symbol), symbol, content);
    types[symbol] = cast<RankedTensorType>(content.getType());
  }
  return symbol;
}

std::string ProgramBuilder::addTable(StringRef name, StringRef key, llvm::function_ref<std::vector<double>()> make) {
  std::string &symbol = tablesByKey[key];
  if (symbol.empty())
    symbol = addTable(name, make());
  return symbol;
}

std::string tally::exactly(double number) { return std::to_string(llvm::bit_cast<uint64_t>(number)); }

std::string ProgramBuilder::addRates(double lr, const ScheduleSpec &schedule) {
  std::string key = "lr " + exactly(lr) + " " + stringify(schedule);
  return addTable("table.lr", key, [&] {
    std::vector<double> rates = scheduleFactors(schedule, resolved.totalSteps, resolved.stepsPerEpoch);
    for (double &rate : rates)
      rate *= lr;
    return rates;
  });
}

BodyBuilder::BodyBuilder(ProgramBuilder &program, Operation *body)
    : program(program), builder(program.builder), loc(body->getLoc()) {
  builder.setInsertionPointToStart(&body->getRegion(0).emplaceBlock());
}

Value BodyBuilder::read(StringRef variable) {
  Value &value = reads[variable];
  if (!value)
    value = create<train::ReadOp>(program.typeOf(variable), variable);
  return value;
}

void BodyBuilder::write(StringRef variable, Value value) { create<train::WriteOp>(variable, value); }

Value BodyBuilder::constant(ArrayRef<int64_t> shape, ArrayRef<double> values) {
  return create<nn::ConstantOp>(program.tensor(shape), program.floats(shape, values));
}

Value BodyBuilder::position(ArrayRef<int64_t> shape, AffineExpr expression, ValueRange operands) {
  auto map = AffineMap::get(shape.size() + operands.size(), 0, expression);
  return create<train::PositionOp>(program.positions(shape), AffineMapAttr::get(map), operands);
}

Value BodyBuilder::lookup(StringRef table, Value at) {
  return create<train::TakeOp>(program.tensor({}), read(table), at);
}

Value BodyBuilder::random(nn::Distribution distribution, RankedTensorType type, Value epoch, Value samples, int64_t use,
                          std::optional<int64_t> below) {
  return create<nn::RandomOp>(type, read("seed"), epoch, samples, use, distribution,
                              below ? builder.getI64IntegerAttr(*below) : IntegerAttr());
}
