// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The memory plan: offsets from the lifetimes of a straight line of calls.
#include "MemoryPlan.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tally/Kernels/KernelSignature.h"

using namespace mlir;
using namespace tally;

int64_t tally::assignOffsets(MutableArrayRef<Interval> intervals) {
  SmallVector<Interval *> order;
  for (Interval &interval : intervals)
    order.push_back(&interval);
  llvm::sort(order, [](Interval *a, Interval *b) { return a->bytes != b->bytes ? a->bytes > b->bytes : a < b; });
  SmallVector<Interval *> placed; // sorted by offset
  int64_t total = 0;
  for (Interval *interval : order) {
    int64_t size = alignUp(interval->bytes), cursor = 0, best = -1, bestGap = 0;
    for (Interval *other : placed) {
      if (other->space != interval->space || other->last < interval->first || interval->last < other->first)
        continue;
      int64_t gap = other->offset - cursor;
      if (gap >= size && (best < 0 || gap < bestGap)) {
        best = cursor;
        bestGap = gap;
      }
      cursor = std::max(cursor, other->offset + alignUp(other->bytes));
    }
    interval->offset = best < 0 ? cursor : best;
    total = std::max(total, interval->offset + size);
    placed.insert(llvm::upper_bound(placed, interval, [](Interval *a, Interval *b) { return a->offset < b->offset; }),
                  interval);
  }
  return total;
}

VariableLayout::VariableLayout(train::ProgramOp program) {
  int64_t end = 0;
  auto append = [&](StringAttr name, Type type, bool constant) {
    places.insert({name, {type, end, constant}});
    end += alignUp(sizeInBytes(type));
  };
  for (auto parameter : program.getOps<train::ParameterOp>())
    append(parameter.getSymNameAttr(), parameter.getType(), false);
  for (auto state : program.getOps<train::StateOp>())
    append(state.getSymNameAttr(), state.getType(), false);
  persistentBytes = end;
  for (auto table : program.getOps<train::TableOp>())
    append(table.getSymNameAttr(), table.getValue().getType(), true);
  temporaries = end;
}

func::FuncOp BodyPlan::kernelOf(func::CallOp call) const { return kernels->lookup<func::FuncOp>(call.getCalleeAttr().getAttr()); }

FailureOr<BodyPlan> BodyPlan::make(BodyOpInterface body, const VariableLayout &layout, const SymbolTable &kernels) {
  BodyPlan plan(layout, kernels);
  Block &block = *body.getBody();
  if (failed(plan.collect(block)))
    return failure();
  plan.writeInPlace(block);
  plan.stageCopies();
  plan.shareTemporaries(block);
  plan.place();
  return plan;
}

int64_t BodyPlan::find(Value tensor) const {
  int64_t index = buffers.find(tensor)->second;
  return places[index].shared < 0 ? index : places[index].shared;
}

/// A new place that is in use from here.
int64_t BodyPlan::add(Type type, StringAttr variable) {
  Buffer &buffer = places.emplace_back();
  buffer.variable = variable;
  buffer.type = type;
  buffer.bytes = sizeInBytes(type);
  buffer.first = buffer.last = finalPosition;
  return places.size() - 1;
}

LogicalResult BodyPlan::checkVariable(Operation *op, FlatSymbolRefAttr name, Type type) const {
  auto variable = layout->places.find(name.getAttr());
  if (variable == layout->places.end() || variable->second.type != type)
    return op->emitOpError("requires a variable of type ") << type << ", got " << name;
  if (isa<train::WriteOp>(op) && variable->second.constant)
    return op->emitOpError("writes a table, ") << name;
  return success();
}

/// What the runtime changes in place must be read by no other op, and must be no variable.
LogicalResult BodyPlan::checkExchange(BoundaryOpInterface boundary) const {
  for (Value operand : boundary->getOperands()) {
    const Buffer &buffer = places[find(operand)];
    bool alone = !buffer.variable && !buffer.dataset;
    for (Value content = operand; alone && content; content = isView(content.getDefiningOp()) ? content.getDefiningOp()->getOperand(0) : Value())
      alone = content.hasOneUse();
    if (!alone)
      return boundary->emitOpError("hands a tensor to the runtime that is used otherwise, too");
  }
  return success();
}

