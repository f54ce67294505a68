// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks the log of one seed.
#include "CheckLog.h"
#include "llvm/ADT/STLExtras.h"

using namespace tally;

std::string tally::shorten(llvm::StringRef digest) { return digest.empty() ? "nothing" : digest.take_front(12).str() + "..."; }

/// All steps that a trainer logs are there once, in order, each with its digest.
static llvm::Error checkSteps(const RunLog &log, const ResolvedRecipe &resolved) {
  int64_t every = resolved.recipe.logEvery, total = resolved.totalSteps, expected = std::min(every, total);
  for (const RunLog::Event &event : log.events) {
    if (!event.isStep)
      continue;
    if (event.step != expected)
      return refuse("line {0}: expects step {1}, got step {2}", event.line, expected, event.step);
    if (!event.hasDigest)
      return refuse("line {0}: step {1} has no digest of the weights (weights_sha256): train with --log-digests", event.line, event.step);
    expected = expected == total ? total + 1 : std::min(expected + every, total);
  }
  return expected > total ? llvm::Error::success() : refuse("step {0} of {1} is missing", expected, total);
}

llvm::Error tally::checkLog(const RunLog &log, const Certificate &certificate, const ResolvedRecipe &resolved) {
  struct Origin {
    const char *what;
    const std::string &found, &expected;
  };
  for (const Origin &origin : {Origin{"model", log.model, certificate.model.sha256}, Origin{"recipe", log.recipe, certificate.recipeDigest},
                               Origin{"program", log.program, certificate.program}, Origin{"data", log.data, certificate.data.sha256}})
    if (origin.found != origin.expected)
      return refuse("is of another {0}: {1}, the certificate's is {2}", origin.what, shorten(origin.found), shorten(origin.expected));
  if (!log.end)
    return refuse("has no end: the run was killed");
  if (log.end->reason != "finished" && log.end->reason != "target-missed")
    return refuse("ended early, after step {0} of {1}: {2}", log.end->step, resolved.totalSteps, log.end->reason);
  if (llvm::Error error = checkSteps(log, resolved))
    return error;
  if (log.end->step != resolved.totalSteps || log.events.back().isStep || log.events.back().step != resolved.totalSteps)
    return refuse("has no evaluation after the last step, {0}", resolved.totalSteps);
  for (const std::string *operations : {&log.operations, &log.end->operations})
    if (*operations != certificate.cost.operations.str() && certificate.cost.profile == "haet")
      return refuse("says {0} operations, the count is {1}", operations->empty() ? "no" : *operations, certificate.cost.operations.str());
  return llvm::Error::success();
}

/// "loss 2.3, replayed 2.4": the first member of two events that differs.
static std::string describeDifference(llvm::StringRef first, llvm::StringRef second) {
  auto a = first.split(','), b = second.split(',');
  while (!a.second.empty() && !b.second.empty() && a.first == b.first) {
    a = a.second.split(',');
    b = b.second.split(',');
  }
  return (a.first + ", replayed " + b.first).str();
}

llvm::Error tally::compareReplay(const RunLog &log, const RunLog &again, int64_t last) {
  auto isReplayed = [&](const RunLog::Event &event) { return event.step <= last; };
  auto logged = llvm::make_filter_range(log.events, isReplayed), replayed = llvm::make_filter_range(again.events, isReplayed);
  if (std::distance(logged.begin(), logged.end()) != std::distance(replayed.begin(), replayed.end()))
    return refuse("the log has {0} steps and evaluations up to step {1}, replayed {2}", std::distance(logged.begin(), logged.end()), last,
                  std::distance(replayed.begin(), replayed.end()));
  for (const auto &[mine, theirs] : llvm::zip(logged, replayed))
    if (mine.text != theirs.text)
      return refuse("line {0} of {1}, step {2}: {3}", mine.line, log.file, mine.step, describeDifference(mine.text, theirs.text));
  if (again.end && log.end && again.end->exported != "" && again.end->exported != log.end->exported)
    return refuse("the exported weights are {0}, replayed {1}", shorten(log.end->exported), shorten(again.end->exported));
  return llvm::Error::success();
}
