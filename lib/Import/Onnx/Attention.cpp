// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Imports Attention: y = softmax(scale * q k^T + mask) v of each head, and FlexAttention, which changes scores and weights by graphs.
#include "Composition.h"
#include <cmath>

using namespace mlir;
using namespace tally;
using namespace tally::onnx;
using nn::BitwiseKind;
using nn::Relation;

static constexpr double infinity = std::numeric_limits<double>::infinity();

namespace {
/// What keeps queries from keys. Parts are null where there is nothing of the kind; all broadcast to [N, heads, queries, keys].
struct Mask {
  Value allowed; ///< truth values: false forbids
  Value bias;    ///< added to the scores: -inf forbids
  Value dead;    ///< [..., queries, 1]: rows in which all is forbidden; null where there are none for sure
};

/// Where keys and queries stand: key j and query i are j - i - offset apart.
struct Frontier {
  int64_t queries, keys, offset; ///< offset: the keys before the first query
  Value lengths;                 ///< [N, 1, 1, 1]: the keys of each sample that count, the last of them that of the last query; or null
  int64_t left, right;           ///< how far a query sees either way; -1: without bound
};
} // namespace

static Value both(Composition &c, Value a, Value b) { return !a ? b : !b ? a : c.bitwise(BitwiseKind::And, a, b); }

/// A known pattern of truth values, or null where it is true everywhere.
static Value pattern(Composition &c, int64_t rows, int64_t columns, llvm::function_ref<bool(int64_t, int64_t)> holds, bool &hasEmptyRow) {
  HostTensor mask = HostTensor::scalar(0, ElementType::Bool);
  mask.shape = {rows, columns};
  mask.integers.clear();
  bool isFull = true;
  for (int64_t row = 0; row < rows; ++row) {
    bool isEmpty = true;
    for (int64_t column = 0; column < columns; ++column) {
      bool element = holds(row, column);
      mask.integers.push_back(element);
      isFull &= element;
      isEmpty &= !element;
    }
    hasEmptyRow |= isEmpty;
  }
  return isFull ? Value() : c.node.emitConstant(mask);
}

/// What follows from the places of keys and queries alone.
static Value frontierMask(Composition &c, const Frontier &frontier, bool &mayBeDead) {
  int64_t queries = frontier.queries, keys = frontier.keys, left = frontier.left, right = frontier.right;
  if (!frontier.lengths) {
    auto sees = [&](int64_t query, int64_t key) {
      int64_t distance = key - query - frontier.offset;
      return (left < 0 || distance >= -left) && (right < 0 || distance <= right);
    };
    return pattern(c, queries, keys, sees, mayBeDead);
  }
  mayBeDead = true;
  SmallVector<int64_t> distances;
  for (int64_t query = 0; query < queries; ++query)
    for (int64_t key = 0; key < keys; ++key)
      distances.push_back(key - query);
  Value places = c.integers(llvm::to_vector(llvm::seq<int64_t>(0, keys)), keys);
  Value allowed = c.compare(Relation::Less, places, frontier.lengths);
  if (left < 0 && right < 0)
    return allowed;
  Value distance = c.integers(distances, {queries, keys}), offset = c.add(frontier.lengths, static_cast<double>(-queries));
  if (right >= 0)
    allowed = both(c, allowed, c.compare(Relation::LessEqual, distance, right ? c.add(offset, static_cast<double>(right)) : offset));
  if (left >= 0)
    allowed = both(c, allowed, c.compare(Relation::GreaterEqual, distance, c.add(offset, static_cast<double>(-left))));
  return allowed;
}

/// The mask of input 3; its last dimension may be too short: what lacks is forbidden. False after an error.
static bool readMask(Composition &c, int64_t keys, Value like, Mask &mask) {
  NodeReader &node = c.node;
  // A mask of the file that forbids something is no weight.
  auto known = node.constants(3);
  bool isMask = known && known->first == known->second && llvm::is_contained(known->first.reals, -infinity);
  Value given = isMask ? node.emitConstant(known->first) : c.input(3);
  if (!given)
    return false;
  bool isTruth = c.elementOf(given).isInteger(1);
  Shape shape = c.shapeOf(given);
  int64_t last = shape.rank() - 1;
  if (shape.rank() < 1 || shape.rank() > 4 || shape.here[last] > keys) {
    (void)node.wrong("expects a mask of 1 to 4 dimensions, the last of at most " + Twine(keys) + " elements");
    return false;
  }
  if (!isTruth && c.elementOf(given) != c.elementOf(like)) {
    (void)node.wrong("expects a mask of truth values or of the type of the queries");
    return false;
  }
  if (shape.here[last] < keys) {
    shape.set(last, keys - shape.here[last]);
    Value rest = c.broadcast(c.number(isTruth ? 0 : -infinity, given), shape);
    given = rest ? c.concat({given, rest}, last) : Value();
  }
  (isTruth ? mask.allowed : mask.bias) = given;
  return static_cast<bool>(given);
}

