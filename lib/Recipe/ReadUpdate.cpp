// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sections that say what an update goes by.
#include "Sections.h"

using namespace mlir;
using namespace tally;

/// {norm: limit} or {value: limit}
ClipSpec tally::readClip(YamlNode &node, YamlProblems &problems) {
  ClipSpec spec;
  MapReader reader(node, problems, "clip");
  bool norm = reader.read("norm", spec.limit), value = reader.read("value", spec.limit);
  reader.finish();
  if (reader.find("norm") && reader.find("value"))
    problems.error(node.loc) << "expects either 'norm' or 'value' in clip";
  else if (node.kind == YamlNode::Kind::Map && !reader.find("norm") && !reader.find("value"))
    problems.error(node.loc) << "expects 'norm' or 'value' in clip";
  else if ((norm || value) && spec.limit.compare(0) <= 0)
    problems.error(reader.find(norm ? "norm" : "value")->loc) << "expects a limit above 0, got " << spec.limit.str();
  spec.kind = norm ? ClipSpec::Kind::Norm : ClipSpec::Kind::Value;
  return spec;
}
