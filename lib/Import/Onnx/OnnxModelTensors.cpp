// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element types of ONNX, and the bytes of tensors wherever a model keeps them.
#include "OnnxModelTensors.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"

using namespace tally;
using namespace tally::onnx;
using llvm::Twine;

/// The format of a float type of less than 32 bits; null for any other.
static const llvm::fltSemantics *narrowFormat(ElementType type) {
  switch (type) {
  case ElementType::Float16:
    return &llvm::APFloat::IEEEhalf();
  case ElementType::BFloat16:
    return &llvm::APFloat::BFloat();
  case ElementType::Float8E4M3FN:
    return &llvm::APFloat::Float8E4M3FN();
  case ElementType::Float8E4M3FNUZ:
    return &llvm::APFloat::Float8E4M3FNUZ();
  case ElementType::Float8E5M2:
    return &llvm::APFloat::Float8E5M2();
  case ElementType::Float8E5M2FNUZ:
    return &llvm::APFloat::Float8E5M2FNUZ();
  case ElementType::Float8E8M0:
    return &llvm::APFloat::Float8E8M0FNU();
  case ElementType::Float4E2M1:
    return &llvm::APFloat::Float4E2M1FN();
  default:
    return nullptr;
  }
}

bool tally::onnx::isFloat(ElementType type) {
  return type == ElementType::Float || type == ElementType::Double || narrowFormat(type);
}

std::optional<std::pair<unsigned, bool>> tally::onnx::integerBits(ElementType type) {
  switch (type) {
  case ElementType::UInt2:
    return std::pair(2, false);
  case ElementType::Int2:
    return std::pair(2, true);
  case ElementType::UInt4:
    return std::pair(4, false);
  case ElementType::Int4:
    return std::pair(4, true);
  case ElementType::UInt8:
    return std::pair(8, false);
  case ElementType::Int8:
    return std::pair(8, true);
  case ElementType::UInt16:
    return std::pair(16, false);
  case ElementType::Int16:
    return std::pair(16, true);
  case ElementType::UInt32:
    return std::pair(32, false);
  case ElementType::Int32:
    return std::pair(32, true);
  case ElementType::UInt64:
    return std::pair(64, false);
  case ElementType::Int64:
    return std::pair(64, true);
  default:
    return std::nullopt;
  }
}

int64_t tally::onnx::elementBits(ElementType type) {
  if (auto integer = integerBits(type))
    return integer->first;
  if (const llvm::fltSemantics *format = narrowFormat(type))
    return llvm::APFloat::getSizeInBits(*format);
  return type == ElementType::Bool ? 8 : type == ElementType::Float ? 32 : type == ElementType::Double ? 64 : 0;
}

int64_t tally::onnx::elementBytes(ElementType type) { return elementBits(type) / 8; }

std::optional<int64_t> tally::onnx::checkedProduct(llvm::ArrayRef<int64_t> shape) {
  int64_t product = 1;
  bool overflow = false, empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    empty |= size == 0;
    overflow |= __builtin_mul_overflow(product, size ? size : 1, &product);
  }
  if (overflow)
    return std::nullopt;
  return empty ? 0 : product;
}

/// The elements of a repeated field as bytes of `Element`.
template <typename Element, typename Field> llvm::ArrayRef<char> TensorReader::packed(const Field &field) {
  auto blob = std::make_shared<std::vector<char>>(field.size() * sizeof(Element));
  for (int index = 0; index < field.size(); ++index) {
    auto element = static_cast<Element>(field.Get(index));
    std::memcpy(blob->data() + index * sizeof(Element), &element, sizeof(Element));
  }
  model.blobs.push_back(blob);
  return *blob;
}

llvm::ArrayRef<char> TensorReader::typedBytes(const ::onnx::TensorProto &tensor, ElementType type) {
  switch (type) {
  case ElementType::Float:
    return packed<float>(tensor.float_data());
  case ElementType::Double:
    return packed<double>(tensor.double_data());
  case ElementType::Int64:
    return packed<int64_t>(tensor.int64_data());
  case ElementType::UInt64:
    return packed<uint64_t>(tensor.uint64_data());
  case ElementType::UInt32:
    return packed<uint32_t>(tensor.uint64_data());
  case ElementType::Int32:
    return packed<int32_t>(tensor.int32_data());
  default:
    return elementBits(type) == 16 ? packed<int16_t>(tensor.int32_data()) : packed<int8_t>(tensor.int32_data());
  }
}

