// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks a certificate. The trainer that came with it is never run: what it should be is built again.
#include "tally/Certificate/Verify.h"
#include "CheckLog.h"
#include "Facts.h"
#include "RunTrainer.h"
#include "dialects/Train/Train.h"
#include "tally/Driver/BuildProgram.h"
#include "tally/Driver/Session.h"
#include "tally/Support/CountText.h"
#include "tally/Support/Digest.h"
#include "tally/Support/InstalledFiles.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace tally;

/// "seed 3", "seeds 1 to 8"
static std::string seedsOf(const Recipe &recipe) {
  std::string first = std::to_string(recipe.firstSeed);
  return recipe.firstSeed == recipe.lastSeed ? "seed " + first : "seeds " + first + " to " + std::to_string(recipe.lastSeed);
}

static std::string percent(double accuracy) { return llvm::formatv("{0:F2} %", 100 * accuracy).str(); }

namespace {
/// The answer to a check: what was found to be right, or why the certificate is refused.
using Answer = llvm::Expected<std::string>;

class Verification {
public:
  Verification(const Certificate &certificate, const VerifyRequest &request, llvm::raw_ostream &os)
      : certificate(certificate), request(request), os(os) {}
  DriverStatus run();

private:
  void report(const llvm::Twine &check, Answer answer);
  void checkFiles();
  void checkSeeds();
  void checkRuns();
  llvm::Error load();
  Answer checkModel();
  Answer checkRecipe();
  Answer checkCost();
  Answer checkTrainer();
  Answer checkData();
  Answer checkRun(const CertifiedRun &run);
  Answer build();
  Answer evaluate(const CertifiedRun &run);
  Answer replay(const CertifiedRun &run);
  Answer checkVerdict();

  std::string pathOf(const std::string &name) const { return request.folder + "/" + name; }
  llvm::Error checkDigest(const CertifiedFile &file) const;

  const Certificate &certificate;
  const VerifyRequest &request;
  llvm::raw_ostream &os;
  Session session;
  TemporaryFolder scratch;
  std::optional<ResolvedRecipe> resolved;
  LoadedProgram loaded;
  std::map<int64_t, RunLog> logs;
  std::string trainer; ///< built again
  llvm::SmallVector<std::string> refused;
};
} // namespace

void Verification::report(const llvm::Twine &check, Answer answer) {
  if (answer) {
    os << "ok       " << check << ": " << *answer << '\n';
  } else {
    os << "refused  " << check << ": " << llvm::toString(answer.takeError()) << '\n';
    refused.push_back(check.str());
  }
  os.flush();
}

llvm::Error Verification::checkDigest(const CertifiedFile &file) const {
  llvm::Expected<std::string> found = digestFile(pathOf(file.name));
  if (!found)
    return found.takeError();
  if (*found != file.sha256)
    return refuse("{0} has changed: its digest is {1}, the certificate's is {2}", file.name, shorten(*found), shorten(file.sha256));
  return llvm::Error::success();
}

/// Model and recipe to the training level: the recipe is that of the certificate.
llvm::Error Verification::load() {
  std::string recipe = scratch.path("recipe.yaml");
  std::error_code code;
  llvm::raw_fd_ostream(recipe, code) << certificate.recipe << '\n';
  if (code)
    return refuse("cannot write {0}: {1}", recipe, code.message());
  if (!llvm::sys::fs::exists(pathOf(certificate.model.name)))
    return refuse("there is no {0} in the folder of the certificate", certificate.model.name);
  loaded = loadProgram(pathOf(certificate.model.name), recipe, session.context, Level::Training, [&](const OnnxImport &, const ResolvedRecipe &found) { resolved = found; });
  if (loaded.status != DriverStatus::Fine || !resolved)
    return refuse("{0} does not train as the recipe says", certificate.model.name);
  return llvm::Error::success();
}

Answer Verification::checkModel() {
  if (loaded.onnx.sha256 != certificate.model.sha256)
    return refuse("{0} has changed: its digest (with external files) is {1}, the certificate's is {2}", certificate.model.name,
                  shorten(loaded.onnx.sha256), shorten(certificate.model.sha256));
  return certificate.model.name;
}

Answer Verification::checkRecipe() {
  std::string found = recipeDigestOf(loaded.module());
  if (found != certificate.recipeDigest)
    return refuse("it has changed: its digest is {0}, the certificate's is {1}", shorten(found), shorten(certificate.recipeDigest));
  auto info = (*loaded.module().getOps<train::ProgramOp>().begin()).getInfoAttr().getAs<StringAttr>("initial_values");
  return llvm::formatv("{0} steps, {1}{2}", resolved->totalSteps, seedsOf(resolved->recipe),
                       info && info.getValue() == "file" ? ", some weights begin as the model file has them" : "")
      .str();
}

