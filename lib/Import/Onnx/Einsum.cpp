// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Einsum as transposes, sums and matrix products of two operands at a time.
#include "Composition.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using Labels = SmallVector<int64_t>; // of the dimensions of a tensor: a letter, or -1 for the last dimension of an ellipsis, -2, ...
using Size = std::pair<int64_t, int64_t>; // at either batch size

namespace {
/// A tensor whose dimensions have labels, each once.
struct Term {
  Value value;
  Labels labels;
};
} // namespace

static Size sizeOf(Composition &c, const Term &term, int64_t label) {
  Shape shape = c.shapeOf(term.value);
  size_t axis = llvm::find(term.labels, label) - term.labels.begin();
  return {shape.here[axis], shape.there[axis]};
}

/// The labels of one operand, of `rank` dimensions, or of the result, whose ellipsis stands for `rank` dimensions less the letters.
static FailureOr<Labels> readLabels(NodeReader &node, StringRef text, int64_t rank) {
  int64_t letters = llvm::count_if(text, llvm::isAlpha);
  bool hasEllipsis = text.contains("...");
  if (letters + (hasEllipsis ? 3 : 0) != static_cast<int64_t>(text.size()))
    return FailureOr<Labels>(node.wrong("expects letters, commas, '->' and '...' in the equation, got '" + text + "'"));
  if (hasEllipsis ? letters > rank : letters != rank)
    return FailureOr<Labels>(node.wrong("expects " + Twine(rank) + " dimensions in '" + text + "' of the equation"));
  Labels labels;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '.') {
      labels.push_back(text[at]);
      continue;
    }
    for (int64_t back = rank - letters; back > 0; --back)
      labels.push_back(-back);
    at += 2;
  }
  return labels;
}

/// Dimensions with one label as one: the diagonal.
static bool takeDiagonals(Composition &c, Term &term) {
  for (size_t first = 0; first < term.labels.size(); ++first)
    for (size_t second = term.labels.size() - 1; second > first; --second) {
      if (term.labels[first] != term.labels[second])
        continue;
      Shape shape = c.shapeOf(term.value);
      int64_t size = shape.here[first], rank = shape.rank();
      if (shape.isBatch(first) || shape.isBatch(second))
        return succeeded(c.node.unsupported("a diagonal along the batch is not supported"));
      if (shape.here[second] != size)
        return succeeded(c.node.wrong("expects one size for label '" + Twine(static_cast<char>(term.labels[first])) + "', got " + Twine(size) +
                                      " and " + Twine(shape.here[second])));
      Value last = c.moveToEnd(c.moveToEnd(term.value, second), first);
      Value flat = c.reshape(last, c.shapeOf(last).merged(rank - 2, rank));
      term.value = c.moveFromEnd(c.slice(flat, rank - 2, 0, size, size + 1), first);
      term.labels.erase(term.labels.begin() + second);
      if (!term.value)
        return false;
    }
  return true;
}

/// Sums over the labels that are not in `kept`.
static void sumOthers(Composition &c, Term &term, ArrayRef<int64_t> kept) {
  Labels axes, labels;
  for (auto [axis, label] : llvm::enumerate(term.labels)) {
    if (llvm::is_contained(kept, label))
      labels.push_back(label);
    else
      axes.push_back(axis);
  }
  term.value = c.sum(term.value, axes, /*keep=*/false);
  term.labels = labels;
}

/// The dimensions in another order.
static Value ordered(Composition &c, const Term &term, ArrayRef<int64_t> labels) {
  SmallVector<int64_t> permutation;
  for (int64_t label : labels)
    permutation.push_back(llvm::find(term.labels, label) - term.labels.begin());
  return c.transpose(term.value, permutation);
}

