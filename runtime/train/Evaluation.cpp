// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the evaluation batches; the program counts, the runtime divides by the number of samples.
#include "train/Evaluation.h"
#include "core/Signals.h"

#include <cmath>
#include <cstdio>

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
  if (plan.correct)
    for (double correct : program.reals(*plan.correct))
      result.views.push_back(correct / samples);
  result.accuracy = plan.correct ? result.views[plan.targetView] : NAN;
  result.loss = program.reals(*plan.loss)[plan.targetView] / samples;
  return result;
}

std::string tally::rt::describeEvaluation(const Manifest &manifest, const Evaluation &evaluation) {
  const EvaluationPlan &plan = *manifest.evaluate;
  char text[128];
  if (plan.correct)
    std::snprintf(text, sizeof(text), "accuracy %.2f %% (%s)", 100 * evaluation.accuracy, plan.views[plan.targetView].c_str());
  else
    std::snprintf(text, sizeof(text), "loss %.4f", evaluation.loss);
  return text;
}

JsonLine tally::rt::viewsOf(const Manifest &manifest, const std::vector<double> &values) {
  JsonLine line(manifest.digits());
  for (size_t view = 0; view < values.size(); ++view)
    line.add(manifest.evaluate->views[view].c_str(), values[view]);
  return line;
}