LogicalResult BodyPlan::collect(BoundaryOpInterface boundary) {
  if (auto read = dyn_cast<train::ReadOp>(*boundary)) {
    if (failed(checkVariable(read, read.getVariableAttr(), read.getType())))
      return failure();
    StringAttr variable = read.getVariableAttr().getAttr();
    auto [entry, isNew] = oldContents.try_emplace(variable, places.size());
    if (isNew)
      add(read.getType(), variable);
    buffers[read.getValue()] = entry->second;
    return success();
  }
  if (auto write = dyn_cast<train::WriteOp>(*boundary))
    return checkVariable(write, write.getVariableAttr(), write.getValue().getType());
  if (isa<train::DatasetOp>(*boundary)) {
    places[buffers[boundary->getResult(0)] = add(boundary->getResult(0).getType())].dataset = true;
    return success();
  }
  if (boundary->getNumResults() != boundary->getNumOperands())
    return boundary->emitOpError("is no boundary that the memory plan knows");
  for (auto [result, operand] : llvm::zip(boundary->getResults(), boundary->getOperands()))
    buffers[result] = find(operand);
  return boundary.getRuntimeFunction().empty() ? success() : checkExchange(boundary);
}

LogicalResult BodyPlan::collect(func::CallOp call) {
  func::FuncOp kernel = kernelOf(call);
  if (!kernel || !isKernel(kernel) || kernel.getFunctionType() != call.getCalleeType())
    return call.emitOpError("requires a kernel of type ") << call.getCalleeType() << ", got " << call.getCalleeAttr();
  KernelSignature signature(kernel);
  if (signature.destinations > kernel.getNumArguments())
    return call.emitOpError("requires a kernel of (inputs, a destination for each result), got ") << call.getCalleeAttr();
  for (OpOperand &operand : call->getOpOperands().drop_front(signature.inputs)) {
    unsigned result = operand.getOperandNumber() - signature.inputs;
    if (operand.get().getDefiningOp<tensor::EmptyOp>()) {
      undefined[&operand] = buffers[call.getResult(result)] = add(operand.get().getType());
    } else {
      // It goes on in the memory of another kernel's result.
      if (!operand.get().getDefiningOp<func::CallOp>() || !operand.get().hasOneUse())
        return call.emitOpError("writes over a tensor that is used otherwise, too");
      int64_t index = find(operand.get());
      buffers[call.getResult(result)] = index;
    }
  }
  return success();
}

LogicalResult BodyPlan::collect(Block &block) {
  llvm::DenseSet<StringAttr> written;
  for (Operation &op : block) {
    positions[&op] = ++finalPosition;
    for (Value operand : op.getOperands())
      if (operand.getDefiningOp<tensor::EmptyOp>() && !isa<func::CallOp>(op))
        return op.emitOpError("uses a tensor that nothing has computed");
    LogicalResult known = success();
    if (auto boundary = dyn_cast<BoundaryOpInterface>(op))
      known = collect(boundary);
    else if (auto call = dyn_cast<func::CallOp>(op))
      known = collect(call);
    else if (isView(&op))
      buffers[op.getResult(0)] = find(op.getOperand(0));
    else if (!isa<tensor::EmptyOp>(op))
      known = op.emitOpError("is neither a call of a kernel nor a view nor a boundary, as the memory plan requires");
    if (failed(known))
      return failure();
    if (auto write = dyn_cast<train::WriteOp>(op); write && !written.insert(write.getVariableAttr().getAttr()).second)
      return write.emitOpError("writes ") << write.getVariableAttr() << " again";
    for (OpOperand &operand : op.getOpOperands()) {
      if (undefined.contains(&operand))
        continue;
      if (!buffers.contains(operand.get()))
        return op.emitOpError("uses a tensor that nothing has computed");
      Buffer &buffer = places[find(operand.get())];
      buffer.last = finalPosition;
      if (buffer.variable && isa<func::CallOp, BoundaryOpInterface>(op))
        reads[buffer.variable].push_back(&operand);
    }
  }
  ++finalPosition;
  return success();
}

bool BodyPlan::mayOverwrite(train::WriteOp write, func::CallOp call, unsigned result) const {
  int64_t position = positions.lookup(call);
  func::FuncOp kernel = kernelOf(call);
  return llvm::all_of(reads.lookup(write.getVariableAttr().getAttr()), [&](OpOperand *use) {
    Operation *reader = use->getOwner();
    if (isa<train::WriteOp>(reader))
      return false; // copied at the end
    return positions.lookup(reader) < position ||
           (reader == call && mayShare(kernel, use->getOperandNumber(), result));
  });
}

