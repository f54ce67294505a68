// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values that are known at import time.
#include "HostTensor.h"
#include <cstring>

using namespace tally::onnx;

template <typename Element, typename Stored>
static void decode(llvm::ArrayRef<char> bytes, std::vector<Stored> &elements) {
  elements.resize(bytes.size() / sizeof(Element));
  for (size_t index = 0; index < elements.size(); ++index) {
    Element element;
    std::memcpy(&element, bytes.data() + index * sizeof(Element), sizeof(Element));
    elements[index] = static_cast<Stored>(element);
  }
}

std::optional<HostTensor> HostTensor::from(const Tensor &tensor) {
  std::optional<int64_t> elements = checkedProduct(tensor.shape);
  if (!elements || *elements > maximalElements)
    return std::nullopt;
  HostTensor host;
  host.type = tensor.declared;
  host.shape = tensor.shape;
  switch (tensor.type) {
  case ElementType::Float:
    decode<float>(tensor.bytes, host.reals);
    return host;
  case ElementType::Double:
    decode<double>(tensor.bytes, host.reals);
    return host;
  case ElementType::Int64:
    decode<int64_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::Int32:
    decode<int32_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::Int8:
    decode<int8_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::Int16:
    decode<int16_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::UInt8:
  case ElementType::Bool:
    decode<uint8_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::UInt16:
    decode<uint16_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::UInt32:
    decode<uint32_t>(tensor.bytes, host.integers);
    return host;
  case ElementType::UInt64:
    decode<uint64_t>(tensor.bytes, host.integers);
    return host;
  default:
    break;
  }
  return std::nullopt;
}

HostTensor HostTensor::scalar(double value, ElementType type) {
  HostTensor host;
  host.type = type;
  if (host.isFloat())
    host.reals = {value};
  else
    host.integers = {static_cast<int64_t>(value)};
  return host;
}

HostTensor HostTensor::vector(llvm::ArrayRef<int64_t> values) {
  HostTensor host;
  host.type = ElementType::Int64;
  host.shape = {static_cast<int64_t>(values.size())};
  host.integers = values.vec();
  return host;
}

HostTensor HostTensor::gather(llvm::ArrayRef<int64_t> newShape, llvm::function_ref<int64_t(int64_t)> source) const {
  HostTensor result;
  result.type = type;
  result.shape.assign(newShape.begin(), newShape.end());
  int64_t elements = *checkedProduct(newShape);
  for (int64_t index = 0; index < elements; ++index) {
    if (isFloat())
      result.reals.push_back(reals[source(index)]);
    else
      result.integers.push_back(integers[source(index)]);
  }
  return result;
}

std::optional<llvm::SmallVector<int64_t>> tally::onnx::broadcastShapes(llvm::ArrayRef<int64_t> a,
                                                                       llvm::ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  llvm::SmallVector<int64_t> shape(a);
  size_t offset = a.size() - b.size();
  for (size_t dimension = 0; dimension < b.size(); ++dimension) {
    int64_t &size = shape[offset + dimension];
    if (size == 1)
      size = b[dimension];
    else if (b[dimension] != 1 && b[dimension] != size)
      return std::nullopt;
  }
  return shape;
}

std::optional<HostTensor> HostTensor::expand(llvm::ArrayRef<int64_t> newShape) const {
  std::optional<int64_t> elements = checkedProduct(newShape);
  std::optional<llvm::SmallVector<int64_t>> common = broadcastShapes(shape, newShape);
  if (!elements || *elements > maximalElements || !common || llvm::ArrayRef(*common) != newShape)
    return std::nullopt;
  size_t offset = newShape.size() - shape.size();
  return gather(newShape, [&](int64_t index) {
    int64_t source = 0, stride = 1;
    for (size_t dimension = newShape.size(); dimension-- > offset;) {
      int64_t own = shape[dimension - offset];
      source += (own == 1 ? 0 : index % newShape[dimension]) * stride;
      stride *= own;
      index /= newShape[dimension];
    }
    return source;
  });
}
