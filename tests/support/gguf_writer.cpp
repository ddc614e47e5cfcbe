#include "tests/support/gguf_writer.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/encoders.h"

namespace tercet::test {
namespace {

using Bytes = std::vector<std::byte>;

void append_text(Bytes& out, std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  out.insert(out.end(), first, first + text.size());
}

void append_string(Bytes& out, std::string_view text, std::optional<std::uint64_t> length = {}) {
  append_value(out, length.value_or(text.size()));
  append_text(out, text);
}

template <typename T>
Bytes value_bytes(T value) {
  Bytes out;
  append_value(out, value);
  return out;
}

std::uint64_t padded(std::uint64_t size, std::uint64_t alignment) {
  return alignment == 0 ? size : (size + alignment - 1) / alignment * alignment;
}

constexpr std::uint32_t number(GgufValueType type) { return static_cast<std::uint32_t>(type); }

}  // namespace

std::uint32_t gguf_type_number(DType type) {
  switch (type) {
    case DType::F32: return 0;
    case DType::F16: return 1;
    case DType::BF16: return 30;
    case DType::Q8_0: return 8;
    case DType::Q6_K: return 14;
    case DType::I2_S: return 36;
    case DType::TQ1_0: return 34;
    case DType::TQ2_0: return 35;
  }
  throw std::invalid_argument("unknown element code");
}

std::vector<std::byte> gguf_string_bytes(std::string_view text) {
  Bytes out;
  append_string(out, text);
  return out;
}

std::vector<std::byte> gguf_array_bytes(std::uint32_t element_type, std::uint64_t count,
                                        std::span<const std::byte> elements) {
  Bytes out;
  append_value(out, element_type);
  append_value(out, count);
  out.insert(out.end(), elements.begin(), elements.end());
  return out;
}

GgufEntry& GgufFile::entry(std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const GgufEntry& e) { return e.key == key; });
  if (found != entries.end()) return *found;
  entries.push_back({.key = std::string(key), .value = {}});
  return entries.back();
}

void GgufFile::set_raw(std::string_view key, std::uint32_t type, std::vector<std::byte> value) {
  GgufEntry& target = entry(key);
  target.type = type;
  target.value = std::move(value);
}

void GgufFile::set_u32(std::string_view key, std::uint32_t value) {
  set_raw(key, number(GgufValueType::U32), value_bytes(value));
}
void GgufFile::set_i32(std::string_view key, std::int32_t value) {
  set_raw(key, number(GgufValueType::I32), value_bytes(value));
}
void GgufFile::set_u64(std::string_view key, std::uint64_t value) {
  set_raw(key, number(GgufValueType::U64), value_bytes(value));
}
void GgufFile::set_f32(std::string_view key, float value) {
  set_raw(key, number(GgufValueType::F32), value_bytes(value));
}
void GgufFile::set_bool(std::string_view key, bool value) {
  set_raw(key, number(GgufValueType::Bool), value_bytes(static_cast<std::uint8_t>(value ? 1 : 0)));
}
void GgufFile::set_string(std::string_view key, std::string_view value) {
  set_raw(key, number(GgufValueType::String), gguf_string_bytes(value));
}

void GgufFile::set_strings(std::string_view key, std::span<const std::string> values) {
  Bytes elements;
  for (const std::string& value : values) append_string(elements, value);
  set_raw(key, number(GgufValueType::Array), gguf_array_bytes(number(GgufValueType::String), values.size(), elements));
}

void GgufFile::set_i32s(std::string_view key, std::span<const std::int32_t> values) {
  set_raw(key, number(GgufValueType::Array),
          gguf_array_bytes(number(GgufValueType::I32), values.size(), std::as_bytes(values)));
}

void GgufFile::set_f32s(std::string_view key, std::span<const float> values) {
  set_raw(key, number(GgufValueType::Array),
          gguf_array_bytes(number(GgufValueType::F32), values.size(), std::as_bytes(values)));
}

void GgufFile::remove(std::string_view key) {
  std::erase_if(entries, [&](const GgufEntry& e) { return e.key == key; });
}

void GgufFile::add_tensor(std::string name, std::vector<std::uint64_t> dims, std::uint32_t type,
                          std::vector<std::byte> data) {
  tensors.push_back({.name = std::move(name), .dims = std::move(dims), .type = type, .data = std::move(data)});
}

GgufTensor& GgufFile::tensor(std::string_view name) {
  for (GgufTensor& candidate : tensors) {
    if (candidate.name == name) return candidate;
  }
  throw std::out_of_range("no tensor " + std::string(name));
}

void GgufFile::remove_tensor(std::string_view name) {
  std::erase_if(tensors, [&](const GgufTensor& t) { return t.name == name; });
}

std::vector<std::byte> GgufFile::head() const {
  Bytes out;
  append_text(out, magic);
  append_value(out, version);
  append_value(out, tensor_count.value_or(tensors.size()));
  append_value(out, entry_count.value_or(entries.size()));
  for (const GgufEntry& e : entries) {
    append_string(out, e.key, e.key_length);
    append_value(out, e.type);
    out.insert(out.end(), e.value.begin(), e.value.end());
  }
  std::uint64_t next_free = 0;
  for (const GgufTensor& t : tensors) {
    append_string(out, t.name, t.name_length);
    append_value(out, t.dim_count.value_or(static_cast<std::uint32_t>(t.dims.size())));
    for (const std::uint64_t dim : t.dims) append_value(out, dim);
    append_value(out, t.type);
    append_value(out, t.offset.value_or(next_free));
    next_free = padded(next_free + t.data.size(), alignment);
  }
  return out;
}

std::size_t GgufFile::data_start() const { return static_cast<std::size_t>(padded(head().size(), alignment)); }

std::vector<std::byte> GgufFile::bytes() const {
  Bytes out = head();
  for (const GgufTensor& t : tensors) {
    out.resize(static_cast<std::size_t>(padded(out.size(), alignment)));
    out.insert(out.end(), t.data.begin(), t.data.end());
  }
  if (pad_end) out.resize(static_cast<std::size_t>(padded(out.size(), alignment)));
  return out;
}

}  // namespace tercet::test
