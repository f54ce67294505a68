// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports losses of class scores and labels.
#include "Composition.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

/// table[label] for each label, of the labels' shape; tables [d..., classes] for labels [d...], or one [classes] for all.
static Value lookUp(Composition &c, Value table, Value labels) {
  if (!table || !labels)
    return {};
  Shape result = c.shapeOf(labels), places = result.merged(0, result.rank()), rows = c.shapeOf(table);
  bool isOne = rows.rank() == 1;
  rows = rows.merged(0, rows.rank() - 1);
  rows.insert(2, 1);
  places.insert(isOne ? 0 : 1, 1);
  Value taken = c.op("gather", {c.reshape(table, rows), c.reshape(labels, places)});
  return c.reshape(taken, result);
}

/// -w[t] * log_prob[t] for labels t, with w = 1 where there are no class weights; 0 where t is ignore_index. The mean is weighted by w,
/// and ignores what is ignored.
static Value negativeLogLikelihood(Composition &c, Value logProb, Value labels, Value weights) {
  NodeReader &node = c.node;
  StringRef reduction = node.string("reduction", "mean");
  if (reduction != "none" && reduction != "mean" && reduction != "sum") {
    (void)node.wrong("expects 'none', 'mean' or 'sum' as reduction, got '" + reduction + "'");
    return {};
  }
  if (!logProb || !labels)
    return {};
  Shape expected = c.shapeOf(logProb);
  if (expected.rank() >= 2)
    expected.erase(1);
  if (expected.rank() < 1 || c.shapeOf(labels) != expected || !c.elementOf(labels).isInteger(64)) {
    (void)node.wrong("expects scores [N, C, ...] and integer labels [N, ...]");
    return {};
  }
  Value zero = c.number(0, logProb), ignored;
  if (node.hasAttribute("ignore_index")) {
    Value index = c.number(static_cast<double>(node.integer("ignore_index", 0)), labels);
    ignored = c.compare(nn::Relation::Equal, labels, index);
  }
  Value loss = c.op("neg", lookUp(c, c.moveToEnd(logProb, 1), labels)), weight;
  if (weights) {
    weight = lookUp(c, weights, labels);
    loss = c.mul(weight, loss);
  } else if (ignored) {
    weight = c.number(1, logProb);
  }
  if (ignored) {
    loss = c.select(ignored, zero, loss);
    weight = c.select(ignored, zero, weight);
  }
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, expected.rank()));
  if (reduction == "none")
    return loss;
  if (reduction == "sum" || weight)
    loss = c.sum(loss, all, /*keep=*/false);
  else
    loss = c.mean(loss, all, /*keep=*/false);
  return reduction == "mean" && weight ? c.div(loss, c.sum(weight, all, /*keep=*/false)) : loss;
}

static LogicalResult importNegativeLogLikelihoodLoss(NodeReader &node) {
  Composition c(node);
  Value logProb = c.input(0), labels = c.input(1), weights = c.fixedInput(2, /*optional=*/true);
  return c.result(negativeLogLikelihood(c, logProb, labels, weights));
}

/// The same of log_softmax over the classes, which is the second output.
static LogicalResult importSoftmaxCrossEntropyLoss(NodeReader &node) {
  Composition c(node);
  Value scores = c.input(0), labels = c.input(1), weights = c.fixedInput(2, /*optional=*/true);
  if (scores && c.rankOf(scores) < 2)
    return node.wrong("expects scores of at least 2 dimensions, got " + Twine(c.rankOf(scores)));
  Value logProb = c.op("log_softmax", scores, {node.integerAttr("axis", 1)});
  if (failed(c.result(negativeLogLikelihood(c, logProb, labels, weights), 0, node.elementType(0))))
    return failure();
  return c.result(logProb, 1, node.elementType(0));
}

ArrayRef<OpRow> tally::onnx::getLossRows() {
  static const OpRow rows[] = {{"NegativeLogLikelihoodLoss", {12}, importNegativeLogLikelihoodLoss, "", 2},
                               {"SoftmaxCrossEntropyLoss", {12}, importSoftmaxCrossEntropyLoss, "", 2, 2}};
  return rows;
}
