// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes one step of training, as a recipe says it, in nodes behind those of a model.
#ifndef TALLY_IMPORT_ONNX_STEPWRITER_H
#define TALLY_IMPORT_ONNX_STEPWRITER_H

#include "GraphWriter.h"
#include "tally/Recipe/Resolve.h"
#include <map>

namespace tally::onnx {

/// The domain of Gradient and of the optimizers.
inline constexpr llvm::StringLiteral trainingDomain = "ai.onnx.preview.training";

class StepWriter : public GraphWriter {
public:
  StepWriter(const Model &model, const ResolvedRecipe &resolved, FreshNames &names, ElementType type);

  /// The loss of a batch, whose labels become an input where the model has none of its own.
  llvm::FailureOr<std::string> writeLoss();
  /// The gradients of the loss with respect to the tensors, limited as the recipe says.
  std::vector<std::string> writeGradients(const std::string &loss, llvm::ArrayRef<const ResolvedTensor *> tensors);
  /// The optimizer's step for a tensor.
  void writeUpdate(const ResolvedTensor &tensor, const std::string &gradient);
  /// `tensor` becomes `value` as long as it is trained.
  void updateWhileTrained(const ResolvedTensor &tensor, const std::string &value);
  /// Counts the step.
  void writeCounter();

  std::string labels; ///< the input; empty where the model has its own, or needs none
  TrainingStep::Bindings updates;
  std::string rates; ///< what is to be said of the learning rates

private:
  void update(const std::string &initializer, const std::string &value, ElementType elementType, llvm::ArrayRef<int64_t> shape);
  std::string writeCrossEntropy(const std::string &logits);
  /// 1 at the label of each sample, 0 elsewhere.
  std::string writeTargets();
  std::string rateOf(const ResolvedTensor &tensor);
  std::string writeSgd(const ResolvedTensor &tensor, const std::string &p, std::string g, double decay);
  std::string writeAdam(const ResolvedTensor &tensor, const std::string &p, std::string g, double decay);
  /// 1 - beta^(number of steps, this one included), as double.
  std::string writeCorrection(const Decimal &beta);
  /// `value` as long as a tensor is trained, then `otherwise`.
  std::string whileTrained(const ResolvedTensor &tensor, const std::string &value, const std::string &otherwise);
  /// A node that belongs to a tensor.
  std::string addFor(const ResolvedTensor &tensor, llvm::StringRef op, Names inputs) { return add(op, inputs, tensor.name + "." + op.lower()); }

  const Model &model;
  const ResolvedRecipe &resolved;
  std::string step, nextStep; ///< steps done before this one, and with it
  std::map<std::string, std::string> knownRates, knownCorrections;
};

} // namespace tally::onnx

#endif
