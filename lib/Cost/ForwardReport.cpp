// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts the forward pass of a graph op by op, and prints it.
#include "tally/Cost/ForwardReport.h"
#include "ReportTable.h"
#include "dialects/Nn/Nn.h"
#include "llvm/ADT/StringExtras.h"
#include "tally/Cost/BodyCount.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;

/// "conv", "bias of conv".
static std::string describeOp(Operation *op) {
  StringRef name = op->getName().stripDialect();
  for (unsigned index : llvm::seq(op->getNumOperands() == 2 ? 2u : 0u)) {
    nn::WeightOp weight = weightBehind(op->getOperand(index));
    Operation *other = op->getOperand(1 - index).getDefiningOp();
    if (weight && weight.getKind() == "bias" && other)
      return ("bias of " + other->getName().stripDialect()).str();
  }
  return name.str();
}

/// "each add, multiply, K for a sum of K terms".
static std::string describeFacts(Operation *op, const OpCount &count, const CostProfile &profile) {
  std::map<std::string, Count> kinds = count.byKind();
  if (kinds.empty())
    return "nothing";
  auto facts = cast<CostOpInterface>(op).getCost();
  bool sums = llvm::any_of(facts, [](const CostTerm &term) { return !term.results.isZero(); }) && (kinds.count("add") || kinds.count("maximum"));
  bool padding = llvm::any_of(facts, [](const CostTerm &term) { return !term.paddingTerms.isZero(); });
  std::string text = "each " + llvm::join(llvm::make_first_range(kinds), ", ");
  llvm::raw_string_ostream os(text);
  os << (sums && profile.countsFirstTerm ? ", K for a sum of K terms" : "") << (padding && !profile.countsPadding ? ", none on padding" : "")
     << (profile.weights.empty() && profile.otherWeight == 1 && profile.productWeight == 1 ? "" : ", weighted");
  return text;
}

/// What an op counts, and how that is said.
static FailureOr<std::pair<Count, std::string>> countLine(Operation *op, const CostProfile &profile) {
  if (!profile.rules) {
    FailureOr<OpCount> count = countGraphOp(op, profile);
    if (failed(count))
      return failure();
    return std::pair(count->total(), describeFacts(op, *count, profile));
  }
  static const CostRule none;
  const CostRule *rule = findRule(*profile.rules, op);
  FailureOr<Count> count = countByRule(op, rule ? *rule : none);
  if (failed(count))
    return failure();
  return std::pair(*count, (rule ? rule : &none)->describe());
}

/// The elements of the parameters that an op reads and no earlier one has read.
static Count takeParameters(Operation *op, SmallPtrSetImpl<Operation *> &taken) {
  Count sum;
  if (op->hasTrait<ZeroCost>() && op->getNumOperands() == 1)
    return sum; // it is read through this op
  for (Value operand : op->getOperands())
    if (nn::WeightOp weight = weightBehind(operand); weight && !isStatistic(weight) && taken.insert(weight).second)
      sum += cast<RankedTensorType>(weight.getType()).getNumElements();
  return sum;
}

FailureOr<ForwardReport> tally::countForward(Operation *graph, const CostProfile &profile) {
  ForwardReport report;
  report.profile = profile.name;
  SmallPtrSet<Operation *, 32> taken;
  bool wrong = false;
  for (Operation &op : graph->getRegion(0).front()) {
    if (op.hasTrait<OpTrait::IsTerminator>() || (op.hasTrait<ZeroCost>() && op.getNumOperands() == 0))
      continue;
    auto count = countLine(&op, profile);
    FailureOr<OpCount> operations = countGraphOp(&op);
    if (failed(count) || failed(operations)) {
      wrong = true;
      continue;
    }
    ForwardLine line{layerOf(op.getLoc()), describeOp(&op), takeParameters(&op, taken), count->first, count->second};
    report.parameters += line.parameters;
    report.operations += line.operations;
    line.isShown = !line.operations.isZero() || !line.parameters.isZero() || !operations->total().isZero();
    report.lines.push_back(std::move(line));
  }
  if (wrong)
    return failure();
  if (!report.operations.isValid())
    return graph->emitOpError("cannot be counted: the number needs more than 127 bits");
  return report;
}

namespace {
/// The lines of one kind of op.
struct Group {
  int64_t number = 0;
  Count operations;
};
} // namespace

static auto shownLines(const ForwardReport &report) {
  return llvm::make_filter_range(report.lines, [](const ForwardLine &line) { return line.isShown; });
}

static llvm::MapVector<StringRef, Group> groupLines(const ForwardReport &report) {
  llvm::MapVector<StringRef, Group> groups;
  for (const ForwardLine &line : shownLines(report)) {
    ++groups[line.op].number;
    groups[line.op].operations += line.operations;
  }
  return groups;
}

