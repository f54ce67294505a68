// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the trainer is told besides: the manifest keys that come from the recipe (runtime/README.md).
#include "ProgramBuilder.h"
#include "tally/Support/Digest.h"

using namespace mlir;
using namespace tally;

std::string tally::recipeDigest(const ResolvedRecipe &resolved) {
  return digestOf(printResolvedRecipe(resolved));
}

namespace {
/// A dictionary under construction.
class Keys {
public:
  explicit Keys(Builder builder) : builder(builder) {}
  void add(StringRef key, Attribute value) { entries.push_back(builder.getNamedAttr(key, value)); }
  void add(StringRef key, int64_t value) { add(key, builder.getI64IntegerAttr(value)); }
  void add(StringRef key, double value) { add(key, builder.getF64FloatAttr(value)); }
  void add(StringRef key, StringRef value) { add(key, Attribute(builder.getStringAttr(value))); }
  void add(StringRef key, const Keys &value) { add(key, Attribute(value.build())); }
  DictionaryAttr build() const { return DictionaryAttr::get(builder.getContext(), entries); }

private:
  Builder builder;
  SmallVector<NamedAttribute> entries;
};
} // namespace

DictionaryAttr tally::makeInfo(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  const Recipe &recipe = resolved.recipe;
  Builder &builder = program.builder;
  Keys info(builder), evaluate(builder), data(builder), log(builder), order(builder);

  SmallVector<Attribute> views;
  for (View view : recipe.evaluate.views)
    views.push_back(builder.getStringAttr(stringify(view)));
  evaluate.add("every_epochs", recipe.evaluate.everyEpochs);
  evaluate.add("split", recipe.evaluate.validation ? "validation" : "test");
  evaluate.add("views", Attribute(builder.getArrayAttr(views)));
  evaluate.add("samples", recipe.evaluate.validation ? recipe.data.validationImages : recipe.data.testImages);
  if (resolved.signature.logits)
    evaluate.add("correct", "eval.correct");
  evaluate.add("loss", "eval.loss");
  evaluate.add("target_view", stringify(recipe.target ? recipe.target->view : recipe.evaluate.views.back()));
  info.add("evaluate", evaluate);

  if (recipe.target) {
    Keys target(builder);
    target.add("accuracy", recipe.target->accuracy.toDouble());
    target.add("view", stringify(recipe.target->view));
    target.add("of", recipe.target->each ? "each" : "mean");
    info.add("target", target);
  }

  RecordLayout layout = recordLayout(resolved);
  data.add("name", recipe.data.name);
  data.add("classes", resolved.classes);
  data.add("train_images", recipe.data.trainImages);
  data.add("test_images", recipe.data.testImages);
  data.add("record_bytes", layout.bytes);
  data.add("label_offset", layout.labelOffset);
  data.add("pixel_offset", layout.pixelOffset);
  data.add("label_bytes", layout.labelBytes);
  data.add("format", stringify(recipe.data.format));
  data.add("shape", Attribute(builder.getI64ArrayAttr(resolved.image)));
  data.add("subset", recipe.data.subset);
  info.add("data", data);

  log.add("loss", "log.loss");
  log.add("lr", "log.lr");
  info.add("log", log);
  for (StringRef key : {"records", "flip", "dy", "dx"})
    if (std::string variable = ("batch." + key).str(); program.typeOf(variable))
      order.add(key, variable);
  info.add("order", order);

  info.add("steps_per_epoch", resolved.stepsPerEpoch);
  info.add("epochs", recipe.steps ? static_cast<double>(resolved.totalSteps) / resolved.stepsPerEpoch : recipe.epochs.toDouble());
  info.add("batch_size", recipe.batchSize);
  info.add("seeds", Attribute(builder.getI64ArrayAttr({recipe.firstSeed, recipe.lastSeed})));
  info.add("log_every", recipe.logEvery);
  info.add("precision", recipe.precision == Precision::BF16 ? "bf16" : program.element().isF64() ? "f64" : "f32");
  info.add("convolution", stringify(recipe.convolution));
  info.add("recipe_sha256", recipeDigest(resolved));

  // Which variable holds each tensor of the model at the end, and the tensors that are a number throughout.
  Keys exported(builder), fixed(builder);
  bool initialized = true;
  for (const ResolvedTensor &tensor : resolved.tensors) {
    if (tensor.fixedValue)
      fixed.add(tensor.name, *tensor.fixedValue);
    else
      exported.add(tensor.name, isAveraged(resolved, tensor) ? averageOf(tensor.name) : tensor.name);
    initialized &= tensor.statistic || tensor.init.kind != InitSpec::Kind::Keep || tensor.fixedValue;
  }
  info.add("export_variables", exported);
  info.add("fixed_tensors", fixed);
  info.add("initial_values", initialized ? "recipe" : "file");
  return info.build();
}
