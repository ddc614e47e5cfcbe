// Writes GGUF files, sound ones and damaged ones: everything a file says about itself can be set to a lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace tercet::test {

/// The format's numbers for value types.
enum class GgufValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

/// The number that stands for an element code in a file.
std::uint32_t gguf_type_number(DType type);

/// One key with its value as bytes, so that tests can write values no sound writer would.
struct GgufEntry {
  std::string key;
  std::uint32_t type = 0;
  std::vector<std::byte> value;                  // for strings and arrays with their lengths
  std::optional<std::uint64_t> key_length = {};  // instead of the true one
};

struct GgufTensor {
  std::string name;
  std::vector<std::uint64_t> dims;  // contiguous dimension first: {cols, rows}
  std::uint32_t type = 0;
  std::vector<std::byte> data;
  std::optional<std::uint64_t> offset = {};       // instead of the next free place in the data section
  std::optional<std::uint64_t> name_length = {};  // instead of the true one
  std::optional<std::uint32_t> dim_count = {};    // instead of dims.size()
};

/// A file before it is written. Change any member, then call `bytes`.
///
///   GgufFile file = make_tiny_model({});
///   file.set_u32("bitnet-b1.58.block_count", 0);
///   file.tensor("output_norm.weight").type = 12;
///   const std::string path = dir.write("bad.gguf", file.bytes());
class GgufFile {
 public:
  std::string magic = "GGUF";
  std::uint32_t version = 3;
  std::optional<std::uint64_t> tensor_count = {};  // instead of tensors.size()
  std::optional<std::uint64_t> entry_count = {};   // instead of entries.size()
  std::uint64_t alignment = 32;                    // used for writing; general.alignment is a key like any other
  bool pad_end = true;                             // whether the last tensor is padded to the alignment
  std::vector<GgufEntry> entries;
  std::vector<GgufTensor> tensors;

  // Each replaces the key of that name in place, or appends it.
  void set_u32(std::string_view key, std::uint32_t value);
  void set_i32(std::string_view key, std::int32_t value);
  void set_u64(std::string_view key, std::uint64_t value);
  void set_f32(std::string_view key, float value);
  void set_bool(std::string_view key, bool value);
  void set_string(std::string_view key, std::string_view value);
  void set_strings(std::string_view key, std::span<const std::string> values);
  void set_i32s(std::string_view key, std::span<const std::int32_t> values);
  void set_f32s(std::string_view key, std::span<const float> values);
  /// Any type number with any bytes.
  void set_raw(std::string_view key, std::uint32_t type, std::vector<std::byte> value);
  void remove(std::string_view key);

  void add_tensor(std::string name, std::vector<std::uint64_t> dims, std::uint32_t type, std::vector<std::byte> data);
  /// The tensor of that name; throws std::out_of_range when there is none.
  GgufTensor& tensor(std::string_view name);
  void remove_tensor(std::string_view name);

  /// Header, metadata, tensor table and data as they would lie in a file.
  std::vector<std::byte> bytes() const;
  /// Where the data section of `bytes()` begins.
  std::size_t data_start() const;

 private:
  GgufEntry& entry(std::string_view key);
  std::vector<std::byte> head() const;
};

/// Bytes of a metadata string: u64 length, then the characters.
std::vector<std::byte> gguf_string_bytes(std::string_view text);
/// Bytes of a metadata array: u32 element type, u64 count, then `elements` as they are.
std::vector<std::byte> gguf_array_bytes(std::uint32_t element_type, std::uint64_t count,
                                        std::span<const std::byte> elements);

}  // namespace tercet::test