/// Finds rows in which all is forbidden, and allows all in them: their softmax is a number, and the result is cut there.
static bool findDeadRows(Composition &c, Mask &mask, Value like) {
  Value open = mask.allowed;
  if (mask.bias)
    open = both(c, open, c.compare(Relation::Greater, mask.bias, c.number(-infinity, mask.bias)));
  Shape shape = c.shapeOf(open);
  if (!open)
    return false;
  int64_t last = shape.rank() - 1;
  Value some = c.reduce("reduce_max", c.convert(open, c.elementOf(like)), last, true);
  mask.dead = c.compare(Relation::Equal, some, c.number(0, some));
  if (mask.dead && c.rankOf(mask.dead) == 1)
    mask.dead = c.reshape(mask.dead, {{1, 1}, {1, 1}});
  if (mask.allowed)
    mask.allowed = c.bitwise(BitwiseKind::Or, mask.allowed, mask.dead);
  if (mask.bias)
    mask.bias = c.select(mask.dead, c.number(0, mask.bias), mask.bias);
  return mask.dead && (mask.allowed || mask.bias);
}

/// Scores with the bias, and -inf where a key is forbidden.
static Value masked(Composition &c, Value scores, const Mask &mask) {
  if (mask.bias)
    scores = c.add(scores, mask.bias);
  return mask.allowed ? c.select(mask.allowed, scores, c.number(-infinity, scores)) : scores;
}

/// [N, length, heads * size] as [N, heads, length, size]; a tensor of 4 dimensions is left as it is. Null after an error.
static Value splitHeads(Composition &c, Value x, int64_t heads) {
  Shape shape = c.shapeOf(x);
  if (shape.rank() == 4)
    return x;
  if (shape.rank() != 3 || heads < 1 || shape.here[2] % heads != 0) {
    (void)c.node.wrong("expects inputs of 4 dimensions, or of 3 whose last one q_num_heads and kv_num_heads divide");
    return {};
  }
  int64_t size = shape.here[2] / heads;
  shape.set(2, size);
  shape.insert(2, heads);
  return c.transpose(c.reshape(x, shape), {0, 2, 1, 3});
}

/// The heads that share keys as rows of one matrix: [N, groups * r, length, size] as [N, groups, r * length, size].
static Value groupHeads(Composition &c, Value x, int64_t groups) {
  Shape shape = c.shapeOf(x);
  int64_t rows = shape.here[1] / groups * shape.here[2];
  shape.set(1, groups);
  shape.set(2, rows);
  return c.reshape(x, shape);
}

/// past and present, one after the other; x where there is no past.
static Value withPast(Composition &c, Value x, size_t input) {
  if (!x || !c.node.has(input))
    return x;
  Value past = c.input(input);
  return past ? c.concat({past, x}, 2) : Value();
}

/// x as the graph in an attribute changes it, where there is one (FlexAttention).
static Value modified(Composition &c, Value x, StringRef attribute) {
  NodeReader &node = c.node;
  if (!x || !node.hasAttribute(attribute))
    return x;
  FailureOr<std::vector<Binding>> outputs = node.importBody(attribute, {node.bind(x, constantType(c.elementOf(x)))});
  if (failed(outputs))
    return {};
  if (outputs->size() != 1 || outputs->front().kind != Binding::Kind::Value || outputs->front().value.getType() != x.getType()) {
    (void)node.wrong("expects one result of " + attribute + ", of the type of its input and computed from it");
    return {};
  }
  return outputs->front().value;
}

