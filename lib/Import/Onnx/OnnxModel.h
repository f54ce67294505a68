// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An ONNX file as plain data; its source file is the only one that sees protobuf.
#ifndef TALLY_IMPORT_ONNX_ONNXMODEL_H
#define TALLY_IMPORT_ONNX_ONNXMODEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tally::onnx {

/// The element types that the importer knows, with the numbers of TensorProto.DataType.
enum class ElementType : int32_t {
  Undefined = 0,
  Float = 1,
  UInt8 = 2,
  Int8 = 3,
  UInt16 = 4,
  Int16 = 5,
  Int32 = 6,
  Int64 = 7,
  String = 8,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  UInt32 = 12,
  UInt64 = 13,
  BFloat16 = 16,
  Float8E4M3FN = 17,
  Float8E4M3FNUZ = 18,
  Float8E5M2 = 19,
  Float8E5M2FNUZ = 20,
  UInt4 = 21,
  Int4 = 22,
  Float4E2M1 = 23,
  Float8E8M0 = 24,
  UInt2 = 25,
  Int2 = 26
};

/// True for numbers with a fraction.
bool isFloat(ElementType type);

/// The bits of an integer type and whether it has a sign; nullopt for any other type, Bool included.
std::optional<std::pair<unsigned, bool>> integerBits(ElementType type);

/// Bits of one element in the file; 0 for a type that the importer does not know. Below 8 several elements share a byte, the first one in
/// its lowest bits.
int64_t elementBits(ElementType type);
/// Bytes of one element; 0 for a type that the importer does not know, and for one of less than a byte.
int64_t elementBytes(ElementType type);

/// The product of the sizes; nullopt where it is negative or does not fit.
std::optional<int64_t> checkedProduct(llvm::ArrayRef<int64_t> shape);

/// A tensor of the file. `bytes` are little-endian, row-major, exactly as many as shape and type say; floats of less than 32 bits were
/// widened to Float when the file was read, integers of less than 8 bits to 8.
struct Tensor {
  std::string name;
  ElementType type = ElementType::Undefined;
  ElementType declared = ElementType::Undefined; ///< the type in the file
  llvm::SmallVector<int64_t> shape;
  llvm::ArrayRef<char> bytes;
  int64_t copies = 1;       ///< how often the file holds it, one after another along dimension 0
  bool isOfNode = false;    ///< what a Constant node gives; its name is that of the output
  bool isTrainable = false; ///< an initializer that, where it is a float of one element in no slot of weights, is a weight all the same
};

struct Graph;

struct NodeAttribute {
  enum class Kind { Int, Float, String, Ints, Floats, Strings, Tensor, Graph, Other };
  std::string name;
  Kind kind = Kind::Other;
  std::string reference;     ///< in the body of a function: the attribute of its call whose value this is
  std::vector<int64_t> ints; ///< one for Int
  std::vector<float> floats; ///< one for Float
  std::vector<std::string> strings;
  std::optional<Tensor> tensor;
  std::shared_ptr<Graph> graph;
};

