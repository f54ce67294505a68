// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Drawing a batch: which records, their pixels normalized and augmented, their labels.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

RecordLayout tally::recordLayout(const ResolvedRecipe &resolved) {
  int64_t pixels = resolved.image[0] * resolved.image[1] * resolved.image[2];
  if (resolved.recipe.data.format != DataFormat::Cifar) {
    int64_t label = labelBytes(resolved.classes);
    return {label + pixels, 0, label, label};
  }
  if (resolved.recipe.data.name == "cifar10")
    return {1 + pixels, 0, 1, 1};
  return {2 + pixels, resolved.recipe.data.coarseLabels ? 0 : 1, 1, 2};
}

/// [N, C, H, W]
static SmallVector<int64_t> imageShape(const ResolvedRecipe &resolved, int64_t size) {
  SmallVector<int64_t> shape = {size};
  llvm::append_range(shape, resolved.image);
  return shape;
}

Batch tally::loadBatch(BodyBuilder &body, Value records, int64_t size) {
  const ResolvedRecipe &resolved = body.program.resolved;
  const DataSpec &data = resolved.recipe.data;
  RecordLayout layout = recordLayout(resolved);
  auto bytes = body.builder.getI8Type();
  Value dataset = body.create<train::DatasetOp>(
      RankedTensorType::get({data.trainImages + data.testImages, layout.bytes}, bytes));
  Value pixels = body.create<train::LoadImagesOp>(RankedTensorType::get(imageShape(resolved, size), bytes), dataset,
                                                  records, layout.pixelOffset);
  Value labels = body.create<train::LoadLabelsOp>(body.program.positions({size}), dataset, records, layout.labelOffset);
  if (layout.labelBytes == 2) { // the low byte first
    Value high = body.create<train::LoadLabelsOp>(body.program.positions({size}), dataset, records, layout.labelOffset + 1);
    labels = body.position({size}, body.dim(1) + body.dim(2) * 256, {labels, high});
  }
  // (x/255 - mean)/std = (x - 255*mean) * 1/(255*std)
  SmallVector<double> shift, scale;
  for (auto [mean, deviation] : llvm::zip_equal(data.mean, data.deviation)) {
    shift.push_back(255 * mean.toDouble());
    scale.push_back(1 / (255 * deviation.toDouble()));
  }
  SmallVector<int64_t> channels = {resolved.image[0], 1, 1};
  Value images = body.create<nn::ConvertOp>(pixels, body.program.element());
  images = body.create<nn::SubOp>(images, body.constant(channels, shift));
  images = body.create<nn::MulOp>(images, body.constant(channels, scale));
  return {images, labels, records, Value()};
}

/// Writes what was drawn for each sample down for --dump-order; a partial batch is repeated to the variable's length. Micro-batches follow
/// each other, so that the last of them ends the variable.
static void recordDraw(BodyBuilder &body, StringRef variable, Value drawn, int64_t size, const MicroBatch *micro) {
  RankedTensorType type = body.program.typeOf(variable);
  if (micro) {
    Value all = body.create<nn::ConcatOp>(ValueRange{body.read(variable), drawn}, 0);
    drawn = body.create<train::TakeOp>(type, all, body.position(type.getShape(), body.dim(0) + size));
  } else if (type != drawn.getType()) {
    drawn = body.create<train::TakeOp>(type, drawn, body.position(type.getShape(), body.dim(0) % size));
  }
  body.write(variable, drawn);
}

void tally::alignDraw(BodyBuilder &body, int64_t size) {
  for (StringRef variable : {"batch.records", "batch.flip", "batch.dy", "batch.dx"}) {
    RankedTensorType type = body.program.typeOf(variable);
    if (!type || type.getDimSize(0) == size)
      continue;
    Value places = body.position(type.getShape(), (body.dim(0) + (type.getDimSize(0) - size)) % type.getDimSize(0));
    body.write(variable, body.create<train::TakeOp>(type, body.read(variable), places));
  }
}

