// The GGUF container: metadata and tensor table as the bytes have them, with every length checked. What the keys mean
// is not known here. Internal to the reader; other parts see the Checkpoint that open_gguf makes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/result.h"

namespace tercet::gguf {

enum class ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

/// A metadata value in place. Bounds, bools and the strings of arrays are checked already.
struct Value {
  ValueType type = ValueType::U8;
  ValueType element_type = ValueType::U8;  // of an array
  std::uint64_t count = 1;                 // elements of an array
  std::span<const std::byte> bytes = {};   // the number, the characters, or all elements of an array
};

/// A row of the tensor table. Dimensions and offset are plausible, but not yet compared with the file.
struct TensorEntry {
  std::string_view name;
  std::uint64_t rows = 0, cols = 0;
  std::uint32_t type = 0;
  std::uint64_t offset = 0;  // bytes from the start of the data section
};

/// All views point into the bytes it was read from.
struct Container {
  std::uint32_t version = 0;
  std::vector<std::pair<std::string_view, Value>> metadata;  // sorted by key, each key once
  std::vector<TensorEntry> tensors;                          // in file order, each name once
  std::uint64_t alignment = 32;
  std::uint64_t data_start = 0;  // may lie beyond a file without tensors

  const Value* find(std::string_view key) const noexcept;
};

/// Reads header, metadata and tensor table. Allocates in proportion to the bytes that are there, never to what the
/// file claims. Errors: NotGguf, UnsupportedVersion, Truncated, Corrupt.
Result<Container> read_container(std::span<const std::byte> file);

/// Metadata by key and type. Absent keys are no error. The first value of a wrong type is remembered, so that callers
/// read what they need and test `error` once.
class Fields {
 public:
  /// `code` is what a wrong type is reported as.
  Fields(const Container& container, ErrorCode code) : container_(container), code_(code) {}

  std::optional<std::uint32_t> number(std::string_view key);  // any integer type, if the value fits
  std::optional<float> real(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::string_view> text(std::string_view key);
  std::optional<std::vector<std::string_view>> texts(std::string_view key);
  std::optional<std::vector<std::int32_t>> numbers(std::string_view key);
  std::optional<std::vector<float>> reals(std::string_view key);
  const std::optional<Error>& error() const noexcept { return error_; }

 private:
  const Value* find(std::string_view key, bool array, std::string_view wanted, bool (*fits)(ValueType));
  void fail(std::string_view key, std::string_view why);

  const Container& container_;
  ErrorCode code_;
  std::optional<Error> error_;
};

/// Text of a file as it may stand in a message: shortened, without control characters, valid UTF-8.
std::string printable(std::string_view text);

}  // namespace tercet::gguf