/// Lets the producer of a written value compute right in the variable, where no one else still needs the old content.
void BodyPlan::writeInPlace(Block &block) {
  llvm::DenseMap<int64_t, func::CallOp> producers;
  llvm::DenseMap<int64_t, unsigned> results;
  for (auto call : block.getOps<func::CallOp>())
    for (OpResult result : call->getResults()) {
      // The first that writes there decides.
      if (producers.try_emplace(find(result), call).second)
        results[find(result)] = result.getResultNumber();
    }
  for (auto write : block.getOps<train::WriteOp>()) {
    StringAttr variable = write.getVariableAttr().getAttr();
    int64_t index = find(write.getValue());
    Buffer &buffer = places[index];
    if (buffer.variable == variable)
      continue; // its own old content, or already computed here
    func::CallOp producer = producers.lookup(index);
    if (producer && !buffer.variable && mayOverwrite(write, producer, results[index])) {
      buffer.variable = variable;
      continue;
    }
    copies.push_back({write, variable});
    buffer.last = finalPosition;
  }
}

/// A source that is itself overwritten by a copy is brought to safety first.
void BodyPlan::stageCopies() {
  llvm::DenseSet<StringAttr> overwritten;
  for (const FinalCopy &copy : copies)
    overwritten.insert(copy.variable);
  for (auto [number, copy] : llvm::enumerate(copies)) {
    Value source = copy.write->getOperand(0);
    if (overwritten.contains(places[find(source)].variable))
      stages[number] = add(source.getType());
  }
}

/// An elementwise kernel may write where its dying input lies.
void BodyPlan::shareTemporaries(Block &block) {
  for (auto call : block.getOps<func::CallOp>()) {
    func::FuncOp kernel = kernelOf(call);
    KernelSignature signature(kernel);
    int64_t position = positions.lookup(call);
    llvm::SmallDenseSet<int64_t> taken;
    for (unsigned result = 0; result < signature.destinations; ++result) {
      int64_t to = find(call.getResult(result));
      if (places[to].variable || !undefined.contains(&call->getOpOperand(signature.inputs + result)))
        continue;
      for (unsigned input = 0; input < signature.inputs; ++input) {
        int64_t from = find(call.getOperand(input));
        Buffer &old = places[from];
        auto isFrom = [&](Value operand) { return find(operand) == from; };
        if (taken.contains(from) || old.variable || old.dataset || old.last != position || old.bytes != places[to].bytes ||
            llvm::count_if(call.getOperands().take_front(signature.inputs), isFrom) != 1 || !mayShare(kernel, input, result))
          continue;
        taken.insert(from);
        old.last = places[to].last;
        places[to].shared = from;
        break;
      }
    }
  }
}

void BodyPlan::place() {
  SmallVector<Interval> intervals;
  SmallVector<Buffer *> owners;
  for (Buffer &buffer : places) {
    if (buffer.variable) {
      buffer.offset = layout->offsetOf(buffer.variable);
    } else if (!buffer.dataset && buffer.shared < 0) {
      intervals.push_back({buffer.bytes, buffer.first, buffer.last, buffer.space});
      owners.push_back(&buffer);
    }
  }
  end = layout->temporaries + assignOffsets(intervals);
  for (auto [interval, owner] : llvm::zip_equal(intervals, owners))
    owner->offset = layout->temporaries + interval.offset;
}

std::optional<int64_t> BodyPlan::offsetOf(OpOperand &operand) const {
  auto entry = undefined.find(&operand);
  int64_t index = entry == undefined.end() ? find(operand.get()) : entry->second;
  const Buffer &buffer = places[places[index].shared < 0 ? index : places[index].shared];
  return buffer.dataset ? std::nullopt : std::optional(buffer.offset);
}

std::optional<int64_t> BodyPlan::stageOf(size_t index) const {
  auto stage = stages.find(index);
  return stage == stages.end() ? std::nullopt : std::optional(places[stage->second].offset);
}

SmallVector<BodyPlan::Tensor> BodyPlan::getTemporaries() const {
  llvm::DenseMap<int64_t, Operation *> producers;
  for (auto [op, position] : positions)
    producers[position] = op;
  // Tensors that share a place follow each other: one ends where the next begins.
  llvm::MapVector<int64_t, SmallVector<const Buffer *>> tenants;
  for (auto [index, buffer] : llvm::enumerate(places))
    if (!buffer.variable && !buffer.dataset)
      tenants[buffer.shared < 0 ? index : buffer.shared].push_back(&buffer);
  SmallVector<Tensor> tensors;
  for (auto &[index, list] : tenants) {
    llvm::sort(list, [](const Buffer *a, const Buffer *b) { return a->first < b->first; });
    for (auto [number, buffer] : llvm::enumerate(list)) {
      int64_t last = number + 1 < list.size() ? list[number + 1]->first - 1 : places[index].last;
      tensors.push_back({producers.lookup(buffer->first), buffer->type, buffer->first, last});
    }
  }
  return tensors;
}
