// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the parts of attach-recipe build the program with (private to this folder).
#ifndef TALLY_TRANSFORMS_PROGRAMBUILDER_H
#define TALLY_TRANSFORMS_PROGRAMBUILDER_H

#include "dialects/Train/Train.h"
#include "tally/Recipe/Resolve.h"
#include "tally/Support/Attribution.h"
#include <map>

namespace tally {

/// Which stream of random numbers a draw belongs to. Dropout and initial values count up from theirs.
enum class RandomUse : int64_t { Shuffle = 0, Flip = 1, CropY = 2, CropX = 3, CutoutY = 4, CutoutX = 5, Dropout = 256, Initial = 65536 };

/// A number as a key: all its bits.
std::string exactly(double number);

/// The program under construction: its variables and tables.
class ProgramBuilder {
public:
  ProgramBuilder(mlir::func::FuncOp graph, const ResolvedRecipe &resolved);

  mlir::Type element() const { return elementType; }
  mlir::RankedTensorType tensor(llvm::ArrayRef<int64_t> shape) const { return mlir::RankedTensorType::get(shape, elementType); }
  mlir::RankedTensorType positions(llvm::ArrayRef<int64_t> shape) const;
  /// A location of no layer of the model.
  mlir::Location locate(llvm::StringRef layer) const;

  void addParameter(const ResolvedTensor &tensor, mlir::ElementsAttr value);
  void addState(llvm::StringRef name, mlir::RankedTensorType type, train::Role role, mlir::ElementsAttr value = {});
  /// The symbol of a table with these values, each rounded once to the program's type; equal tables are one.
  std::string addTable(llvm::StringRef name, llvm::ArrayRef<double> values);
  /// The table of lr * schedule factor for each step.
  std::string addRates(double lr, const ScheduleSpec &schedule);
  /// The table that `key` stands for; `make` is asked once for each key.
  std::string addTable(llvm::StringRef name, llvm::StringRef key, llvm::function_ref<std::vector<double>()> make);
  mlir::RankedTensorType typeOf(llvm::StringRef variable) const { return types.lookup(variable); }
  /// Values of the program's element type.
  mlir::DenseElementsAttr floats(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values) const;

  mutable mlir::func::FuncOp graph; ///< a handle: op accessors are not const
  const ResolvedRecipe &resolved;
  mlir::OpBuilder builder; ///< stands at the end of the program
  train::ProgramOp program;

private:
  mlir::Type elementType;
  llvm::StringMap<mlir::RankedTensorType> types;
  llvm::DenseMap<mlir::Attribute, std::string> tables;
  llvm::StringMap<std::string> tablesByKey;
};

/// One body under construction. Ops are created at the phase and layer that were entered last.
class BodyBuilder {
public:
  BodyBuilder(ProgramBuilder &program, mlir::Operation *body);

  void enter(Phase newPhase, mlir::Location layer) { phase = newPhase, loc = withPhase(layer, newPhase); }
  void enter(Phase newPhase, llvm::StringRef layer) { enter(newPhase, program.locate(layer)); }