static LogicalResult importAttention(NodeReader &node) {
  Composition c(node);
  Value q = c.input(0), k = c.input(1), v = c.input(2);
  if (!q || !k || !v)
    return failure();
  bool isFlat = c.rankOf(q) == 3;
  if (c.rankOf(k) != c.rankOf(q) || c.rankOf(v) != c.rankOf(q))
    return node.wrong("expects queries, keys and values of one rank");
  int64_t queryHeads = node.integer("q_num_heads", 0), keyHeads = node.integer("kv_num_heads", 0);
  q = splitHeads(c, q, queryHeads);
  k = q ? splitHeads(c, k, keyHeads) : Value();
  v = k ? splitHeads(c, v, keyHeads) : Value();
  bool hasPast = node.has(4);
  if (hasPast != node.has(5))
    return node.wrong("expects past_key and past_value together");
  int64_t present = k ? c.shapeOf(k).here[2] : 0;
  k = withPast(c, k, 4);
  v = withPast(c, v, 5);
  if (!q || !k || !v)
    return failure();
  Shape shape = c.shapeOf(q), keyShape = c.shapeOf(k);
  int64_t heads = shape.here[1], groups = keyShape.here[1], queries = shape.here[2], keys = keyShape.here[2];
  if (groups < 1 || heads % groups != 0 || c.shapeOf(v).here[1] != groups || c.shapeOf(v).here[2] != keys)
    return node.wrong("expects as many values as keys, and a multiple of their " + Twine(groups) + " heads in the queries, got " + Twine(heads));
  if (shape.isBatch(2) || keyShape.isBatch(2))
    return node.unsupported("attention along the batch is not supported");

  // Masks: that of the input, what follows from the places, and the lengths of samples.
  Mask mask;
  Frontier frontier = {queries, keys, keys - present, {}, node.integer("left_window_size", -1), node.integer("right_window_size", -1)};
  if (node.integer("is_causal", 0) != 0)
    frontier.right = 0;
  if (node.has(6)) {
    if (hasPast)
      return node.wrong("expects either nonpad_kv_seqlen or a past");
    Value lengths = c.input(6);
    Shape column = c.shapeOf(lengths).merged(0, c.shapeOf(lengths).rank());
    for (int64_t axis : {1, 2, 3})
      column.insert(axis, 1);
    frontier.lengths = c.reshape(lengths, column);
    if (!frontier.lengths)
      return failure();
  }
  bool mayBeDead = node.has(3);
  if (node.has(3) && !readMask(c, keys, q, mask))
    return failure();
  mask.allowed = both(c, mask.allowed, frontierMask(c, frontier, mayBeDead));
  Mask plain = mask;
  if (mayBeDead && !findDeadRows(c, mask, q))
    return failure();

  // Scores [N, heads, queries, keys], of which some may be asked for.
  double scale = node.real("scale", 1 / std::sqrt(static_cast<double>(shape.here[3]))), softcap = node.real("softcap", 0);
  Value grouped = groupHeads(c, c.mul(q, scale), groups);
  Value scores = c.op("matmul", {grouped, k}, {node.attr("transpose_y", node.getBuilder().getUnitAttr())});
  Shape scoreShape = shape, rowShape = shape;
  scoreShape.set(3, keys);
  rowShape.set(3, c.shapeOf(v).here[3]);
  scores = c.reshape(scores, scoreShape);
  if (!scores)
    return failure();
  bool wantsScores = node.getNode().outputs.size() > 3 && !node.getNode().outputs[3].empty();
  int64_t mode = node.integer("qk_matmul_output_mode", 0);
  Value wanted = scores;
  if (softcap > 0)
    scores = c.mul(c.op("tanh", c.mul(scores, 1 / softcap)), softcap);
  if (mode == 1)
    wanted = scores;
  else if (mode == 2 && wantsScores)
    wanted = masked(c, scores, plain);
  scores = masked(c, scores, mask);

  bool inDouble = node.integer("softmax_precision", 0) == static_cast<int64_t>(ElementType::Double);
  Value wide = modified(c, inDouble ? c.convert(scores, ElementType::Double) : scores, "score_mod");
  Value weights = modified(c, c.op("softmax", wide, {node.integerAttr("axis", 3)}), "prob_mod");
  weights = c.convert(weights, c.elementOf(q));
  if (!weights)
    return failure();
  Value y = c.reshape(c.op("matmul", {groupHeads(c, weights, groups), v}), rowShape);
  if (mode == 3 && wantsScores)
    wanted = mask.dead ? c.select(mask.dead, c.number(0, weights), weights) : weights;
  if (mask.dead)
    y = c.select(mask.dead, c.number(0, y), y);
  if (isFlat) {
    Value rows = c.transpose(y, {0, 2, 1, 3});
    y = rows ? c.reshape(rows, c.shapeOf(rows).merged(2, 4)) : rows;
  }
  if (failed(c.result(y, 0, node.elementType(0))) || failed(c.result(k, 1, node.elementType(1))) || failed(c.result(v, 2, node.elementType(2))))
    return failure();
  return c.result(wanted, 3, node.elementType(0));
}

ArrayRef<OpRow> tally::onnx::getAttentionRows() {
  static const OpRow rows[] = {
      {"Attention", {23}, importAttention, "", 3, 4},
      {"ai.onnx.preview.FlexAttention", {1}, importAttention, "", 3},
  };
  return rows;
}
