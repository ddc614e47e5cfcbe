#include "engine/format/gguf_tensors.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

#include "engine/format/element_codec.h"

namespace tercet::gguf {
namespace {

std::optional<DType> element_code(std::uint32_t type) {
  switch (type) {
    case 0: return DType::F32;
    case 1: return DType::F16;
    case 8: return DType::Q8_0;
    case 14: return DType::Q6_K;
    case 30: return DType::BF16;
    case 34: return DType::TQ1_0;
    case 35: return DType::TQ2_0;
    case 36: return DType::I2_S;
    default: return std::nullopt;
  }
}

struct TypeName {
  std::uint32_t type;
  std::string_view name;
};

// Types that are recognised and not read. Where projects gave one number to several formats see `format_name`.
constexpr TypeName kUnreadTypes[] = {
    {2, "Q4_0"},     {3, "Q4_1"},        {4, "Q4_2"},      {5, "Q4_3"},      {6, "Q5_0"},      {7, "Q5_1"},
    {9, "Q8_1"},     {10, "Q2_K"},       {11, "Q3_K"},     {12, "Q4_K"},     {13, "Q5_K"},     {15, "Q8_K"},
    {16, "IQ2_XXS"}, {17, "IQ2_XS"},     {18, "IQ3_XXS"},  {19, "IQ1_S"},    {20, "IQ4_NL"},   {21, "IQ3_S"},
    {22, "IQ2_S"},   {23, "IQ4_XS"},     {24, "I8"},       {25, "I16"},      {26, "I32"},      {27, "I64"},
    {28, "F64"},     {29, "IQ1_M"},      {31, "Q4_0_4_4"}, {32, "Q4_0_4_8"}, {33, "Q4_0_8_8"}, {37, "I8_S"},
    {38, "TL1"},     {40, "NVFP4"},      {41, "Q1_0"},     {134, "IQ1_BN"},  {135, "IQ2_BN"},  {142, "PQ2_0"},
    {143, "PTQ1_0"}, {335, "IQ2_BN_R4"},
};

// Two numbers mean different formats in different projects; the bytes a tensor takes tell them apart (engine.md 4.1).
std::string format_name(const TensorEntry& tensor, std::uint64_t gap, std::uint64_t alignment) {
  const std::uint64_t elements = tensor.rows * tensor.cols;
  const auto takes = [&](std::uint64_t block, std::uint64_t block_bytes) {
    const std::uint64_t bytes = elements / block * block_bytes;
    return elements % block == 0 && gap >= bytes && gap - bytes < alignment;
  };
  if (tensor.type == 39) return takes(32, 17) ? "MXFP4" : "TL2";
  if (tensor.type == 42) return takes(64, 18) || takes(128, 34) ? "Q2_0" : "TL2";
  for (const TypeName& known : kUnreadTypes) {
    if (known.type == tensor.type) return std::string(known.name);
  }
  return "unknown type " + std::to_string(tensor.type);
}

// Indices of the table in the order in which the data lie.
std::vector<std::size_t> by_offset(const std::vector<TensorEntry>& tensors) {
  std::vector<std::size_t> order(tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return tensors[a].offset < tensors[b].offset; });
  return order;
}

std::optional<Error> check_types(const Container& container, const std::vector<std::size_t>& order,
                                 std::uint64_t data_bytes) {
  std::optional<std::size_t> first;  // in the order of the table, so that the message does not depend on the data
  std::uint64_t first_gap = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const TensorEntry& tensor = container.tensors[order[i]];
    if (element_code(tensor.type) || (first && *first < order[i])) continue;
    const std::uint64_t end = i + 1 < order.size() ? container.tensors[order[i + 1]].offset : data_bytes;
    first = order[i];
    first_gap = end > tensor.offset ? end - tensor.offset : 0;
  }
  if (!first) return std::nullopt;
  const TensorEntry& tensor = container.tensors[*first];
  return Error{ErrorCode::UnsupportedType,
               format_name(tensor, first_gap, container.alignment) + " in the tensor " + printable(tensor.name)};
}

Result<std::uint64_t> size_of(const TensorEntry& tensor, DType dtype) {
  const std::optional<std::uint64_t> size = encoded_bytes(dtype, tensor.rows, tensor.cols);
  if (size) return *size;
  const std::string what = printable(tensor.name) + ": rows of " + std::to_string(tensor.cols) +
                           " elements do not divide into the blocks of " + std::string(dtype_name(dtype));
  // I2_S blocks may run across rows in a sound file (1bitLLM 3B); no other type allows it.
  const bool sound = dtype == DType::I2_S && tensor.rows * tensor.cols % 128 == 0;
  return Error{sound ? ErrorCode::UnsupportedType : ErrorCode::Corrupt, what};
}

Error misplaced(const TensorEntry& tensor, std::string_view why) {
  return {ErrorCode::Corrupt, "the tensor " + printable(tensor.name) + " at offset " + std::to_string(tensor.offset) +
                                  " " + std::string(why)};
}

}  // namespace

Result<std::vector<TensorView>> place_tensors(const Container& container, std::span<const std::byte> file) {
  const bool has_data = container.data_start <= file.size();
  const std::uint64_t data_bytes = has_data ? file.size() - container.data_start : 0;
  const std::vector<std::size_t> order = by_offset(container.tensors);
  if (const auto error = check_types(container, order, data_bytes)) return *error;

  std::vector<TensorView> views(container.tensors.size());
  const std::uint64_t mask = container.alignment - 1;
  std::uint64_t expected = 0;  // where the next tensor must lie; no sum overflows as the reader bounds all claims
  for (const std::size_t index : order) {
    const TensorEntry& tensor = container.tensors[index];
    const DType dtype = *element_code(tensor.type);
    const Result<std::uint64_t> size = size_of(tensor, dtype);
    if (!size) return size.error();
    if ((tensor.offset & mask) != 0) return misplaced(tensor, "is not aligned");
    if (tensor.offset < expected) return misplaced(tensor, "overlaps another one");
    if (tensor.offset > expected) return misplaced(tensor, "leaves a gap that no tensor explains");
    if (*size > data_bytes || tensor.offset > data_bytes - *size) {
      return Error{ErrorCode::Truncated, "it ends inside the tensor " + printable(tensor.name) + ", which needs " +
                                             std::to_string(*size) + " bytes at " +
                                             std::to_string(container.data_start + tensor.offset) + " of " +
                                             std::to_string(file.size())};
    }
    const std::uint64_t start = container.data_start + tensor.offset;
    views[index] = {.name = std::string(tensor.name),
                    .dtype = dtype,
                    .rows = tensor.rows,
                    .cols = tensor.cols,
                    .file_offset = start,
                    .bytes = file.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(*size))};
    expected = (tensor.offset + *size + mask) & ~mask;
  }
  if (!container.tensors.empty() && data_bytes > expected) {
    return Error{ErrorCode::Corrupt, std::to_string(data_bytes - expected) + " bytes follow the last tensor"};
  }
  return views;
}

}  // namespace tercet::gguf