/// Floats of less than 32 bits as Float, integers of less than 8 bits as 8.
void TensorReader::widen(Tensor &tensor) {
  tensor.declared = tensor.type;
  const llvm::fltSemantics *format = narrowFormat(tensor.type);
  int64_t bits = elementBits(tensor.type), elements = *checkedProduct(tensor.shape);
  if (!format && bits >= 8)
    return;
  auto blob = std::make_shared<std::vector<char>>(format ? elements * 4 : elements);
  for (int64_t index = 0; index < elements; ++index) {
    uint16_t word = 0;
    std::memcpy(&word, tensor.bytes.data() + index * bits / 8, std::max<int64_t>(bits / 8, 1));
    llvm::APInt element = llvm::APInt(16, word >> (index * bits % 8)).trunc(bits);
    if (format) {
      llvm::APFloat value(*format, element);
      bool exact;
      value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven, &exact);
      float single = value.convertToFloat();
      std::memcpy(blob->data() + index * 4, &single, 4);
    } else {
      (*blob)[index] = static_cast<char>(integerBits(tensor.type)->second ? element.getSExtValue() : element.getZExtValue());
    }
  }
  tensor.type = format ? ElementType::Float : integerBits(tensor.type)->second ? ElementType::Int8 : ElementType::UInt8;
  model.blobs.push_back(blob);
  tensor.bytes = *blob;
}

std::optional<llvm::ArrayRef<char>> TensorReader::readExternal(const ::onnx::TensorProto &tensor, llvm::StringRef name,
                                                         int64_t bytes) {
  llvm::StringRef location;
  uint64_t offset = 0, length = bytes;
  for (const ::onnx::StringStringEntryProto &entry : tensor.external_data()) {
    if (entry.key() == "location")
      location = entry.value();
    uint64_t *number = entry.key() == "offset" ? &offset : entry.key() == "length" ? &length : nullptr;
    if (number && !llvm::to_integer(entry.value(), *number, 10)) {
      wrong(name, "expects a number as " + entry.key() + " of external data, got '" + entry.value() + "'");
      return std::nullopt;
    }
  }
  std::string why;
  std::shared_ptr<LoadedFile> file = external.open(location, why);
  if (!file) {
    wrong(name, "external data file '" + location + "' " + why);
    return std::nullopt;
  }
  if (usedFiles.insert(location).second) {
    digest.update(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(file->bytes().data()), file->bytes().size()));
    model.blobs.push_back(file);
  }
  uint64_t size = file->bytes().size();
  if (length != static_cast<uint64_t>(bytes) || offset > size || size - offset < length) {
    wrong(name, "expects " + Twine(bytes) + " bytes of external data, got " + Twine(length) + " at offset " + Twine(offset) +
                    " of a file of " + Twine(size));
    return std::nullopt;
  }
  return file->bytes().slice(offset, length);
}

std::optional<Tensor> TensorReader::read(const ::onnx::TensorProto &proto, llvm::StringRef name) {
  Tensor tensor;
  tensor.name = name.str();
  tensor.type = static_cast<ElementType>(proto.data_type());
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  int64_t bits = elementBits(tensor.type);
  if (!bits) {
    std::string type = ::onnx::TensorProto::DataType_IsValid(proto.data_type())
                           ? ::onnx::TensorProto::DataType_Name(static_cast<::onnx::TensorProto::DataType>(proto.data_type()))
                           : std::to_string(proto.data_type());
    unsupported(name, "element type " + type + " is not supported");
    return std::nullopt;
  }
  std::optional<int64_t> elements = checkedProduct(tensor.shape);
  int64_t bytes = 0;
  if (!elements || __builtin_mul_overflow(*elements, std::max<int64_t>(bits / 8, 1), &bytes)) {
    wrong(name, "the number of elements of the tensor does not fit into 64 bits");
    return std::nullopt;
  }
  if (bits < 8)
    bytes = (*elements * bits + 7) / 8;
  if (proto.has_segment()) {
    unsupported(name, "segmented tensors are not supported");
    return std::nullopt;
  }
  if (proto.data_location() == ::onnx::TensorProto::EXTERNAL) {
    std::optional<llvm::ArrayRef<char>> data = readExternal(proto, name, bytes);
    if (!data)
      return std::nullopt;
    tensor.bytes = *data;
    widen(tensor);
    return tensor;
  }
  tensor.bytes = proto.has_raw_data() ? llvm::ArrayRef<char>(proto.raw_data().data(), proto.raw_data().size())
                                      : typedBytes(proto, tensor.type);
  if (static_cast<int64_t>(tensor.bytes.size()) != bytes) {
    wrong(name, "expects " + Twine(bytes) + " bytes of data, got " + Twine(tensor.bytes.size()));
    return std::nullopt;
  }
  widen(tensor);
  return tensor;
}
