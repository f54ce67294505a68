// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A recipe: everything that decides a training run besides the model. Fields hold what was written or its default.
#ifndef TALLY_RECIPE_RECIPE_H
#define TALLY_RECIPE_RECIPE_H

#include "mlir/IR/Location.h"
#include "tally/Support/Decimal.h"
#include "llvm/ADT/SmallVector.h"

namespace tally {

struct LossSpec {
  enum class Kind { CrossEntropy, MeanSquaredError, BinaryCrossEntropy, Model };
  explicit LossSpec(mlir::Location loc) : classWeightsLoc(loc), ignoreLoc(loc), loc(loc) {}
  Kind kind = Kind::CrossEntropy;
  Decimal labelSmoothing;
  llvm::SmallVector<Decimal> classWeights; ///< one for each class; empty: all 1
  std::optional<int64_t> ignoreIndex;      ///< images of this label are left out of the loss
  bool sum = false; ///< reduction: sum over the batch instead of the mean; of a model's own loss: what it is
  mlir::Location classWeightsLoc, ignoreLoc, loc;
};

struct OptimizerSpec {
  enum class Kind { Sgd, Adam, AdamW, Muon };
  Kind kind = Kind::Sgd;
  Decimal lr, momentum, weightDecay;
  Decimal beta1{9, -1}, beta2{999, -3}, eps{1, -8};
  bool nesterov = false;
  bool decoupled = false; ///< decay: p *= 1 - lr*wd instead of g += wd*p
};

/// What limits the gradients of an update before the optimizer sees them.
struct ClipSpec {
  enum class Kind { None, Norm, Value };
  Kind kind = Kind::None;
  Decimal limit; ///< of the norm of all gradients together, or of the magnitude of each number
};

struct ScheduleSpec {
  enum class Kind { Constant, Step, Cosine, OneCycle, PiecewiseLinear };
  Kind kind = Kind::Constant;
  llvm::SmallVector<std::pair<Time, Decimal>> points; ///< piecewise_linear
  llvm::SmallVector<Time> milestones;                 ///< step: factors times gamma at each
  std::optional<Time> every;                          ///< step: or periodically
  Decimal gamma{1, -1};
  Time warmup;       ///< cosine: linear from `start` to 1
  Decimal start, final;
  Decimal pctStart{3, -1}, divFactor{25}, finalDivFactor{10000}; ///< one_cycle, as in PyTorch
};

struct InitSpec {
  enum class Kind { Keep, Zeros, Ones, UniformFanIn, KaimingNormal, Dirac, PatchWhitening };
  explicit InitSpec(mlir::Location loc) : loc(loc) {}
  Kind kind = Kind::Keep;
  Kind rest = Kind::UniformFanIn; ///< dirac: the filters beyond the identity
  bool unitStd = false;           ///< scale_to: unit_std
  int64_t images = 5000, sweeps = 12; ///< patch_whitening
  Decimal eps{5, -4};
  bool centred = false;
  mlir::Location loc;
};

/// What a group sets; unset keys leave the decision to later groups and the defaults.
struct GroupSpec {
  explicit GroupSpec(mlir::Location loc) : chooserLoc(loc), freezeLoc(loc), freezeStatisticsLoc(loc), scheduleLoc(loc), loc(loc) {}
  std::optional<std::string> match, kind;
  std::optional<bool> trainable, decoupled;
  std::optional<Time> freezeAt, freezeStatistics;
  std::optional<Decimal> lr, lrScale, weightDecay;
  std::optional<ScheduleSpec> schedule;
  std::optional<InitSpec> init;
  std::optional<OptimizerSpec> optimizer;
  mlir::Location chooserLoc; ///< `match`, or `kind` where there is none
  mlir::Location freezeLoc, freezeStatisticsLoc, scheduleLoc, loc;
};

/// A glob on the names of tensors.
struct PatternSpec {
  std::string glob;
  mlir::Location loc;
};

struct BatchNormSpec {
  std::optional<Decimal> keep, eps;
  bool sampleVariance = false;
  bool restore = false; ///< put back what an exporter has folded into convolutions
};

struct AveragingSpec {
  enum class Kind { None, Lookahead, Ema };
  Kind kind = Kind::None;
  int64_t every = 1;             ///< steps between synchronisations
  Decimal scale, power;          ///< lookahead: a = scale * (t/T)^power
  Decimal decay;                 ///< ema: a
  Time from;                     ///< ema: first step that is averaged
  bool statistics = false;       ///< running statistics as well
};

struct AugmentSpec {
  enum class Kind { RandomFlip, AlternatingFlip, Crop, Cutout };
  Kind kind;
  int64_t size = 0;     ///< crop: padding on each side; cutout: side of the square
  bool reflect = false; ///< crop: reflect instead of zero padding
};

/// How the files of a data set are written (docs/data.md).
enum class DataFormat { Cifar, Raw, Npy };

struct DataSpec {
  explicit DataSpec(mlir::Location loc) : shapeLoc(loc), classesLoc(loc) {}
  std::string name;                            ///< cifar10, cifar100, or any for own data; empty until the classes are known
  bool coarseLabels = false;
  DataFormat format = DataFormat::Cifar;
  llvm::SmallVector<int64_t> shape;            ///< of own data: [channels, height, width]; empty: 3, 32, 32
  int64_t classes = 0;                         ///< of own data
  int64_t subset = 0;                          ///< train on the first ones only; 0: on all
  mlir::Location shapeLoc, classesLoc;
  int64_t trainImages = 50000, testImages = 10000, validationImages = 0;
  llvm::SmallVector<Decimal> mean, deviation;  ///< empty: the published ones
  llvm::SmallVector<AugmentSpec> augment;
};

/// Bytes of a label in a record of own data, of so many classes.
inline int64_t labelBytes(int64_t classes) { return classes > 256 ? 2 : 1; }

enum class View { Plain, Mirror, MirrorTranslate };

struct EvaluateSpec {
  int64_t everyEpochs = 1;
  bool validation = false; ///< split: validation instead of test
  llvm::SmallVector<View> views{View::Plain};
};

struct TargetSpec {
  Decimal accuracy;
  View view = View::Plain;
  bool each = false; ///< of: each seed instead of their mean
};

/// The type of everything that is computed; BF16: that of the factors of products alone, all else is F32.
enum class Convolution { Direct, FewestOperations, Winograd2, Winograd4 };
enum class Precision { F32, F64, BF16, Model };

struct Recipe {
  explicit Recipe(mlir::Location loc) : loss(loc), data(loc), loc(loc), stepsLoc(loc), dataLoc(loc), averagingLoc(loc) {}
  LossSpec loss;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  Decimal epochs;                ///< 0 when `steps` is given
  std::optional<int64_t> steps;
  int64_t batchSize = 0;
  int64_t accumulate = 1;        ///< micro-batches of one update
  ClipSpec clip;
  bool dropLast = false, shuffle = true;
  int64_t firstSeed = 0, lastSeed = 0;
  std::vector<GroupSpec> groups;
  std::vector<PatternSpec> freeze; ///< never trained, whatever the groups say
  std::vector<PatternSpec> train;  ///< where there are any: nothing else is trained
  BatchNormSpec batchNorm;
  AveragingSpec averaging;
  DataSpec data;
  EvaluateSpec evaluate;
  std::optional<TargetSpec> target;
  Precision precision = Precision::Model;
  Convolution convolution = Convolution::Direct;
  int64_t logEvery = 1;
  mlir::Location loc;                            ///< the file
  mlir::Location stepsLoc, dataLoc, averagingLoc; ///< where a schedule can turn out impossible
  std::vector<std::pair<std::string, mlir::Location>> places; ///< of the values of the keys that are written
  /// Where the value of a key is; the file where the key is not written.
  mlir::Location placeOf(llvm::StringRef key) const;
};

llvm::StringRef stringify(LossSpec::Kind kind);
llvm::StringRef stringify(OptimizerSpec::Kind kind);
llvm::StringRef stringify(ScheduleSpec::Kind kind);
llvm::StringRef stringify(InitSpec::Kind kind);
llvm::StringRef stringify(AveragingSpec::Kind kind);
llvm::StringRef stringify(View view);
llvm::StringRef stringify(DataFormat format);
llvm::StringRef stringify(Precision precision);
llvm::StringRef stringify(Convolution convolution);

/// As it is written in YAML.
std::string stringify(const LossSpec &loss);
std::string stringify(const OptimizerSpec &optimizer);
std::string stringify(const ScheduleSpec &schedule);

/// Another value for a key: "epochs", "optimizer.lr". It is YAML, and may be one that the recipe leaves out.
struct RecipeChange {
  std::string key, value;
};

/// Reads a recipe, with changes; every error is a diagnostic with file, line and column, and all of them are reported.
/// `unsupported`, when given, is set if the only errors are words that are known but not supported yet.
mlir::FailureOr<Recipe> readRecipe(llvm::StringRef text, llvm::StringRef file, mlir::MLIRContext *context,
                                   bool *unsupported = nullptr, llvm::ArrayRef<RecipeChange> changes = {});
mlir::FailureOr<Recipe> readRecipeFile(llvm::StringRef file, mlir::MLIRContext *context, bool *unsupported = nullptr,
                                       llvm::ArrayRef<RecipeChange> changes = {});

} // namespace tally

#endif
