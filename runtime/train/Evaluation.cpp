// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the evaluation batches; the program counts, the runtime divides by the number of samples.
#include "train/Evaluation.h"
#include "core/Signals.h"

using namespace tally::rt;

std::optional<Evaluation> tally::rt::evaluate(Program &program, const std::function<void()> &tick) {
  const EvaluationPlan &plan = *program.manifest.evaluate;
  for (const Variable &variable : program.manifest.variables)
    if (variable.role == "metric" && variable.name.starts_with("eval."))
      program.clear(variable);
  for (const EvaluationPlan::Batches &batches : plan.batches)
    for (int64_t i = 0; i < batches.batches; ++i) {
      if (pendingSignal() != 0)
        return std::nullopt;
      program.call(batches.function);
      tick();
    }
  Evaluation result;
  auto samples = static_cast<double>(plan.samples);
  for (double correct : program.reals(*plan.correct))
    result.views.push_back(correct / samples);
  result.accuracy = result.views[plan.targetView];
  result.loss = program.reals(*plan.loss)[plan.targetView] / samples;
  return result;
}

JsonLine tally::rt::viewsOf(const Manifest &manifest, const std::vector<double> &values) {
  JsonLine line(manifest.digits());
  for (size_t view = 0; view < values.size(); ++view)
    line.add(manifest.evaluate->views[view].c_str(), values[view]);
  return line;
}
