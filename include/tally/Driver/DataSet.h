// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The files of the data set that a recipe trains on.
#ifndef TALLY_DRIVER_DATASET_H
#define TALLY_DRIVER_DATASET_H

#include "runtime/data/DataPlan.h"
#include "tally/Recipe/Recipe.h"
#include "llvm/Support/Error.h"

namespace tally {

/// What a trainer of the recipe is told of its data.
rt::DataPlan planOf(const DataSpec &spec);

struct DataFile {
  std::string name, sha256; ///< without the folder
  bool official = false;    ///< that of the published CIFAR archive
  bool operator==(const DataFile &) const = default;
};

struct DataSet {
  std::vector<DataFile> files; ///< in the order in which they are read
  std::string sha256;          ///< of all records, as trainers log it
};

/// Reads, checks and digests all files of a data set.
llvm::Expected<DataSet> digestData(const DataSpec &spec, const std::string &folder);

} // namespace tally

#endif
