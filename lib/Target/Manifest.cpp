// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The manifest and the blob (runtime/README.md) from a planned program.
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tally/Support/TypeSize.h"
#include "tally/Target/ProgramObject.h"

using namespace mlir;
using namespace tally;
namespace json = llvm::json;

uint64_t Blob::append(StringRef bytes) {
  uint64_t start = llvm::alignTo(end, 64);
  stream.write_zeros(start - end);
  stream << bytes;
  end = start + bytes.size();
  return start;
}

FailureOr<uint64_t> Blob::append(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return failure();
    return append(StringRef(blob->getData().data(), blob->getData().size()));
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense)
    return failure();
  StringRef raw(dense.getRawData().data(), dense.getRawData().size());
  if (!dense.isSplat())
    return append(raw);
  std::string all;
  for (int64_t i = 0; i < dense.getNumElements(); ++i)
    all += raw;
  return append(all);
}

/// An attribute of `info` as JSON.
static json::Value toJson(Attribute attribute) {
  if (auto boolean = dyn_cast<BoolAttr>(attribute))
    return boolean.getValue();
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return integer.getInt();
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return number.getValueAsDouble();
  if (auto string = dyn_cast<StringAttr>(attribute))
    return string.getValue().str();
  if (auto symbol = dyn_cast<SymbolRefAttr>(attribute))
    return symbol.getLeafReference().str();
  if (auto integers = dyn_cast<DenseI64ArrayAttr>(attribute))
    return json::Array(integers.asArrayRef());
  if (auto numbers = dyn_cast<DenseF64ArrayAttr>(attribute))
    return json::Array(numbers.asArrayRef());
  if (auto list = dyn_cast<ArrayAttr>(attribute)) {
    json::Array array;
    for (Attribute element : list)
      array.push_back(toJson(element));
    return array;
  }
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute)) {
    json::Object object;
    for (NamedAttribute entry : dictionary)
      object[entry.getName().getValue()] = toJson(entry.getValue());
    return object;
  }
  return nullptr; // unit: an explicit null
}

static std::string typeName(Type element) {
  if (element.isIndex())
    return "i64";
  std::string name;
  llvm::raw_string_ostream(name) << element;
  return name == "i1" ? "i8" : name;
}

SmallVector<std::string> tally::functionNames(train::ProgramOp program) {
  SmallVector<std::string> names;
  for (auto body : program.getOps<BodyOpInterface>())
    names.push_back(body.getName().str());
  return names;
}

namespace {
struct ManifestBuilder {
  train::ProgramOp program;
  Blob &blob;
  json::Object manifest;

  LogicalResult addVariable(Operation *op, StringRef role, ShapedType type, ElementsAttr value) {
    json::Object entry{{"name", SymbolTable::getSymbolName(op).getValue()},
                       {"role", role},
                       {"type", typeName(type.getElementType())},
                       {"shape", json::Array(type.getShape())},
                       {"offset", op->getAttrOfType<IntegerAttr>("tally.offset").getInt()},
                       {"bytes", sizeInBytes(type)}};
    if (value) {
      FailureOr<uint64_t> offset = blob.append(value);
      if (failed(offset))
        return op->emitOpError("expects dense values or a resource with data");
      entry["blob_offset"] = *offset;
    }
    manifest.getArray("variables")->push_back(std::move(entry));
    return success();
  }

  LogicalResult addVariables() {
    manifest["variables"] = json::Array();
    for (Operation &op : program->getRegion(0).front()) {
      LogicalResult result = success();
      if (auto parameter = dyn_cast<train::ParameterOp>(op))
        result = addVariable(&op, "parameter", cast<ShapedType>(parameter.getType()), parameter.getValueAttr());
      else if (auto state = dyn_cast<train::StateOp>(op))
        result = addVariable(&op, train::stringifyRole(state.getRole()), cast<ShapedType>(state.getType()), state.getValueAttr());
      else if (auto table = dyn_cast<train::TableOp>(op))
        result = addVariable(&op, "table", table.getValue().getShapedType(), table.getValue());
      if (failed(result))
        return failure();
    }
    return success();
  }