/// Dimensions of size 1 where another operand has more have no label: they broadcast. False where sizes do not fit.
static bool dropUnits(Composition &c, MutableArrayRef<Term> terms) {
  llvm::DenseMap<int64_t, Size> sizes;
  for (const Term &term : terms)
    for (int64_t label : term.labels) {
      Size own = sizeOf(c, term, label);
      Size &size = sizes.try_emplace(label, own).first->second;
      if (size == Size(1, 1))
        size = own;
      if (own != size && own != Size(1, 1))
        return succeeded(c.node.wrong("expects one size for each label, got " + Twine(size.first) + " and " + Twine(own.first)));
    }
  for (Term &term : terms) {
    Shape shape = c.shapeOf(term.value);
    for (int64_t axis = shape.rank() - 1; axis >= 0; --axis) {
      if (Size(shape.here[axis], shape.there[axis]) == sizes[term.labels[axis]])
        continue;
      shape.erase(axis);
      term.labels.erase(term.labels.begin() + axis);
    }
    term.value = c.reshape(term.value, shape);
  }
  return llvm::all_of(terms, [](const Term &term) { return static_cast<bool>(term.value); });
}

/// The product of two terms, summed over the labels that are not in `kept`: one of matrices where each has a dimension of its own.
static Term multiply(Composition &c, Term a, Term b, ArrayRef<int64_t> kept) {
  Labels both, contracted, ofA, ofB;
  for (int64_t label : a.labels)
    (!llvm::is_contained(b.labels, label) ? ofA : llvm::is_contained(kept, label) ? both : contracted).push_back(label);
  for (int64_t label : b.labels)
    if (!llvm::is_contained(a.labels, label))
      ofB.push_back(label);
  Shape shapeA, shapeB, result;
  auto append = [&](Shape &shape, const Term &term, ArrayRef<int64_t> labels) {
    for (int64_t label : labels) {
      Size size = sizeOf(c, term, label);
      shape.here.push_back(size.first);
      shape.there.push_back(size.second);
    }
  };
  append(result, a, both);
  append(result, a, ofA);
  append(result, b, ofB);
  Labels labels = both;
  labels.append(ofA);
  labels.append(ofB);
  Labels orderA = both, orderB = both;
  orderA.append(ofA);
  orderA.append(contracted);
  if (!isa<FloatType>(c.elementOf(a.value)) || contracted.empty() || (ofA.empty() && ofB.empty())) {
    // By element: A has units for the dimensions of B, and the other way round.
    Labels all = labels;
    all.append(contracted);
    auto spread = [&](const Term &term) {
      Labels own;
      Shape shape;
      for (int64_t label : all) {
        bool has = llvm::is_contained(term.labels, label);
        Size size = has ? sizeOf(c, term, label) : Size(1, 1);
        shape.here.push_back(size.first);
        shape.there.push_back(size.second);
        if (has)
          own.push_back(label);
      }
      return c.reshape(ordered(c, term, own), shape);
    };
    Value left = spread(a), right = spread(b);
    Term product = {c.mul(left, right), all};
    sumOthers(c, product, labels);
    return product;
  }
  append(shapeA, a, orderA);
  orderB.append(contracted);
  orderB.append(ofB);
  append(shapeB, b, orderB);
  int64_t stacks = both.size(), columns = stacks + static_cast<int64_t>(contracted.size());
  shapeA = shapeA.merged(stacks + ofA.size(), shapeA.rank()).merged(stacks, stacks + ofA.size());
  shapeB = shapeB.merged(columns, shapeB.rank()).merged(stacks, columns);
  Value left = c.reshape(ordered(c, a, orderA), shapeA), right = c.reshape(ordered(c, b, orderB), shapeB);
  return {c.reshape(c.op("matmul", {left, right}), result), labels};
}

/// All labels that are needed after the terms `first` and `second` are one.
static Labels neededAfter(ArrayRef<Term> terms, size_t first, size_t second, ArrayRef<int64_t> output) {
  Labels needed(output);
  for (auto [index, term] : llvm::enumerate(terms))
    if (index != first && index != second)
      needed.append(term.labels);
  return needed;
}

