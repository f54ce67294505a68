// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What was understood of an imported network: input, classes, parameters, normalizations, constants.
#include "tally/Recipe/GraphSummary.h"
#include "dialects/Nn/Nn.h"
#include "tally/Recipe/TrainingGraph.h"
#include "tally/Support/Attribution.h"
#include "tally/Support/CountText.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <map>

using namespace mlir;
using namespace tally;

static std::string describe(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.6g", number);
  return text;
}

static void printParameters(func::FuncOp graph, llvm::raw_ostream &os) {
  llvm::MapVector<StringRef, std::pair<int64_t, int64_t>> kinds; // tensors and elements
  int64_t total = 0, statistics = 0;
  graph.walk([&](nn::WeightOp weight) {
    int64_t elements = cast<RankedTensorType>(weight.getType()).getNumElements();
    if (weight.getKind() == "norm.mean" || weight.getKind() == "norm.variance") {
      statistics += elements;
      return;
    }
    auto &[tensors, sum] = kinds[weight.getKind()];
    ++tensors;
    sum += elements;
    total += elements;
  });
  os << "parameters: " << groupDigits(total) << "\n";
  for (const auto &[kind, count] : kinds)
    os << "  " << kind << ": " << groupDigits(count.second) << " in " << count.first << (count.first == 1 ? " tensor\n" : " tensors\n");
  if (statistics)
    os << "running statistics: " << groupDigits(statistics) << "\n";
}

static void printNormalizations(func::FuncOp graph, llvm::raw_ostream &os) {
  int64_t number = 0;
  graph.walk([&](nn::BatchNormOp) { ++number; });
  os << "BatchNormalization: ";
  if (number)
    os << number << " (running variance of the population, as ONNX has it, unless the recipe says 'batch_norm: {running_variance: sample}', as PyTorch has it)\n";
  else
    os << "none\n";
}

static void printDropout(func::FuncOp graph, llvm::raw_ostream &os) {
  std::map<std::string, int64_t> ratios;
  graph.walk([&](nn::DropoutOp dropout) { ++ratios[describe(dropout.getRatio().convertToDouble())]; });
  os << "Dropout: ";
  if (ratios.empty())
    os << "none (an export in evaluation mode has lost it, and stochastic depth, without a trace)\n";
  else
    os << llvm::join(llvm::map_range(ratios, [](const auto &ratio) { return std::to_string(ratio.second) + " of ratio " + ratio.first; }), ", ") << "\n";
}

static void printConstants(func::FuncOp graph, llvm::raw_ostream &os) {
  graph.walk([&](nn::ConstantOp constant) {
    auto values = dyn_cast<DenseFPElementsAttr>(constant.getValue());
    for (Operation *user : constant->getUsers()) {
      bool meetsActivations = llvm::any_of(user->getOperands(), [&](Value operand) {
        Operation *other = operand.getDefiningOp();
        return !other || !isa<nn::ConstantOp, nn::WeightOp>(other);
      });
      if (!values || !meetsActivations)
        continue;
      bool single = values.getNumElements() == 1;
      os << "constant: ";
      if (values.isSplat())
        os << describe(values.getSplatValue<APFloat>().convertToDouble()) << " ";
      os << "at '" << nodeOf(user->getLoc()) << "' (" << user->getName().stripDialect() << "): "
         << (single ? "one number outside of weight, scale and bias slots is no parameter, unless a group matches its initializer and says 'trainable: true'\n"
                    : "a Constant node, or computed from constants, outside of weight, scale and bias slots is no parameter\n");
    }
  });
}

void tally::printGraphSummary(func::FuncOp graph, llvm::raw_ostream &os) {
  auto input = cast<RankedTensorType>(graph.getArgumentTypes()[0]);
  TrainingSignature signature = signatureOf(graph);
  os << "input: images of " << input.getDimSize(1) << " x " << input.getDimSize(2) << " x " << input.getDimSize(3) << ", "
     << input.getElementType() << "\n";
  if (signature.logits)
    os << "classes: " << cast<RankedTensorType>(graph.getResultTypes()[*signature.logits]).getDimSize(1) << "\n";
  if (signature.loss)
    os << "loss: an output of the model" << (signature.labels ? ", of images and labels" : "")
       << (signature.logits ? "\n" : "; without logits there is no accuracy\n");
  printParameters(graph, os);
  printNormalizations(graph, os);
  printDropout(graph, os);
  printConstants(graph, os);
}