/// Augments the normalized images, in the order of the recipe. What was drawn is written down, too.
static void augmentBatch(BodyBuilder &body, Batch &batch, int64_t size, const MicroBatch *micro) {
  const ResolvedRecipe &resolved = body.program.resolved;
  auto draw = [&](RandomUse use, int64_t below) {
    return body.random(nn::Distribution::Position, body.program.positions({size}), batch.epoch, batch.records,
                       static_cast<int64_t>(use), below);
  };
  for (const AugmentSpec &augment : resolved.recipe.data.augment) {
    switch (augment.kind) {
    case AugmentSpec::Kind::RandomFlip:
    case AugmentSpec::Kind::AlternatingFlip: {
      body.enter(Phase::Data, "flip");
      Value flips;
      if (augment.kind == AugmentSpec::Kind::RandomFlip) {
        flips = draw(RandomUse::Flip, 2);
      } else { // as drawn once, and the other way round in every other epoch
        Value first = body.create<train::TakeOp>(body.program.positions({size}), body.read("flips"), batch.records);
        flips = body.position({size}, (body.dim(1) + body.dim(2)) % 2, {first, batch.epoch});
      }
      recordDraw(body, "batch.flip", flips, size, micro);
      batch.images = body.create<nn::FlipOp>(batch.images, flips);
      break;
    }
    case AugmentSpec::Kind::Crop: {
      body.enter(Phase::Data, "crop");
      Value dy = draw(RandomUse::CropY, 2 * augment.size + 1), dx = draw(RandomUse::CropX, 2 * augment.size + 1);
      recordDraw(body, "batch.dy", dy, size, micro);
      recordDraw(body, "batch.dx", dx, size, micro);
      batch.images = body.create<nn::CropOp>(batch.images, dy, dx, augment.size,
                                             augment.reflect ? nn::Border::Reflect : nn::Border::Zero);
      break;
    }
    case AugmentSpec::Kind::Cutout: {
      body.enter(Phase::Data, "cutout");
      Value top = draw(RandomUse::CutoutY, resolved.image[1] - augment.size + 1);
      Value left = draw(RandomUse::CutoutX, resolved.image[2] - augment.size + 1);
      batch.images = body.create<nn::CutoutOp>(batch.images, top, left, augment.size);
      break;
    }
    }
  }
}

Batch tally::drawBatch(BodyBuilder &body, int64_t size, const MicroBatch *micro) {
  const ResolvedRecipe &resolved = body.program.resolved;
  body.enter(Phase::Data, "batch");
  Value step = body.read("step");
  Value epoch = body.position({}, body.dim(0).floorDiv(resolved.stepsPerEpoch), step);
  AffineExpr place = body.dim(1) % resolved.stepsPerEpoch * resolved.recipe.batchSize + body.dim(0);
  SmallVector<Value> operands = {step};
  if (micro && micro->first) {
    body.write("batch.drawn", body.position({}, body.builder.getAffineConstantExpr(size)));
  } else if (micro) {
    Value drawn = body.read("batch.drawn");
    place = place + body.dim(2);
    operands.push_back(drawn);
    body.write("batch.drawn", body.position({}, body.dim(0) + size, drawn));
  }
  Value places = body.position({size}, place, operands);
  Value records = body.create<train::TakeOp>(body.program.positions({size}), body.read("permutation"), places);
  body.enter(Phase::Data, "normalize");
  Batch batch = loadBatch(body, records, size);
  batch.epoch = epoch;
  recordDraw(body, "batch.records", records, size, micro);
  augmentBatch(body, batch, size, micro);
  return batch;
}

void tally::buildEpochStart(ProgramBuilder &program) {
  const ResolvedRecipe &resolved = program.resolved;
  if (!resolved.recipe.shuffle)
    return;
  int64_t epochs = llvm::divideCeil(resolved.totalSteps, resolved.stepsPerEpoch);
  auto every = train::EveryOp::create(program.builder, program.locate("shuffle"), "shuffle", train::When::Before, 0,
                                      resolved.stepsPerEpoch, epochs);
  BodyBuilder body(program, every);
  body.enter(Phase::Data, "shuffle");
  Value epoch = body.position({}, body.dim(0).floorDiv(resolved.stepsPerEpoch), body.read("step"));
  body.write("permutation", body.create<train::ShuffleOp>(program.positions({resolved.images}), body.read("permutation"),
                                                          body.read("seed"), epoch,
                                                          static_cast<int64_t>(RandomUse::Shuffle)));
}