/// Multiplies the two terms with the fewest products, until there is one.
static Term contract(Composition &c, SmallVector<Term> terms, ArrayRef<int64_t> output) {
  for (size_t index = 0; index < terms.size(); ++index)
    sumOthers(c, terms[index], neededAfter(terms, index, index, output));
  while (terms.size() > 1) {
    std::pair<size_t, size_t> best;
    double fewest = std::numeric_limits<double>::infinity();
    for (size_t second = 1; second < terms.size(); ++second)
      for (size_t first = 0; first < second; ++first) {
        double products = 1;
        for (int64_t label : terms[first].labels)
          products *= static_cast<double>(sizeOf(c, terms[first], label).first);
        for (int64_t label : terms[second].labels)
          if (!llvm::is_contained(terms[first].labels, label))
            products *= static_cast<double>(sizeOf(c, terms[second], label).first);
        if (products < fewest) {
          fewest = products;
          best = {first, second};
        }
      }
    terms[best.first] = multiply(c, terms[best.first], terms[best.second], neededAfter(terms, best.first, best.second, output));
    if (!terms[best.first].value)
      return {};
    terms.erase(terms.begin() + best.second);
  }
  return terms.front();
}

/// The labels of the result: as the equation has them, or else those of the ellipsis and the letters that stand there once, in order.
static FailureOr<Labels> readOutput(NodeReader &node, std::optional<StringRef> text, ArrayRef<Labels> inputs) {
  int64_t dimensions = 0;
  Labels letters, output;
  for (ArrayRef<int64_t> labels : inputs)
    for (int64_t label : labels) {
      dimensions = std::max(dimensions, -label);
      if (label > 0)
        letters.push_back(label);
    }
  if (text) {
    FailureOr<Labels> read = readLabels(node, *text, dimensions * text->contains("...") + llvm::count_if(*text, llvm::isAlpha));
    if (failed(read))
      return failure();
    for (int64_t label : *read)
      if (llvm::count(*read, label) != 1 || (label > 0 && !llvm::is_contained(letters, label)))
        return FailureOr<Labels>(node.wrong("expects each letter of the result once, and in an operand"));
    return *read;
  }
  for (int64_t back = dimensions; back > 0; --back)
    output.push_back(-back);
  llvm::sort(letters);
  for (int64_t letter : letters)
    if (llvm::count(letters, letter) == 1)
      output.push_back(letter);
  return output;
}

static LogicalResult importEinsum(NodeReader &node) {
  Composition c(node);
  std::string equation = node.string("equation", "").str();
  llvm::erase_if(equation, llvm::isSpace);
  auto [left, right] = StringRef(equation).split("->");
  bool isExplicit = StringRef(equation).contains("->");
  SmallVector<StringRef> texts;
  left.split(texts, ',');
  if (texts.size() != node.numInputs())
    return node.wrong("expects " + Twine(node.numInputs()) + " operands in the equation, got " + Twine(texts.size()));
  SmallVector<Term> terms;
  SmallVector<Labels> inputs;
  for (auto [index, text] : llvm::enumerate(texts)) {
    // Of two operands a tensor of the file is a weight, as in MatMul.
    bool isProduct = texts.size() == 2;
    FailureOr<Value> value = isProduct ? node.weight(index, "linear.weight", index == 0 ? "a" : "weight") : node.value(index);
    FailureOr<Labels> labels = succeeded(value) ? readLabels(node, text, c.rankOf(*value)) : FailureOr<Labels>(failure());
    if (failed(labels))
      return failure();
    terms.push_back({*value, *labels});
    inputs.push_back(*labels);
  }
  FailureOr<Labels> output = readOutput(node, isExplicit ? std::optional(right) : std::nullopt, inputs);
  if (failed(output))
    return failure();
  for (Term &term : terms)
    if (!takeDiagonals(c, term))
      return failure();
  if (!dropUnits(c, terms))
    return failure();
  Term result = contract(c, terms, *output);
  if (!result.value)
    return failure();
  return c.result(ordered(c, result, *output));
}

ArrayRef<OpRow> tally::onnx::getEinsumRows() {
  static const OpRow rows[] = {{"Einsum", {12}, importEinsum}};
  return rows;
}
