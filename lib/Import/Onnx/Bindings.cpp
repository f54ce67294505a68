// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The weights that the initializers of an ONNX graph become.
#include "Bindings.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SHA256.h"
#include "tally/Support/Attribution.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;

RankedTensorType tally::onnx::typeOf(MLIRContext *context, ElementType type, ArrayRef<int64_t> shape) {
  Builder builder(context);
  if (type == ElementType::Double)
    return RankedTensorType::get(shape, builder.getF64Type());
  if (isFloat(type))
    return RankedTensorType::get(shape, builder.getF32Type());
  if (type == ElementType::Bool)
    return RankedTensorType::get(shape, builder.getI1Type());
  if (integerBits(type))
    return RankedTensorType::get(shape, builder.getI64Type());
  return {};
}

ElementType tally::onnx::constantType(Type element) {
  return element.isF64() ? ElementType::Double : element.isF32() ? ElementType::Float : element.isInteger(1) ? ElementType::Bool : ElementType::Int64;
}

DenseElementsAttr tally::onnx::denseOf(MLIRContext *context, const HostTensor &tensor) {
  RankedTensorType type = typeOf(context, tensor.type, tensor.shape);
  if (tensor.type == ElementType::Double)
    return DenseElementsAttr::get(type, ArrayRef(tensor.reals));
  if (tensor.isFloat()) {
    std::vector<float> single(tensor.reals.begin(), tensor.reals.end());
    return DenseElementsAttr::get(type, ArrayRef(single));
  }
  if (tensor.type != ElementType::Bool)
    return DenseElementsAttr::get(type, ArrayRef(tensor.integers));
  SmallVector<bool> truths(tensor.integers.begin(), tensor.integers.end());
  return DenseElementsAttr::get(type, ArrayRef(truths));
}

HostTensor tally::onnx::hostOf(DenseElementsAttr elements, ElementType type) {
  HostTensor host;
  host.type = type;
  host.shape = SmallVector<int64_t>(elements.getType().getShape());
  if (isa<FloatType>(elements.getElementType())) {
    for (const APFloat &element : elements.getValues<APFloat>())
      host.reals.push_back(element.convertToDouble());
  } else {
    bool isTruth = elements.getElementType().isInteger(1);
    for (const APInt &element : elements.getValues<APInt>())
      host.integers.push_back(isTruth ? static_cast<int64_t>(element.getZExtValue()) : element.getSExtValue());
  }
  return host;
}

/// The values as a dense_resource whose name is the digest of type and bytes.
ElementsAttr WeightTable::resource(const Tensor &tensor) {
  RankedTensorType type = typeOf(context, tensor.type, tensor.shape);
  std::string key;
  llvm::raw_string_ostream(key) << type;
  llvm::SHA256 digest;
  digest.update(key);
  digest.update(ArrayRef(reinterpret_cast<const uint8_t *>(tensor.bytes.data()), tensor.bytes.size()));
  key = "sha256_" + llvm::toHex(digest.final(), /*LowerCase=*/true).substr(0, 32);
  ElementsAttr &attribute = resources[key];
  if (attribute)
    return attribute;
  AsmResourceBlob blob = HeapAsmResourceBlob::allocateAndCopyWithAlign(tensor.bytes, 64);
  attribute = DenseResourceElementsAttr::get(type, key, std::move(blob));
  return attribute;
}

static bool isUniform(const Tensor &tensor) {
  size_t width = elementBytes(tensor.type);
  for (size_t offset = width; offset < tensor.bytes.size(); offset += width)
    if (std::memcmp(tensor.bytes.data(), tensor.bytes.data() + offset, width) != 0)
      return false;
  return true;
}

nn::WeightOp WeightTable::use(OpBuilder &builder, Location loc, const Binding &binding, WeightUse use, StringRef kind) {
  use.initializer = binding.initializer;
  use.names = binding.names;
  // The body of a loop is the same in each step.
  for (const WeightUse &other : uses)
    if (other.initializer == use.initializer && other.place == use.place)
      return other.op;
  if (!use.statistics && !isUniform(*use.initializer))
    for (const WeightUse &other : uses)
      if (other.initializer == use.initializer && !other.statistics)
        use.op = other.op;
  if (!use.op) {
    ElementsAttr value = resource(*use.initializer);
    use.op = nn::WeightOp::create(builder, loc, value.getShapedType(), builder.getStringAttr(use.initializer->name),
                                  builder.getStringAttr(kind), value);
  }
  uses.push_back(use);
  return use.op;
}