Answer Verification::checkCost() {
  FailureOr<CertifiedCost> cost = countCost(loaded.module(), certificate.cost.profile);
  if (failed(cost))
    return refuse("it cannot be counted by the profile {0}", certificate.cost.profile);
  struct Line {
    const char *name;
    Count CertifiedCost::*count;
  };
  for (auto [name, count] : {Line{"parameters", &CertifiedCost::parameters}, Line{"operations", &CertifiedCost::operations},
                             Line{"complexity", &CertifiedCost::complexity}, Line{"evaluation", &CertifiedCost::evaluation}})
    if ((*cost).*count != certificate.cost.*count)
      return refuse("{0}: counted {1}, the certificate says {2}", name, groupDigits((*cost).*count), groupDigits(certificate.cost.*count));
  return llvm::formatv("{0} parameters + {1} operations = {2}, counted again ({3})", groupDigits(cost->parameters), groupDigits(cost->operations),
                       groupDigits(cost->complexity), cost->profile)
      .str();
}

Answer Verification::checkTrainer() {
  if (llvm::Error error = checkDigest(certificate.trainer))
    return error;
  if (!holdsProgram(pathOf(certificate.trainer.name), certificate.program))
    return refuse("{0} holds another program than {1}", certificate.trainer.name, shorten(certificate.program));
  return certificate.trainer.name;
}

Answer Verification::checkData() {
  llvm::Expected<DataSet> found = digestData(resolved->recipe.data, request.data);
  if (!found)
    return found.takeError();
  bool official = true;
  for (const auto &[mine, theirs] : llvm::zip(found->files, certificate.data.files)) {
    official &= mine.official;
    if (mine.name != theirs.name || mine.sha256 != theirs.sha256)
      return refuse("{0} is not {1}: its digest is {2}, the certificate's is {3}", mine.name, mine.name == theirs.name ? "the same" : theirs.name,
                    shorten(mine.sha256), shorten(theirs.sha256));
    if (mine.official != theirs.official)
      return refuse("{0} is {1}the official file, the certificate says otherwise", mine.name, mine.official ? "" : "not ");
  }
  if (found->files.size() != certificate.data.files.size())
    return refuse("there are {0} files, the certificate has {1}", found->files.size(), certificate.data.files.size());
  if (found->sha256 != certificate.data.sha256)
    return refuse("the digest of the records is {0}, the certificate's is {1}", shorten(found->sha256), shorten(certificate.data.sha256));
  bool isOwn = resolved->recipe.data.format != DataFormat::Cifar;
  return llvm::formatv("{0} files of {1}{2}", found->files.size(), resolved->recipe.data.name, isOwn ? "" : official ? ", official" : ", not the official ones").str();
}

/// All files that are read without the program.
void Verification::checkFiles() {
  for (const CertifiedFile &file : certificate.logs)
    if (llvm::Error error = checkDigest(file))
      report("log", std::move(error));
  report("trainer", checkTrainer());
  report("data", checkData());
}

void Verification::checkSeeds() {
  const Recipe &recipe = resolved->recipe;
  std::string expected = seedsOf(recipe);
  int64_t next = recipe.firstSeed;
  for (const CertifiedRun &run : certificate.runs)
    if (run.seed == next)
      ++next;
    else
      return report("seeds", refuse("the recipe trains {0}, expects seed {1}, got seed {2}", expected, next, run.seed));
  if (next <= recipe.lastSeed)
    return report("seeds", refuse("the recipe trains {0}, seed {1} is missing", expected, next));
  if (next > recipe.lastSeed + 1)
    report("seeds", refuse("the recipe trains {0}, seed {1} is none of them", expected, next - 1));
}

Answer Verification::checkRun(const CertifiedRun &run) {
  auto log = logs.find(run.seed);
  if (log == logs.end())
    return refuse("no log says anything of it");
  if (llvm::Error error = checkLog(log->second, certificate, *resolved))
    return refuse("{0} {1}", log->second.file, llvm::toString(std::move(error)));
  if (log->second.threads != run.threads)
    return refuse("{0} says {1} threads, the certificate {2}", log->second.file, log->second.threads, run.threads);
  if (log->second.evaluation != run.result)
    return refuse("accuracy and loss are not those of {0}", log->second.file);
  if (log->second.end->exported != run.weights.sha256)
    return refuse("{0} is not what its run exported: the certificate says {1}, {2} says {3}", run.weights.name, shorten(run.weights.sha256),
                  log->second.file, shorten(log->second.end->exported));
  if (llvm::Error error = checkDigest(run.weights))
    return error;
  return llvm::formatv("{0}, exported {1}", log->second.file, run.weights.name).str();
}

