// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The views of an evaluation: the network's answers to an image, its mirror image and moved copies, averaged.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

FailureOr<Answer> ViewAnswers::ofImages(int64_t distance, bool mirrored) {
  auto [answer, isNew] = known.try_emplace({distance, mirrored});
  if (!isNew)
    return answer->second;
  body.enter(Phase::Evaluation, "view");
  Batch view = batch;
  if (distance != 0)
    view.images = body.create<nn::TranslateOp>(view.images, ArrayRef<int64_t>{distance, distance}, nn::Border::Reflect);
  if (mirrored)
    view.images = body.create<nn::FlipOp>(view.images, Value());
  FailureOr<Answer> result = cloneGraph(body, view, weights, nullptr);
  if (failed(result))
    return failure();
  return answer->second = *result;
}

FailureOr<Answer> ViewAnswers::mixed(FailureOr<Answer> a, FailureOr<Answer> b) {
  if (failed(a) || failed(b))
    return failure();
  body.enter(Phase::Evaluation, "view");
  Value half = body.constant(0.5);
  Value sum = body.create<nn::AddOp>(a->logits, b->logits);
  return Answer{body.create<nn::MulOp>(sum, half), Value()};
}

FailureOr<Answer> ViewAnswers::mirror(int64_t distance) {
  return mixed(ofImages(distance, false), ofImages(distance, true));
}

FailureOr<Answer> ViewAnswers::of(View view) {
  switch (view) {
  case View::Plain:
    return ofImages(0, false);
  case View::Mirror:
    return mirror(0);
  case View::MirrorTranslate: // 0.5 mirror + 0.25 mirror of the image moved by (-1, -1) + 0.25 by (+1, +1)
    return mixed(mirror(0), mixed(mirror(-1), mirror(1)));
  }
  return failure();
}