  static json::Object makeSegment(train::SegmentOp row) {
    json::Array bodies;
    for (auto [body, times] : row.getRuns())
      bodies.push_back(json::Object{{"function", body.getValue()}, {"times", times}});
    return json::Object{{"first_step", int64_t(row.getFirst())},
                        {"steps", int64_t(row.getSteps())},
                        {"batch", row.getSamples().saturated()},
                        {"image_size", row.getImageSize()},
                        {"bodies", std::move(bodies)}};
  }

  void addBodies() {
    json::Array initialize, segments, events, batches;
    for (Operation &op : program->getRegion(0).front()) {
      if (auto body = dyn_cast<train::InitializeOp>(op))
        initialize.push_back(body.getSymName());
      else if (auto row = dyn_cast<train::SegmentOp>(op))
        segments.push_back(makeSegment(row));
      else if (auto body = dyn_cast<train::EveryOp>(op))
        events.push_back(json::Object{{"function", body.getSymName()},
                                      {"when", train::stringifyWhen(body.getWhen())},
                                      {"first", int64_t(body.getFirst())},
                                      {"period", int64_t(body.getPeriod())},
                                      {"trips", int64_t(body.getTrips())}});
      else if (auto body = dyn_cast<train::EvaluateOp>(op))
        batches.push_back(json::Object{{"function", body.getSymName()}, {"batches", int64_t(body.getBatches())}});
    }
    manifest["initialize"] = std::move(initialize);
    manifest["segments"] = std::move(segments);
    manifest["events"] = std::move(events);
    if (json::Object *evaluate = manifest.getObject("evaluate"))
      (*evaluate)["batches"] = std::move(batches);
  }

  /// The blob has the template without the bytes of the tensors: a trainer holds its weights once.
  void addExport(ExportTemplate exported) {
    llvm::sort(exported.tensors, [](const ExportedTensor &a, const ExportedTensor &b) { return a.offset < b.offset; });
    json::Array tensors;
    std::string rest;
    uint64_t done = 0;
    for (const ExportedTensor &tensor : exported.tensors) {
      tensors.push_back(json::Object{{"variable", tensor.variable}, {"offset", tensor.offset}, {"bytes", tensor.bytes}});
      rest += exported.content.substr(done, tensor.offset - done);
      done = tensor.offset + tensor.bytes;
    }
    rest += exported.content.substr(done);
    manifest["export"] = json::Object{{"blob_offset", blob.append(rest)},
                                      {"bytes", exported.content.size()},
                                      {"tensors", std::move(tensors)}};
  }
};
} // namespace

FailureOr<json::Object> tally::buildManifest(train::ProgramOp program, Blob &blob, const ExportTemplate *exported) {
  ManifestBuilder builder{program, blob, {}};
  json::Object &manifest = builder.manifest;
  manifest["schema"] = "tally-program/1";
  manifest["name"] = program.getSymName();
  manifest["steps"] = int64_t(program.getSteps());
  manifest["tool_version"] = TALLY_VERSION;
  manifest["arena_bytes"] = program->getAttrOfType<IntegerAttr>("tally.arena_bytes").getInt();
  manifest["persistent_bytes"] = program->getAttrOfType<IntegerAttr>("tally.persistent_bytes").getInt();
  if (DictionaryAttr info = program.getInfoAttr())
    for (NamedAttribute entry : info)
      manifest[entry.getName().getValue()] = toJson(entry.getValue());
  json::Array functions;
  for (const std::string &name : functionNames(program))
    functions.push_back(name);
  manifest["functions"] = std::move(functions);
  if (failed(builder.addVariables()))
    return failure();
  builder.addBodies();
  auto calls = program->getAttrOfType<ArrayAttr>(callsAttribute);
  manifest["calls"] = calls ? toJson(calls) : json::Array();
  for (auto [key, name] : {std::pair("blocks", blocksAttribute), {"expected", expectedAttribute}})
    if (auto list = program->getAttrOfType<ArrayAttr>(name))
      manifest[key] = toJson(list);
  if (exported)
    builder.addExport(*exported);
  return std::move(manifest);
}