struct Node {
  std::string name;  ///< unique in its graph: made from the op type where the file has none, numbered where it is taken
  std::string layer; ///< what reports show: the name, or the module that nameLayers has found
  std::string opType;
  std::string domain;   ///< "" is ai.onnx
  std::string overload; ///< of the function that it calls
  /// True of the ops that compute another thing in training.
  bool hasTrainingForm() const { return domain.empty() && (opType == "BatchNormalization" || opType == "Dropout"); }
  std::string qualifiedType() const { return domain.empty() ? opType : domain + "." + opType; }
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<NodeAttribute> attributes;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// An input or output: its element type, and its sizes (-1 where symbolic); no shape is nullopt.
struct ValueInfo {
  std::string name;
  bool isTensor = true; ///< false for a sequence and the like
  ElementType type = ElementType::Undefined;
  std::optional<llvm::SmallVector<int64_t>> shape;
};

/// What is wrong with the file, and whether it is wrong or only beyond what is supported.
struct Problem {
  bool unsupported;
  std::string where; ///< the node or tensor; empty for the file
  std::string what;
  std::string op = {}; ///< of a node: "Conv, opset 20"
};
using Report = llvm::function_ref<void(Problem)>;

/// The graph of a model, a body in an attribute of a node, which sees the names around it, or the body of a function.
struct Graph {
  std::vector<ValueInfo> inputs; ///< of a model: without those that are initializers, too
  std::vector<ValueInfo> outputs;
  std::vector<Tensor> initializers;
  std::vector<Node> nodes;
};

/// Calls `visit` for the nodes of a graph and of the bodies in their attributes.
void forEachNode(const Graph &graph, llvm::function_ref<void(const Node &)> visit);

/// The versions of the sets of ops by their domains ("" is ai.onnx).
using OpsetImports = std::vector<std::pair<std::string, int64_t>>;

/// A function of the model: nodes of its domain and name call it.
struct Function {
  std::string domain, name, overload;
  OpsetImports opsets;
  std::vector<std::string> required;    ///< attributes without a default value
  std::vector<NodeAttribute> defaults;  ///< attributes with one
  Graph body;                           ///< its inputs and outputs are names alone
};

struct Model {
  int64_t irVersion = 0;
  std::string producer; ///< the tool that wrote the file
  OpsetImports opsets;
  Graph graph;
  std::vector<Function> functions;
  std::string trainingInfo; ///< what the file says of training; empty where that is nothing
  std::string sha256; ///< hexadecimal: the file, then its external files in order of first use
  /// The file's message; it owns the bytes of inline tensors, `blobs` those of the others.
  std::shared_ptr<void> message;
  std::vector<std::shared_ptr<void>> blobs;
  /// Parts of initializers that import has made weights of.
  mutable std::vector<std::unique_ptr<Tensor>> derived;
};

/// Reads a model with its external data. Reports every problem that it finds; nullptr if there was any. With `training` the graph goes on
/// with the step of training that the file holds (TrainingInfoProto.algorithm), as ONNX says to execute it.
std::unique_ptr<Model> readModel(llvm::StringRef path, Report report, bool training = false);

/// One step of training behind the graph of a model, as ONNX's TrainingInfoProto has it.
struct TrainingStep {
  Graph algorithm, initialization;
  using Bindings = std::vector<std::pair<std::string, std::string>>; ///< an initializer, and the output that becomes its value
  Bindings updates, initialValues;
  std::string description;
};

/// What a rewritten model shall differ in; it is always self-contained.
struct Rewrite {
  /// An input of a node that gets another name, or is added.
  struct Input {
    const Node *node;
    size_t position;
    std::string name;
  };
  std::vector<Input> inputs;
  /// An input of a node that becomes a float of its own.
  struct Number {
    const Node *node;
    size_t position;
    double value;
    ElementType type;
  };
  std::vector<Number> numbers;
  /// Initializers by name: they replace those of the file, or are added.
  std::vector<std::pair<std::string, const Tensor *>> tensors;
  std::vector<const Node *> inferenceForm; ///< nodes that lose training_mode and all outputs but the first
  /// A node whose outputs get other names or are added, with other or more attributes of one number.
  struct Form {
    const Node *node;
    std::vector<std::string> outputs;
    std::vector<NodeAttribute> attributes;
  };
  std::vector<Form> forms;
  const TrainingStep *step = nullptr;      ///< instead of what the file says of training
  bool asDouble = false;                   ///< float tensors, the inputs and the outputs become double
};

/// The serialized model after the rewriting, and where the raw data of each of `Rewrite::tensors` lie in it, copy by copy.
struct Rewritten {
  struct Place {
    std::string name;
    uint64_t offset;
    uint64_t bytes;
  };
  std::string bytes;
  std::vector<Place> places;
};
std::optional<Rewritten> rewriteModel(const Model &model, const Rewrite &rewrite);

} // namespace tally::onnx

#endif
