// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The filters of patch_whitening: eigenvectors of the patches of the first training images.
#include "ProgramBuilder.h"

using namespace mlir;
using namespace tally;

FailureOr<Value> tally::buildWhitening(BodyBuilder &body, const InitSpec &init, RankedTensorType type) {
  const ResolvedRecipe &resolved = body.program.resolved;
  if (init.images > resolved.images)
    return emitError(init.loc) << "expects at most the " << resolved.images << " training images to whiten with, got "
                               << init.images,
           failure();
  int64_t elements = type.getNumElements() / type.getDimSize(0);
  Value records = body.position({init.images}, body.dim(0));
  Value images = loadBatch(body, records, init.images).images;
  SmallVector<int64_t> kernel = {type.getDimSize(2), type.getDimSize(3)};
  Value covariance = body.create<nn::PatchCovarianceOp>(images, kernel, init.centred);
  auto eigen = body.create<nn::SymmetricEigenOp>(covariance, init.sweeps);
  // filter i = eigenvector i / sqrt(eigenvalue i + eps); then the negatives
  Value shifted = body.create<nn::AddOp>(eigen.getValues(), body.constant(init.eps.toDouble()));
  Value lengths = body.create<nn::ReshapeOp>(body.create<nn::SqrtOp>(shifted), ArrayRef<int64_t>{elements, 1});
  Value filters = body.create<nn::DivOp>(eigen.getVectors(), lengths);
  SmallVector<int64_t> shape(type.getShape());
  shape[0] = elements;
  filters = body.create<nn::ReshapeOp>(filters, shape);
  Value negatives = body.create<nn::NegOp>(filters);
  return body.create<nn::ConcatOp>(ValueRange{filters, negatives}, 0).getResult();
}
