// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gathers what a certificate states; whether it holds together is for the juror's check to say.
#include "tally/Certificate/Certify.h"
#include "Facts.h"
#include "tally/Certificate/Verify.h"
#include "tally/Driver/Session.h"
#include "tally/Support/Digest.h"
#include "tally/Support/OutputFile.h"
#include "tally/Target/TargetMachine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tally;

static DriverStatus refuse(DriverStatus status, const llvm::Twine &reason) {
  llvm::errs() << "error: " << reason << '\n';
  return status;
}

namespace {
class Gathering {
public:
  Gathering(const CertifyRequest &request) : folder(llvm::sys::path::parent_path(request.output)), request(request) {
    if (folder.empty())
      folder = ".";
  }
  DriverStatus run();
  Certificate certificate;
  std::string folder; ///< of the certificate

private:
  DriverStatus loadAndCount();
  DriverStatus describeTrainer();
  DriverStatus gatherRuns();
  DriverStatus addFile(const std::string &path, CertifiedFile &file);
  DriverStatus addRun(int64_t seed, const std::map<int64_t, RunLog> &logs, ArrayRef<CertifiedFile> weights);

  const CertifyRequest &request;
  Session session;
  std::optional<Recipe> recipe; ///< resolved
};
} // namespace

/// The name of a file as a juror finds it, and its digest.
DriverStatus Gathering::addFile(const std::string &path, CertifiedFile &file) {
  llvm::Expected<std::string> digest = digestFile(path);
  if (!digest)
    return refuse(DriverStatus::BadInput, llvm::toString(digest.takeError()));
  llvm::SmallString<128> base, real;
  if (llvm::sys::fs::real_path(folder, base) || llvm::sys::fs::real_path(path, real))
    return refuse(DriverStatus::BadInput, "cannot find the folder of " + request.output);
  if (!base.ends_with("/"))
    base += "/";
  if (!real.starts_with(base))
    return refuse(DriverStatus::Usage, path + " is not in the folder of the certificate, " + folder + ", or below it: a juror is given that folder");
  file = {real.substr(base.size()).str(), *digest};
  return DriverStatus::Fine;
}

DriverStatus Gathering::loadAndCount() {
  if (DriverStatus status = addFile(request.model, certificate.model); status != DriverStatus::Fine)
    return status;
  LoadedProgram loaded = loadProgram(request.model, request.recipe, session.context, Level::Training, [&](const OnnxImport &, const ResolvedRecipe &found) {
    recipe = found.recipe;
    certificate.recipe = printResolvedRecipe(found);
  });
  if (loaded.status != DriverStatus::Fine)
    return loaded.status;
  if (!recipe)
    return refuse(DriverStatus::Usage, request.model + ": a certificate is made of a model and a recipe, got a program");
  certificate.model.sha256 = loaded.onnx.sha256;
  certificate.recipeDigest = recipeDigestOf(loaded.module());
  FailureOr<CertifiedCost> cost = countCost(loaded.module(), request.profile);
  if (failed(cost))
    return DriverStatus::No;
  certificate.cost = *cost;
  llvm::Expected<DataSet> data = digestData(recipe->data, request.data);
  if (!data)
    return refuse(DriverStatus::BadInput, llvm::toString(data.takeError()));
  certificate.data = std::move(*data);
  return DriverStatus::Fine;
}

DriverStatus Gathering::describeTrainer() {
  std::string error;
  TargetAttr target = describeTarget(&session.context, request.march, error);
  if (!target)
    return refuse(DriverStatus::Usage, "--march: " + error);
  llvm::raw_string_ostream(certificate.target) << target;
  certificate.optimize = request.optimize;
  return addFile(request.trainer, certificate.trainer);
}

DriverStatus Gathering::addRun(int64_t seed, const std::map<int64_t, RunLog> &logs, ArrayRef<CertifiedFile> weights) {
  std::string name = "seed " + std::to_string(seed);
  auto log = logs.find(seed);
  if (log == logs.end())
    return refuse(DriverStatus::No, name + ", which the recipe trains, is in no log");
  const RunLog &run = log->second;
  if (!run.end || !run.evaluation)
    return refuse(DriverStatus::No, name + " has " + (run.end ? "no evaluation" : "no end") + " in " + run.file + ": its run was cut short");
  if (run.end->exported.empty())
    return refuse(DriverStatus::No, name + ": " + run.file + " has no digest of exported weights: train with --export");
  const CertifiedFile *exported = llvm::find_if(weights, [&](const CertifiedFile &file) { return file.sha256 == run.end->exported; });
  if (exported == weights.end())
    return refuse(DriverStatus::No, "no file of --weights is what " + name + " exported (" + run.end->exported + ", says " + run.file + ")");
  certificate.program = run.program;
  certificate.runs.push_back({seed, run.threads, *exported, *run.evaluation});
  return DriverStatus::Fine;
}

DriverStatus Gathering::gatherRuns() {
  std::vector<CertifiedFile> weights(request.weights.size());
  certificate.logs.resize(request.logs.size());
  for (auto [paths, files] : {std::pair(&request.weights, &weights), {&request.logs, &certificate.logs}})
    for (auto [path, file] : llvm::zip_equal(*paths, *files))
      if (DriverStatus status = addFile(path, file); status != DriverStatus::Fine)
        return status;
  SmallVector<std::string> names;
  for (const CertifiedFile &file : certificate.logs)
    names.push_back(file.name);
  FailureOr<std::map<int64_t, RunLog>> logs = readRunLogs(folder, names);
  if (failed(logs))
    return DriverStatus::BadInput;
  for (int64_t seed = recipe->firstSeed; seed <= recipe->lastSeed; ++seed)
    if (DriverStatus status = addRun(seed, *logs, weights); status != DriverStatus::Fine)
      return status;
  certificate.verdict = concludeRuns(certificate.runs, *recipe);
  return DriverStatus::Fine;
}

DriverStatus Gathering::run() {
  certificate.toolVersion = TALLY_VERSION;
  for (auto step : {&Gathering::loadAndCount, &Gathering::describeTrainer, &Gathering::gatherRuns})
    if (DriverStatus status = (this->*step)(); status != DriverStatus::Fine)
      return status;
  return DriverStatus::Fine;
}

DriverStatus tally::certify(const CertifyRequest &request, llvm::raw_ostream &os) {
  Gathering gathering(request);
  if (DriverStatus status = gathering.run(); status != DriverStatus::Fine)
    return status;
  if (DriverStatus status = verifyCertificate(gathering.certificate, {gathering.folder, request.data}, os); status != DriverStatus::Fine)
    return status;
  bool isWritten = succeeded(writeOutput(request.output, [&](llvm::raw_ostream &file) { printCertificate(gathering.certificate, file); }));
  return isWritten ? DriverStatus::Fine : DriverStatus::BadInput;
}
