// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the forward pass of a graph costs in a profile: what most counters tell.
#ifndef TALLY_COST_FORWARDREPORT_H
#define TALLY_COST_FORWARDREPORT_H

#include "tally/Cost/Profile.h"
#include "tally/Cost/Sheet.h"
#include "llvm/Support/JSON.h"

namespace tally {

/// An op of the graph.
struct ForwardLine {
  std::string layer;
  std::string op;     ///< its name, "conv"; what adds a bias: "bias of conv", with the name of the op whose result gets it
  Count parameters;   ///< elements of those that no earlier op reads
  Count operations;
  std::string how;    ///< "1 per multiply-add", "nothing"
  bool isShown = true; ///< counts something in haet or in the profile, or reads parameters
};

/// The forward pass of one sample through a graph as it was imported.
struct ForwardReport {
  std::string profile;
  std::vector<ForwardLine> lines; ///< in the order of the graph
  Count parameters, operations;   ///< the sums
};

/// Counts the body of a function of the graph level; all ops that do not say what they cost are reported.
llvm::FailureOr<ForwardReport> countForward(mlir::Operation *graph, const CostProfile &profile);

/// For the terminal: the answer, what each kind of op counts, and what counts nothing; with `details` every op.
void printText(const ForwardReport &report, bool details, llvm::raw_ostream &os);

/// Schema tally-forward/1 (tools/tally/README.md).
llvm::json::Value toJson(const ForwardReport &report);

/// A row for each line that is shown.
Sheet makeSheet(const ForwardReport &report);

/// Explains in words what `b` counts otherwise than `a`, which are of one graph: a line for each kind of op, the largest difference first.
void explainDifference(const ForwardReport &a, const ForwardReport &b, llvm::raw_ostream &os);

} // namespace tally

#endif
