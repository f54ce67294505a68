// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The optimizers of a recipe: their names, and the keys that each has, read and printed.
#include "Sections.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace tally;

static void readMomentum(MapReader &reader, OptimizerSpec &spec) {
  reader.read("momentum", spec.momentum);
  checkRange(reader, "momentum", spec.momentum, 0, 1);
  if (reader.read("nesterov", spec.nesterov) && spec.nesterov && spec.momentum.isZero())
    reader.problems.error(reader.find("nesterov")->loc) << "expects a momentum above 0 for nesterov";
}

static std::string printMomentum(const OptimizerSpec &spec) {
  return "momentum: " + spec.momentum.str() + ", nesterov: " + (spec.nesterov ? "true" : "false");
}

static void readMoments(MapReader &reader, OptimizerSpec &spec) {
  YamlProblems &problems = reader.problems;
  if (YamlNode *betas = reader.find("betas")) {
    if (betas->kind != YamlNode::Kind::List || betas->items.size() != 2) {
      problems.error(betas->loc) << "expects two numbers, got " << betas->describe();
    } else {
      spec.beta1 = readDecimal(betas->items[0], problems).value_or(spec.beta1);
      spec.beta2 = readDecimal(betas->items[1], problems).value_or(spec.beta2);
      for (const Decimal &beta : {spec.beta1, spec.beta2})
        if (beta.isNegative() || beta.compare(1) >= 0)
          problems.error(betas->loc) << "expects betas from 0 to below 1, got " << beta.str();
    }
  }
  reader.read("eps", spec.eps);
  checkRange(reader, "eps", spec.eps, 0, largestFactor);
}

static std::string printMoments(const OptimizerSpec &spec) {
  return "betas: [" + spec.beta1.str() + ", " + spec.beta2.str() + "], eps: " + spec.eps.str();
}

namespace {
/// The keys of one optimizer beside lr, weight_decay and decay; one that cannot be read is not supported yet.
struct OptimizerRow {
  StringLiteral name;
  OptimizerSpec::Kind kind;
  void (*read)(MapReader &reader, OptimizerSpec &spec) = nullptr;
  std::string (*print)(const OptimizerSpec &spec) = nullptr;
  bool decoupled = false; ///< the default of decay
};
} // namespace

static constexpr OptimizerRow rows[] = {
    {"sgd", OptimizerSpec::Kind::Sgd, readMomentum, printMomentum},
    {"adam", OptimizerSpec::Kind::Adam, readMoments, printMoments},
    {"adamw", OptimizerSpec::Kind::AdamW, readMoments, printMoments, true},
    {"muon", OptimizerSpec::Kind::Muon},
};

static const OptimizerRow &rowOf(OptimizerSpec::Kind kind) {
  return *llvm::find_if(rows, [&](const OptimizerRow &row) { return row.kind == kind; });
}

StringRef tally::stringify(OptimizerSpec::Kind kind) { return rowOf(kind).name; }

std::string tally::stringify(const OptimizerSpec &spec) {
  const OptimizerRow &row = rowOf(spec.kind);
  return "{name: " + row.name.str() + ", lr: " + spec.lr.str() + ", " + (row.print ? row.print(spec) + ", " : "") +
         "weight_decay: " + spec.weightDecay.str() + ", decay: " + (spec.decoupled ? "decoupled" : "l2") + "}";
}

OptimizerSpec tally::readOptimizer(YamlNode &node, YamlProblems &problems) {
  OptimizerSpec spec;
  expandName(node);
  MapReader reader(node, problems, "optimizer");
  const OptimizerRow *row = &rows[0];
  if (YamlNode *name = reader.require("name")) {
    SmallVector<StringRef> words;
    for (const OptimizerRow &each : rows)
      words.push_back(each.name);
    auto supported = llvm::count_if(rows, [](const OptimizerRow &each) { return each.read != nullptr; }); // the first ones
    row = &rows[readWord(*name, problems, words, supported).value_or(0)];
    if (!row->read) {
      problems.notSupported(name->loc, name->text);
      return spec;
    }
  }
  spec.kind = row->kind;
  if (reader.require("lr") && reader.read("lr", spec.lr))
    checkRange(reader, "lr", spec.lr, 0, largestFactor);
  reader.read("weight_decay", spec.weightDecay);
  checkRange(reader, "weight_decay", spec.weightDecay, 0, largestFactor);
  spec.decoupled = readDecay(reader).value_or(row->decoupled);
  row->read(reader, spec);
  reader.finish();
  return spec;
}
