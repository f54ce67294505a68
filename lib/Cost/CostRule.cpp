// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads rules and prices ops by them.
#include "tally/Cost/CostRule.h"
#include "dialects/Nn/Nn.h"
#include "llvm/ADT/StringExtras.h"
#include "tally/Cost/BodyCount.h"

using namespace mlir;
using namespace tally;

static constexpr int64_t largestFactor = 1000000;

nn::WeightOp tally::weightBehind(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && !isa<nn::WeightOp>(op) && op->hasTrait<ZeroCost>() && op->getNumOperands() == 1)
    op = op->getOperand(0).getDefiningOp();
  return dyn_cast_or_null<nn::WeightOp>(op);
}

bool tally::isStatistic(nn::WeightOp weight) { return weight.getKind() == "norm.mean" || weight.getKind() == "norm.variance"; }

static Count elementsOf(Value value) { return cast<RankedTensorType>(value.getType()).getNumElements(); }

static SmallVector<CostTerm> factsOf(Operation *op, CostTerm::Form form) {
  auto priced = dyn_cast<CostOpInterface>(op);
  SmallVector<CostTerm> facts = priced ? priced.getCost() : SmallVector<CostTerm>();
  llvm::erase_if(facts, [=](const CostTerm &term) { return term.form != form; });
  return facts;
}

static Count countProducts(Operation *op, bool withPadding) {
  Count sum;
  for (const CostTerm &term : factsOf(op, CostTerm::Form::Product))
    sum += withPadding ? term.terms : term.terms - term.paddingTerms;
  return sum;
}

static Count countSummed(Operation *op) {
  Count sum;
  for (const CostTerm &term : factsOf(op, CostTerm::Form::Sum))
    sum += term.terms;
  return sum;
}

static Count countWeights(Operation *op) {
  Count sum;
  for (Value operand : op->getOperands())
    if (nn::WeightOp weight = weightBehind(operand); weight && !isStatistic(weight))
      sum += elementsOf(weight.getY());
  return sum;
}

namespace {
/// What a rule may count of an op beside the operations of a kind.
struct Quantity {
  StringLiteral name, unit;
  Count (*measure)(Operation *op);
};
} // namespace

static const Quantity quantities[] = {
    {"multiply_adds", "multiply-add", [](Operation *op) { return countProducts(op, true); }},
    {"valid_multiply_adds", "multiply-add not on padding", [](Operation *op) { return countProducts(op, false); }},
    {"summed", "value summed", countSummed},
    {"inputs", "input", [](Operation *op) { return op->getNumOperands() ? elementsOf(op->getOperand(0)) : Count(); }},
    {"results", "result", [](Operation *op) { return op->getNumResults() ? elementsOf(op->getResult(0)) : Count(); }},
    {"weights", "weight", countWeights},
};

static const Quantity *findQuantity(StringRef name) {
  const Quantity *found = llvm::find_if(quantities, [&](const Quantity &quantity) { return quantity.name == name; });
  return found == std::end(quantities) ? nullptr : found;
}

bool CostRule::matches(Operation *op) const {
  if (!llvm::is_contained(ops, op->getName().stripDialect()))
    return false;
  if (rank && (!op->getNumOperands() || cast<RankedTensorType>(op->getOperand(0).getType()).getRank() != rank))
    return false;
  auto reads = [&](Value operand) {
    nn::WeightOp weight = weightBehind(operand);
    return weight && weight.getKind() == with;
  };
  return with.empty() || llvm::any_of(op->getOperands(), reads);
}

std::string CostRule::describe() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::ListSeparator separator(" and ");
  for (const auto &[name, factor] : count) {
    const Quantity *quantity = findQuantity(name);
    if (factor)
      os << separator << factor << " per " << (quantity ? StringRef(quantity->unit) : StringRef(name));
  }
  return text.empty() ? "nothing" : text;
}

const CostRule *tally::findRule(ArrayRef<CostRule> rules, Operation *op) {
  const CostRule *rule = llvm::find_if(rules, [&](const CostRule &rule) { return rule.matches(op); });
  return rule == rules.end() ? nullptr : rule;
}

FailureOr<Count> tally::countByRule(Operation *op, const CostRule &rule) {
  FailureOr<OpCount> operations = countGraphOp(op);
  if (failed(operations))
    return failure();
  std::map<std::string, Count> kinds = operations->byKind();
  Count sum;
  for (const auto &[name, factor] : rule.count) {
    const Quantity *quantity = findQuantity(name);
    sum += (quantity ? quantity->measure(op) : kinds[name]) * factor;
  }
  return sum;
}

static std::vector<std::string> readOps(const YamlNode &node, YamlProblems &problems) {
  std::vector<std::string> names;
  ArrayRef<YamlNode> items = node.kind == YamlNode::Kind::List ? ArrayRef(node.items) : ArrayRef(node);
  for (const YamlNode &item : items) {
    bool known = item.kind == YamlNode::Kind::Scalar && RegisteredOperationName::lookup("nn." + item.text, item.loc.getContext());
    if (known)
      names.push_back(item.text);
    else
      problems.error(item.loc) << "expects the name of an op of the dialect nn (conv, matmul, relu, ...), got " << item.describe();
  }
  if (items.empty())
    problems.error(node.loc) << "expects at least one name of an op, got an empty list";
  return names;
}

static CostRule readRule(YamlNode &node, YamlProblems &problems) {
  static constexpr StringRef kinds[] = {"bias", "linear.weight", "conv.weight", "norm.scale", "norm.bias", "other"};
  CostRule rule;
  MapReader reader(node, problems, "rule");
  if (YamlNode *ops = reader.require("ops"))
    rule.ops = readOps(*ops, problems);
  if (std::optional<size_t> kind = reader.readWord("with", kinds))
    rule.with = kinds[*kind];
  reader.readInteger("rank", rule.rank, 1, 8);
  if (YamlNode *count = reader.require("count")) {
    MapReader factors(*count, problems, "count");
    auto read = [&](StringRef name) {
      if (int64_t factor = 0; factors.readInteger(name, factor, 0, largestFactor))
        rule.count.emplace_back(name, factor);
    };
    for (const Quantity &quantity : quantities)
      read(quantity.name);
#define TALLY_OPERATION_KIND(Name, name) read(name);
#include "tally/Support/OperationKinds.def"
    factors.finish();
  }
  reader.finish();
  return rule;
}

std::vector<CostRule> tally::readRules(YamlNode &list, YamlProblems &problems) {
  std::vector<CostRule> rules;
  list.loc.getContext()->loadDialect<nn::NnDialect>();
  if (list.kind != YamlNode::Kind::List)
    problems.error(list.loc) << "expects a list of rules, got " << list.describe();
  for (YamlNode &item : list.items)
    rules.push_back(readRule(item, problems));
  return rules;
}