void Verification::checkRuns() {
  llvm::SmallVector<std::string> names;
  for (const CertifiedFile &file : certificate.logs)
    names.push_back(file.name);
  FailureOr<std::map<int64_t, RunLog>> read = readRunLogs(request.folder, names);
  if (failed(read))
    return report("logs", refuse("they cannot be read"));
  logs = std::move(*read);
  checkSeeds();
  for (const CertifiedRun &run : certificate.runs)
    report("log of seed " + llvm::Twine(run.seed), checkRun(run));
}

Answer Verification::build() {
  std::string cache = makeCacheFolder();
  BuildRequest build;
  build.model = pathOf(certificate.model.name);
  build.recipe = scratch.path("recipe.yaml");
  build.target = certificate.target;
  build.optimize = certificate.optimize;
  if (cache.empty() || buildCached(build, cache, trainer) != DriverStatus::Fine)
    return refuse("it cannot be built here");
  if (!holdsProgram(trainer, certificate.program))
    return refuse("model and recipe give another program than {0}: the trainer was built by another tally, with other options, or from other files",
                  shorten(certificate.program));
  return "built again, the same: " + shorten(certificate.program);
}

Answer Verification::evaluate(const CertifiedRun &run) {
  std::string log = scratch.path("evaluation.jsonl");
  if (llvm::Error error = runTrainer(trainer, {"--data", request.data, "--evaluate", pathOf(run.weights.name), "--log", log, "--overwrite"}, scratch))
    return error;
  FailureOr<EvaluationResult> found = readEvaluationLog(log);
  if (failed(found))
    return refuse("what the trainer logged cannot be read");
  if (*found != run.result)
    return refuse("{0} gives {1} (loss {2:F6}), the certificate says {3} (loss {4:F6})", run.weights.name, percent(found->accuracy.value_or(0)), found->loss,
                  percent(run.result.accuracy.value_or(0)), run.result.loss);
  return llvm::formatv("{0}, loss {1:F4}", found->accuracy ? "accuracy " + percent(*found->accuracy) : "no accuracy", found->loss).str();
}

Answer Verification::replay(const CertifiedRun &run) {
  std::string log = scratch.path("replay.jsonl");
  int64_t last = std::min(request.replay, resolved->totalSteps);
  std::vector<std::string> options{"--data", request.data, "--seed", std::to_string(run.seed), "--max-steps", std::to_string(last),
                                   "--log",  log,          "--log-digests", "--overwrite"};
  if (last == resolved->totalSteps)
    options.insert(options.end(), {"--export", scratch.path("replay.onnx")});
  if (llvm::Error error = runTrainer(trainer, options, scratch))
    return error;
  FailureOr<std::map<int64_t, RunLog>> again = readRunLogs(scratch.path(""), {"replay.jsonl"});
  if (failed(again))
    return refuse("what the trainer logged cannot be read");
  if (llvm::Error error = compareReplay(logs.at(run.seed), again->at(run.seed), last))
    return error;
  return llvm::formatv("{0} of {1} steps, the same weights and losses", last, resolved->totalSteps).str();
}

Answer Verification::checkVerdict() {
  CertifiedVerdict found = concludeRuns(certificate.runs, resolved->recipe);
  if (found != certificate.verdict)
    return refuse("the runs give accuracy {0}, the certificate says {1}", percent(found.accuracy.value_or(0)), percent(certificate.verdict.accuracy.value_or(0)));
  std::string text = found.accuracy ? "accuracy " + percent(*found.accuracy) + ", mean of " + seedsOf(resolved->recipe) : "no accuracy";
  if (found.target)
    text += ", target " + percent(*found.target) + (found.passed ? " met" : " missed");
  return found.passed ? Answer(text) : refuse("{0}", text);
}

DriverStatus Verification::run() {
  if (certificate.toolVersion != TALLY_VERSION)
    report("tool", refuse("the certificate is of tally {0}, this is tally {1}: use that one", certificate.toolVersion, TALLY_VERSION));
  if (llvm::Error error = load()) {
    report("model", std::move(error));
  } else {
    report("model", checkModel());
    report("recipe", checkRecipe());
    report("cost", checkCost());
    checkFiles();
    checkRuns();
  }
  // What takes long, only where the rest is as it should be.
  if (refused.empty())
    report("program", build());
  if (refused.empty())
    for (const CertifiedRun &run : certificate.runs) {
      report("weights of seed " + llvm::Twine(run.seed), evaluate(run));
      if (request.replay > 0)
        report("replay of seed " + llvm::Twine(run.seed), replay(run));
    }
  if (refused.empty())
    report("verdict", checkVerdict());
  if (refused.empty())
    os << "accepted\n";
  else
    os << "refused: " << llvm::join(refused, ", ") << '\n';
  return refused.empty() ? DriverStatus::Fine : DriverStatus::No;
}

DriverStatus tally::verifyCertificate(const Certificate &certificate, const VerifyRequest &request, llvm::raw_ostream &os) {
  return Verification(certificate, request, os).run();
}