/// "20 conv", "bias of 20 conv".
static std::string describeNumber(StringRef op, int64_t number) {
  StringRef bias = "bias of ";
  return op.consume_front(bias) ? (bias + std::to_string(number) + " " + op).str() : (std::to_string(number) + " " + op).str();
}

void tally::printText(const ForwardReport &report, bool details, llvm::raw_ostream &os) {
  os << "cost of the forward pass of one sample (profile " << report.profile << ")\n";
  ReportTable answer;
  answer.add("parameters", report.parameters);
  answer.add("operations", report.operations);
  answer.print(os);
  os << "\nby op\n";
  ReportTable table;
  std::vector<std::string> nothing;
  for (const auto &[op, group] : groupLines(report)) {
    if (group.operations.isZero())
      nothing.push_back(describeNumber(op, group.number));
    else
      table.add(describeNumber(op, group.number), group.operations, formatShare(group.operations, report.operations));
  }
  table.print(os);
  if (!nothing.empty())
    os << "\nnot counted: " << llvm::join(nothing, ", ") << '\n';
  if (!details)
    return;
  os << "\nby layer: op, parameters; operations\n";
  ReportTable layers;
  for (const ForwardLine &line : shownLines(report))
    layers.add(line.layer + " (" + line.op + ")" + (line.parameters.isZero() ? "" : " [" + groupDigits(line.parameters) + "]"), line.operations,
               formatShare(line.operations, report.operations));
  layers.print(os);
}

llvm::json::Value tally::toJson(const ForwardReport &report) {
  llvm::json::Array layers;
  for (const ForwardLine &line : shownLines(report))
    layers.push_back(llvm::json::Object{{"name", line.layer}, {"op", line.op}, {"parameters", line.parameters.str()},
                                        {"operations", line.operations.str()}, {"counts", line.how}});
  llvm::json::Object ops;
  for (const auto &[op, group] : groupLines(report))
    ops[op] = llvm::json::Object{{"number", group.number}, {"operations", group.operations.str()}};
  return llvm::json::Object{{"schema", "tally-forward/1"}, {"profile", report.profile}, {"parameters", report.parameters.str()},
                            {"operations", report.operations.str()}, {"by_op", std::move(ops)}, {"layers", std::move(layers)}};
}

Sheet tally::makeSheet(const ForwardReport &report) {
  Sheet sheet{{"layer", "op", "operations", "parameters"}, {}};
  for (const ForwardLine &line : shownLines(report))
    sheet.rows.push_back({line.layer, line.op, line.operations, line.parameters});
  return sheet;
}

namespace {
/// Lines of one kind of op that both profiles count alike.
struct Difference {
  int64_t number = 0;
  Count a, b;
  Count distance() const { return magnitude(b - a); }
};
} // namespace

/// "thop: 20 batch_norm as 4 per result (haet: each add, multiply)".
static std::string explain(StringRef what, StringRef a, StringRef b, StringRef howA, StringRef howB) {
  auto word = [](StringRef how) { return how == "nothing" ? StringRef("not counted") : how; };
  if (howB == "nothing")
    return (b + ": " + what + " not counted").str();
  return (b + ": " + what + " as " + howB + " (" + a + ": " + word(howA) + ")").str();
}

void tally::explainDifference(const ForwardReport &a, const ForwardReport &b, llvm::raw_ostream &os) {
  std::map<std::tuple<std::string, std::string, std::string>, Difference> sums; // op, how in a, how in b
  auto add = [&](const ForwardLine &line, const ForwardLine &other) {
    Difference &sum = sums[{line.op, line.how, other.how}];
    ++sum.number;
    sum.a += line.operations;
    sum.b += other.operations;
  };
  for (auto [line, other] : llvm::zip_equal(a.lines, b.lines))
    add(line, other);
  std::vector<std::pair<std::string, Difference>> lines;
  for (const auto &[key, sum] : sums)
    if (sum.a != sum.b) {
      const auto &[op, howA, howB] = key;
      lines.emplace_back(explain(describeNumber(op, sum.number), a.profile, b.profile, howA, howB), sum);
    }
  llvm::stable_sort(lines, [](const auto &x, const auto &y) { return isNegative(y.second.distance() - x.second.distance()); });
  ReportTable totals, table;
  totals.add(a.profile, a.operations);
  totals.add(b.profile, b.operations);
  totals.addDifference("difference", b.operations - a.operations);
  totals.print(os);
  for (const auto &[text, sum] : lines)
    table.addDifference(text + ":", sum.b - sum.a);
  os << (lines.empty() ? "\nboth count the same of every op\n" : "\n");
  table.print(os);
}