void WeightTable::nameNorms(Operation *graph) {
  auto name = [&](Value operand, StringRef slot, StringRef module) {
    while (auto reshape = operand ? operand.getDefiningOp<nn::ReshapeOp>() : nn::ReshapeOp())
      operand = reshape.getX();
    for (WeightUse &use : uses)
      if (operand && use.op == operand.getDefiningOp() && use.slot == "other") {
        use.slot = slot;
        use.module = module;
      }
  };
  graph->walk([&](nn::GroupNormOp norm) {
    name(norm.getScale(), "scale", nodeOf(norm.getLoc()));
    name(norm.getBias(), "bias", nodeOf(norm.getLoc()));
  });
}

void WeightTable::tieModules() {
  auto sharesAnother = [&](const WeightUse &a, const WeightUse &b) {
    return llvm::any_of(uses, [&](const WeightUse &x) {
      return x.module == a.module && x.op != a.op && !x.statistics && llvm::any_of(uses, [&](const WeightUse &y) {
               return y.module == b.module && y.slot == x.slot && y.op == x.op;
             });
    });
  };
  for (WeightUse &use : uses)
    for (WeightUse &other : uses) {
      bool split = use.initializer == other.initializer && use.op != other.op;
      if (!split || use.statistics || other.statistics || use.slot != other.slot || !sharesAnother(use, other))
        continue;
      nn::WeightOp kept = other.op, dropped = use.op;
      if (dropped->isBeforeInBlock(kept))
        std::swap(kept, dropped);
      dropped.replaceAllUsesWith(kept.getOperation());
      for (WeightUse &third : uses)
        if (third.op == dropped)
          third.op = kept;
      dropped.erase();
    }
}

void WeightTable::dropUnused() {
  llvm::SmallSetVector<Operation *, 4> unused;
  for (const WeightUse &use : uses)
    if (use.op->use_empty())
      unused.insert(use.op);
  llvm::erase_if(uses, [&](const WeightUse &use) { return unused.contains(nn::WeightOp(use.op)); });
  for (Operation *op : unused)
    op->erase();
}

void WeightTable::finalize(const Model &model) {
  llvm::MapVector<const Tensor *, std::vector<WeightUse *>> byInitializer;
  for (WeightUse &use : uses)
    byInitializer[use.initializer].push_back(&use);

  llvm::StringSet<> taken, given; // a split weight is an initializer of the exported model
  // A Constant node gives its name to a weight that is all that it gives.
  llvm::StringMap<size_t> readers;
  auto visit = [&](const Node &node) {
    taken.insert(node.outputs.begin(), node.outputs.end());
    for (const std::string &input : node.inputs)
      ++readers[input];
  };
  forEachNode(model.graph, visit);
  for (const Function &function : model.functions)
    forEachNode(function.body, visit);
  std::vector<WeightUse *> split;
  SmallVector<std::pair<Location, std::string>> shared; ///< what else feeds several slots
  for (auto &[initializer, all] : byInitializer) {
    SmallVector<Operation *> trained;
    for (WeightUse *use : all)
      if (!use->statistics && !llvm::is_contained(trained, use->op.getOperation()))
        trained.push_back(use->op);
    bool keepsName = trained.size() == 1 || (trained.empty() && all.size() == 1);
    keepsName = keepsName && (!taken.contains(initializer->name) || readers[initializer->name] == all.size()) &&
                given.insert(initializer->name).second;
    std::string slots;
    for (WeightUse *use : all) {
      slots += (slots.empty() ? "" : ", ") + ("'" + use->node) + "' (" + use->slot + ")";
      if (!keepsName || (use->statistics && !trained.empty()))
        split.push_back(use);
    }
    if (keepsName)
      taken.insert(initializer->name);
    if (all.size() == 1)
      continue;
    bool tied = trained.size() == 1 && llvm::count_if(all, [](WeightUse *use) { return !use->statistics; }) > 1;
    std::string feeds = "initializer '" + initializer->name + "' feeds " + slots;
    if (tied)
      emitRemark(all.front()->op.getLoc()) << feeds << ": it is one tied weight";
    else
      shared.push_back({all.front()->op.getLoc(), feeds});
  }
  if (!shared.empty()) {
    InFlightDiagnostic remark = emitRemark(shared.front().first) << shared.front().second << ": each gets its own tensor";
    if (shared.size() > 1)
      remark << "; likewise " << shared.size() - 1 << (shared.size() == 2 ? " other initializer" : " other initializers");
  }
  for (WeightUse *use : split) {
    std::string base = use->layer + "." + use->slot, name = base;
    for (int number = 2; !taken.insert(name).second; ++number)
      name = base + "#" + std::to_string(number);
    Builder builder(context);
    use->op.setName(name);
    // A recipe may also use the names of the file.
    SmallVector<mlir::Attribute> names;
    for (const std::string &old : use->names)
      names.push_back(builder.getStringAttr(old));
    use->op->setAttr("sources", builder.getArrayAttr(names));
  }
}
