// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Digests data sets with what trainers read them with.
#include "tally/Driver/DataSet.h"
#include "runtime/core/Digest.h"
#include "runtime/core/Failure.h"
#include "runtime/data/Cifar.h"
#include "tally/Support/Digest.h"
#include "llvm/Support/Path.h"

using namespace tally;

rt::DataPlan tally::planOf(const DataSpec &spec) {
  rt::DataPlan plan{spec.name, spec.classes, spec.trainImages, spec.testImages, 0, 0, 0};
  plan.format = stringify(spec.format).str();
  std::copy(spec.shape.begin(), spec.shape.end(), plan.shape.begin());
  plan.labelBytes = plan.pixelOffset = labelBytes(spec.classes);
  plan.recordBytes = plan.labelBytes + plan.pixelBytes();
  return plan;
}

llvm::Expected<DataSet> tally::digestData(const DataSpec &spec, const std::string &folder) {
  DataSet set;
  try {
    rt::DataPlan plan = planOf(spec);
    const rt::CifarLayout *cifar = spec.format == DataFormat::Cifar ? rt::CifarLayout::byName(spec.name) : nullptr;
    for (const std::string &path : rt::findDataFiles(plan, folder)) {
      llvm::Expected<std::string> digest = digestFile(path);
      if (!digest)
        return digest.takeError();
      std::string name = llvm::sys::path::filename(path).str();
      set.files.push_back({name, *digest, cifar && cifar->isOfficial(name, *digest)});
    }
    rt::Sha256 digest;
    rt::readData(plan, folder, [&](const unsigned char *records, size_t bytes) { digest.add(records, bytes); });
    set.sha256 = digest.finish();
  } catch (const rt::Failure &failure) {
    return llvm::createStringError(failure.what());
  }
  return set;
}