  template <typename OpTy, typename... Args>
  OpTy create(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  /// The content of a variable before the body.
  mlir::Value read(llvm::StringRef variable);
  void write(llvm::StringRef variable, mlir::Value value);
  /// A constant of the program's element type.
  mlir::Value constant(double value) { return constant({}, value); }
  mlir::Value constant(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values);
  /// Positions of `shape`: map(coordinates..., operands...).
  mlir::Value position(llvm::ArrayRef<int64_t> shape, mlir::AffineExpr expression, mlir::ValueRange operands = {});
  mlir::AffineExpr dim(unsigned index) { return builder.getAffineDimExpr(index); }
  /// The entry of a table at a position of rank 0.
  mlir::Value lookup(llvm::StringRef table, mlir::Value at);
  /// Random numbers of samples: tensor of `type` whose dimension 0 are the samples.
  mlir::Value random(nn::Distribution distribution, mlir::RankedTensorType type, mlir::Value epoch, mlir::Value samples,
                     int64_t use, std::optional<int64_t> below = std::nullopt);

  ProgramBuilder &program;
  mlir::OpBuilder builder;
  mlir::Location loc;
  Phase phase = Phase::Forward;

private:
  llvm::StringMap<mlir::Value> reads;
};

/// A batch as the network sees it.
struct Batch {
  mlir::Value images, labels, records;
  mlir::Value epoch; ///< [] index; null in an evaluation
};

/// Some of the samples of a step.
struct MicroBatch {
  int64_t size, batch; ///< their number, and that of the whole step
  bool first;          ///< of the step
};

/// The name of the state that averages a variable; the variable itself where there is no averaging.
std::string averageOf(llvm::StringRef name);
bool isAveraged(const ResolvedRecipe &resolved, const ResolvedTensor &tensor);

/// The bytes of the data set's records.
struct RecordLayout {
  int64_t bytes, labelOffset, labelBytes, pixelOffset;
};
RecordLayout recordLayout(const ResolvedRecipe &resolved);

// The parts, in the order of the program.
void declareVariables(ProgramBuilder &program);
llvm::LogicalResult buildInitialize(ProgramBuilder &program);
void buildEpochStart(ProgramBuilder &program);
llvm::LogicalResult buildSteps(ProgramBuilder &program);
void buildAveraging(ProgramBuilder &program);
llvm::LogicalResult buildEvaluation(ProgramBuilder &program);
mlir::DictionaryAttr makeInfo(ProgramBuilder &program);

/// Pixels of records as normalized images, and their labels; 3 operations per pixel.
Batch loadBatch(BodyBuilder &body, mlir::Value records, int64_t size);
/// The batch of the current step, or the next micro-batch of it: drawn from the permutation and augmented.
Batch drawBatch(BodyBuilder &body, int64_t size, const MicroBatch *micro = nullptr);
/// Moves what micro-batches of `size` samples in all have drawn to the front of the variables that keep it.
void alignDraw(BodyBuilder &body, int64_t size);

/// The values of the model's tensors, by index; with `averaged` the averages where there are any.
llvm::SmallVector<mlir::Value> readWeights(BodyBuilder &body, Phase phase, bool averaged);

/// What the model says of a batch; a value is null where it is no output.
struct Answer {
  mlir::Value logits, loss;
};

/// A copy of the graph for this batch; `weights` gives the value of each tensor by its index. In training form when
/// `trained` (by tensor index: is it still changed) is given.
mlir::FailureOr<Answer> cloneGraph(BodyBuilder &body, const Batch &batch, llvm::ArrayRef<mlir::Value> weights,
                                        const llvm::BitVector *trained);

/// The loss of a batch: the sum over its samples, or the mean.
mlir::FailureOr<mlir::Value> buildLoss(BodyBuilder &body, const LossSpec &loss, const Answer &answer, mlir::Value labels, bool sum);
/// The labels [N] as a model has them: numbers of an integer type, or targets [N, classes], 1 at the label and 0 elsewhere.
mlir::Value labelsOfType(BodyBuilder &body, mlir::Value labels, mlir::RankedTensorType type);

/// A body with one step in it: `size` samples, changing the tensors of `trained`.
llvm::LogicalResult buildStep(ProgramBuilder &program, llvm::StringRef name, int64_t size, const llvm::BitVector &trained);

/// A body that adds the gradients of a micro-batch up.
llvm::LogicalResult buildMicroBatch(ProgramBuilder &program, llvm::StringRef name, const MicroBatch &micro,
                                    const llvm::BitVector &trained);
/// The body that follows the micro-batches of `size` samples in all: the update by the sums.
llvm::LogicalResult buildAccumulatedUpdate(ProgramBuilder &program, llvm::StringRef name, int64_t size, const llvm::BitVector &trained);
/// The state that gradients of a tensor are added up in.
std::string gradientSum(const ResolvedTensor &tensor);

/// Limits the gradients of the tensors as the recipe says.
void clipGradients(BodyBuilder &body, llvm::ArrayRef<const ResolvedTensor *> tensors, llvm::MutableArrayRef<mlir::Value> gradients);

/// The answers of the model to the views of a batch; a view that several need is computed once. Those that mix views have no loss.
class ViewAnswers {
public:
  ViewAnswers(BodyBuilder &body, const Batch &batch, llvm::ArrayRef<mlir::Value> weights)
      : body(body), batch(batch), weights(weights) {}
  mlir::FailureOr<Answer> of(View view);

private:
  /// The answer to the images moved by `distance` pixels in both directions, mirrored or not.
  mlir::FailureOr<Answer> ofImages(int64_t distance, bool mirrored);
  mlir::FailureOr<Answer> mirror(int64_t distance);
  /// The mean of the logits of two.
  mlir::FailureOr<Answer> mixed(mlir::FailureOr<Answer> a, mlir::FailureOr<Answer> b);

  BodyBuilder &body;
  const Batch &batch;
  llvm::ArrayRef<mlir::Value> weights;
  std::map<std::pair<int64_t, bool>, Answer> known;
};

/// The filters of patch_whitening.
mlir::FailureOr<mlir::Value> buildWhitening(BodyBuilder &body, const InitSpec &init, mlir::RankedTensorType type);

/// The digest of the resolved recipe's text.
std::string recipeDigest(const ResolvedRecipe &resolved);

/// p and the optimizer's state after one step with gradient `g`.
llvm::LogicalResult buildUpdate(BodyBuilder &body, const ResolvedTensor &tensor, mlir::Value gradient, mlir::Value step);
/// States of a tensor's optimizer: names and initial content zero.
llvm::SmallVector<std::string> optimizerStates(const ResolvedTensor &tensor);

} // namespace tally

#endif
