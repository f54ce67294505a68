// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Phase and layer marks in locations.
#include "tally/Support/Attribution.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace tally;

static constexpr llvm::StringLiteral phaseNames[] = {"initialization", "data",      "forward",   "loss",    "backward",
                                                     "optimizer",      "averaging", "evaluation", "monitoring"};

llvm::StringRef tally::stringifyPhase(Phase phase) { return phaseNames[static_cast<size_t>(phase)]; }

std::optional<Phase> tally::parsePhase(llvm::StringRef name) {
  const auto *entry = llvm::find(phaseNames, name);
  if (entry == std::end(phaseNames))
    return std::nullopt;
  return static_cast<Phase>(entry - std::begin(phaseNames));
}

/// The marked location is fused<"phase">[inner]; returns it when `loc` is one.
static FusedLoc asMarked(Location loc) {
  auto fused = dyn_cast<FusedLoc>(loc);
  return fused && isa_and_nonnull<StringAttr>(fused.getMetadata()) && fused.getLocations().size() == 1 ? fused : FusedLoc();
}

Location tally::withPhase(Location loc, Phase phase) {
  if (FusedLoc marked = asMarked(loc))
    loc = marked.getLocations().front();
  MLIRContext *context = loc.getContext();
  // Built directly: FusedLoc::get(locations) drops a single location of type unknown.
  return FusedLoc::get(context, {loc}, StringAttr::get(context, stringifyPhase(phase)));
}

std::optional<Phase> tally::phaseOf(Location loc) {
  if (FusedLoc marked = asMarked(loc))
    return parsePhase(cast<StringAttr>(marked.getMetadata()).getValue());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location inner : fused.getLocations())
      if (std::optional<Phase> phase = phaseOf(inner))
        return phase;
  return std::nullopt;
}

Location tally::locationOf(MLIRContext *context, llvm::StringRef node, llvm::StringRef layer) {
  Location loc = NameLoc::get(StringAttr::get(context, node));
  return node == layer ? loc : NameLoc::get(StringAttr::get(context, layer), loc);
}

/// The first name of a location.
static NameLoc findName(Location loc) {
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location inner : fused.getLocations())
      if (NameLoc name = findName(inner))
        return name;
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return findName(call.getCallee());
  return dyn_cast<NameLoc>(loc);
}

std::string tally::layerOf(Location loc) {
  NameLoc layer = findName(loc);
  return layer ? layer.getName().str() : "";
}

std::string tally::nodeOf(Location loc) {
  NameLoc layer = findName(loc);
  auto node = layer ? dyn_cast<NameLoc>(layer.getChildLoc()) : NameLoc();
  return node ? node.getName().str() : layerOf(loc);
}

static void addOrigins(Location loc, SmallVectorImpl<Origin> &origins) {
  auto fused = dyn_cast<FusedLoc>(loc);
  if (!fused || asMarked(loc)) {
    Origin origin(phaseOf(loc), layerOf(loc));
    if (!llvm::is_contained(origins, origin))
      origins.push_back(origin);
    return;
  }
  for (Location inner : fused.getLocations())
    addOrigins(inner, origins);
}

SmallVector<Origin> tally::originsOf(Location loc) {
  SmallVector<Origin> origins;
  addOrigins(loc, origins);
  return origins;
}
