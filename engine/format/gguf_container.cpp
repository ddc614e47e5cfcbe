#include "engine/format/gguf_container.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/text/tokenizer.h"

namespace tercet::gguf {
namespace {

// Claims beyond these are called corrupt; smaller ones that the file cannot keep are called truncated, which is what
// they usually are. The largest models have some thousands of tensors and terabytes of bytes.
constexpr std::uint64_t kMostEntries = 65'536;
constexpr std::uint64_t kMostTensors = 65'536;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 40U;
constexpr std::uint64_t kMostAlignment = std::uint64_t{1} << 20U;
constexpr std::size_t kMostNameBytes = 65'535;  // keys and tensor names; the specification's limit

constexpr std::size_t size_of(ValueType type) {
  switch (type) {
    case ValueType::U8:
    case ValueType::I8:
    case ValueType::Bool: return 1;
    case ValueType::U16:
    case ValueType::I16: return 2;
    case ValueType::U32:
    case ValueType::I32:
    case ValueType::F32: return 4;
    case ValueType::U64:
    case ValueType::I64:
    case ValueType::F64: return 8;
    case ValueType::String:
    case ValueType::Array: return 0;
  }
  return 0;
}

template <typename T>
T load(std::span<const std::byte> bytes, std::uint64_t index = 0) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
  return value;
}

std::string_view characters(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Walks through the file. After the first failure every read yields zero or nothing, so that callers may test late.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> file) : file_(file) {}

  bool ok() const { return !error_.has_value(); }
  const Error& error() const { return *error_; }
  std::uint64_t position() const { return position_; }

  void corrupt(const std::string& detail) {
    if (ok()) error_ = Error{ErrorCode::Corrupt, detail};
  }

  /// Whether `count` elements of at least `size` bytes can follow.
  bool holds(std::uint64_t count, std::uint64_t size, std::string_view what) {
    if (!ok()) return false;
    if (count > kMostBytes / size) {
      corrupt(printable(what) + " claims " + std::to_string(count) + " elements");
      return false;
    }
    const std::uint64_t remaining = file_.size() - position_;
    if (count * size <= remaining) return true;
    error_ = Error{ErrorCode::Truncated, "it ends inside " + printable(what) + ", which needs " +
                                             std::to_string(count * size) + " bytes at " + std::to_string(position_) +
                                             " of " + std::to_string(file_.size())};
    return false;
  }

  std::span<const std::byte> take(std::uint64_t count, std::uint64_t size, std::string_view what) {
    if (!holds(count, size, what)) return {};
    const auto taken = file_.subspan(static_cast<std::size_t>(position_), static_cast<std::size_t>(count * size));
    position_ += taken.size();
    return taken;
  }

  template <typename T>
  T number(std::string_view what) {
    const std::span<const std::byte> bytes = take(1, sizeof(T), what);
    return bytes.empty() ? T{} : load<T>(bytes);
  }

  std::string_view string(std::string_view what) {
    const auto length = number<std::uint64_t>(what);
    return characters(take(length, 1, what));
  }

 private:
  std::span<const std::byte> file_;
  std::uint64_t position_ = 0;
  std::optional<Error> error_;
};

std::optional<Error> read_signature(Cursor& cursor, std::span<const std::byte> file, std::uint32_t& version) {
  constexpr std::string_view kMagic = "GGUF";
  const std::string_view start = characters(file.first(std::min(file.size(), kMagic.size())));
  if (start != kMagic.substr(0, start.size())) {
    return Error{ErrorCode::NotGguf, "it begins with \"" + printable(start) + "\" instead of \"GGUF\""};
  }
  cursor.take(kMagic.size(), 1, "the header");
  version = cursor.number<std::uint32_t>("the header");
  if (!cursor.ok()) return cursor.error();
  if (version != 0 && (version & 0xFFFFU) == 0) {  // small versions read with the other byte order
    return Error{ErrorCode::UnsupportedVersion, "big-endian GGUF"};
  }
  if (version < 2 || version > 3) {
    return Error{ErrorCode::UnsupportedVersion, "GGUF v" + std::to_string(version) + " (v2 and v3 are read)"};
  }
  return std::nullopt;
}

ValueType read_value_type(Cursor& cursor, std::string_view key) {
  const auto number = cursor.number<std::uint32_t>(key);
  if (number > static_cast<std::uint32_t>(ValueType::F64)) {
    cursor.corrupt(printable(key) + " has the unknown value type " + std::to_string(number));
    return ValueType::U8;
  }
  return static_cast<ValueType>(number);
}

void check_bools(Cursor& cursor, std::span<const std::byte> bytes, std::string_view key) {
  const bool sound = std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b <= std::byte{1}; });
  if (!sound) cursor.corrupt(printable(key) + " holds a bool that is neither 0 nor 1");
}

void read_array(Cursor& cursor, std::string_view key, std::span<const std::byte> file, Value& value) {
  value.element_type = read_value_type(cursor, key);
  value.count = cursor.number<std::uint64_t>(key);
  if (value.element_type == ValueType::Array) return cursor.corrupt(printable(key) + " is an array of arrays");
  if (value.element_type != ValueType::String) {
    value.bytes = cursor.take(value.count, size_of(value.element_type), key);
    if (value.element_type == ValueType::Bool) check_bools(cursor, value.bytes, key);
    return;
  }
  const std::uint64_t begin = cursor.position();
  if (!cursor.holds(value.count, sizeof(std::uint64_t), key)) return;  // each string has at least its length
  for (std::uint64_t i = 0; i < value.count && cursor.ok(); ++i) cursor.string(key);
  value.bytes = file.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(cursor.position() - begin));
}

Value read_value(Cursor& cursor, std::string_view key, std::span<const std::byte> file) {
  Value value;
  value.type = read_value_type(cursor, key);
  if (!cursor.ok()) return value;
  if (value.type == ValueType::Array) {
    read_array(cursor, key, file, value);
  } else if (value.type == ValueType::String) {
    value.bytes = cursor.take(cursor.number<std::uint64_t>(key), 1, key);
  } else {
    value.bytes = cursor.take(1, size_of(value.type), key);
    if (value.type == ValueType::Bool) check_bools(cursor, value.bytes, key);
  }
  return value;
}

std::string_view read_name(Cursor& cursor, std::string_view what) {
  const std::string_view name = cursor.string(what);
  if (cursor.ok() && (name.empty() || name.size() > kMostNameBytes)) {
    cursor.corrupt(std::string(what) + " holds a name of " + std::to_string(name.size()) + " bytes");
  }
  return name;
}

void read_metadata(Cursor& cursor, std::uint64_t count, std::span<const std::byte> file, Container& container) {
  for (std::uint64_t i = 0; i < count && cursor.ok(); ++i) {
    const std::string_view key = read_name(cursor, "the metadata");
    const Value value = read_value(cursor, key, file);
    container.metadata.emplace_back(key, value);
  }
  if (!cursor.ok()) return;
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
  std::sort(container.metadata.begin(), container.metadata.end(), by_key);
  const auto twice = std::adjacent_find(container.metadata.begin(), container.metadata.end(), same_key);
  if (twice != container.metadata.end()) cursor.corrupt("the key " + printable(twice->first) + " occurs twice");
}

void read_alignment(Cursor& cursor, Container& container) {
  constexpr std::string_view kKey = "general.alignment";
  const Value* const value = container.find(kKey);
  if (value == nullptr) return;
  if (value->type != ValueType::U32) return cursor.corrupt(std::string(kKey) + " is not a u32");
  container.alignment = load<std::uint32_t>(value->bytes);
  if (!std::has_single_bit(container.alignment) || container.alignment > kMostAlignment) {
    cursor.corrupt(std::string(kKey) + " is " + std::to_string(container.alignment));
  }
}

// One to four dimensions, the contiguous one first; what is beyond it counts as rows.
void read_dimensions(Cursor& cursor, TensorEntry& tensor) {
  const auto count = cursor.number<std::uint32_t>(tensor.name);
  if (cursor.ok() && (count < 1 || count > 4)) {
    return cursor.corrupt(printable(tensor.name) + " has " + std::to_string(count) + " dimensions");
  }
  tensor.cols = tensor.rows = 1;
  for (std::uint32_t i = 0; i < count && cursor.ok(); ++i) {
    const auto dim = cursor.number<std::uint64_t>(tensor.name);
    if (!cursor.ok()) return;
    std::uint64_t& extent = i == 0 ? tensor.cols : tensor.rows;
    if (dim == 0 || dim > kMostBytes / (tensor.rows * tensor.cols)) {  // the product so far is at most kMostBytes
      return cursor.corrupt(printable(tensor.name) + " has the impossible dimension " + std::to_string(dim));
    }
    extent *= dim;
  }
}

void read_tensor_table(Cursor& cursor, std::uint64_t count, Container& container) {
  for (std::uint64_t i = 0; i < count && cursor.ok(); ++i) {
    TensorEntry tensor;
    tensor.name = read_name(cursor, "the tensor table");
    read_dimensions(cursor, tensor);
    tensor.type = cursor.number<std::uint32_t>(tensor.name);
    tensor.offset = cursor.number<std::uint64_t>(tensor.name);
    if (tensor.offset > kMostBytes) {
      cursor.corrupt(printable(tensor.name) + " lies at the impossible offset " + std::to_string(tensor.offset));
    }
    container.tensors.push_back(tensor);
  }
  if (!cursor.ok()) return;
  std::vector<std::string_view> names;
  names.reserve(container.tensors.size());
  for (const TensorEntry& tensor : container.tensors) names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) cursor.corrupt("the tensor " + printable(*twice) + " occurs twice");
}

bool is_integer(ValueType type) {
  return type != ValueType::F32 && type != ValueType::F64 && type != ValueType::Bool && type != ValueType::String &&
         type != ValueType::Array;
}
bool is_real(ValueType type) { return type == ValueType::F32 || type == ValueType::F64; }
bool is_bool(ValueType type) { return type == ValueType::Bool; }
bool is_string(ValueType type) { return type == ValueType::String; }

// The integer as T, if T can hold it.
template <typename T>
std::optional<T> integer_at(std::span<const std::byte> bytes, ValueType type, std::uint64_t index) {
  const auto narrow = [](auto value) -> std::optional<T> {
    if (!std::in_range<T>(value)) return std::nullopt;
    return static_cast<T>(value);
  };
  switch (type) {
    case ValueType::U8: return narrow(load<std::uint8_t>(bytes, index));
    case ValueType::I8: return narrow(load<std::int8_t>(bytes, index));
    case ValueType::U16: return narrow(load<std::uint16_t>(bytes, index));
    case ValueType::I16: return narrow(load<std::int16_t>(bytes, index));
    case ValueType::U32: return narrow(load<std::uint32_t>(bytes, index));
    case ValueType::I32: return narrow(load<std::int32_t>(bytes, index));
    case ValueType::U64: return narrow(load<std::uint64_t>(bytes, index));
    case ValueType::I64: return narrow(load<std::int64_t>(bytes, index));
    default: return std::nullopt;
  }
}

float real_at(std::span<const std::byte> bytes, ValueType type, std::uint64_t index) {
  return type == ValueType::F32 ? load<float>(bytes, index) : static_cast<float>(load<double>(bytes, index));
}

}  // namespace

const Value* Container::find(std::string_view key) const noexcept {
  const auto before = [](const auto& entry, std::string_view wanted) { return entry.first < wanted; };
  const auto found = std::lower_bound(metadata.begin(), metadata.end(), key, before);
  return found != metadata.end() && found->first == key ? &found->second : nullptr;
}

Result<Container> read_container(std::span<const std::byte> file) {
  Container container;
  Cursor cursor(file);
  if (const std::optional<Error> error = read_signature(cursor, file, container.version)) return *error;
  const auto tensor_count = cursor.number<std::uint64_t>("the header");
  const auto entry_count = cursor.number<std::uint64_t>("the header");
  if (tensor_count > kMostTensors) cursor.corrupt("it claims " + std::to_string(tensor_count) + " tensors");
  if (entry_count > kMostEntries) cursor.corrupt("it claims " + std::to_string(entry_count) + " metadata entries");

  read_metadata(cursor, entry_count, file, container);
  if (cursor.ok()) read_alignment(cursor, container);
  if (cursor.ok()) read_tensor_table(cursor, tensor_count, container);
  if (!cursor.ok()) return cursor.error();
  const std::uint64_t mask = container.alignment - 1;
  container.data_start = (cursor.position() + mask) & ~mask;
  return container;
}

void Fields::fail(std::string_view key, std::string_view why) {
  if (!error_) error_ = Error{code_, printable(key) + " " + std::string(why)};
}

const Value* Fields::find(std::string_view key, bool array, std::string_view wanted, bool (*fits)(ValueType)) {
  const Value* const value = container_.find(key);
  if (value == nullptr) return nullptr;
  const bool is_array = value->type == ValueType::Array;
  if (is_array == array && fits(array ? value->element_type : value->type)) return value;
  fail(key, "is not " + std::string(wanted));
  return nullptr;
}

std::optional<std::uint32_t> Fields::number(std::string_view key) {
  const Value* const value = find(key, false, "a whole number", is_integer);
  if (value == nullptr) return std::nullopt;
  const auto number = integer_at<std::uint32_t>(value->bytes, value->type, 0);
  if (!number) fail(key, "does not fit 32 bits");
  return number;
}

std::optional<float> Fields::real(std::string_view key) {
  const Value* const value = find(key, false, "a real number", is_real);
  if (value == nullptr) return std::nullopt;
  return real_at(value->bytes, value->type, 0);
}

std::optional<bool> Fields::flag(std::string_view key) {
  const Value* const value = find(key, false, "a bool", is_bool);
  if (value == nullptr) return std::nullopt;
  return value->bytes.front() == std::byte{1};
}

std::optional<std::string_view> Fields::text(std::string_view key) {
  const Value* const value = find(key, false, "a string", is_string);
  if (value == nullptr) return std::nullopt;
  return characters(value->bytes);
}

std::optional<std::vector<std::string_view>> Fields::texts(std::string_view key) {
  const Value* const value = find(key, true, "an array of strings", is_string);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string_view> strings;
  strings.reserve(static_cast<std::size_t>(value->count));  // the reader saw each of them
  std::span<const std::byte> rest = value->bytes;
  for (std::uint64_t i = 0; i < value->count; ++i) {
    const auto length = static_cast<std::size_t>(load<std::uint64_t>(rest));
    strings.push_back(characters(rest.subspan(sizeof(std::uint64_t), length)));
    rest = rest.subspan(sizeof(std::uint64_t) + length);
  }
  return strings;
}

std::optional<std::vector<std::int32_t>> Fields::numbers(std::string_view key) {
  const Value* const value = find(key, true, "an array of whole numbers", is_integer);
  if (value == nullptr) return std::nullopt;
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(value->count));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = integer_at<std::int32_t>(value->bytes, value->element_type, i);
    if (!number) {
      fail(key, "holds a number that does not fit 32 bits");
      return std::nullopt;
    }
    numbers[i] = *number;
  }
  return numbers;
}

std::optional<std::vector<float>> Fields::reals(std::string_view key) {
  const Value* const value = find(key, true, "an array of real numbers", is_real);
  if (value == nullptr) return std::nullopt;
  std::vector<float> reals(static_cast<std::size_t>(value->count));
  for (std::size_t i = 0; i < reals.size(); ++i) reals[i] = real_at(value->bytes, value->element_type, i);
  return reals;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMostShown = 80;
  const bool cut = text.size() > kMostShown;
  std::size_t length = cut ? kMostShown : text.size();
  // Cut between characters: bytes 10xxxxxx continue one.
  while (cut && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  std::string shown(text.substr(0, length));
  const bool utf8 = is_valid_utf8(shown);
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) c = '?';
  }
  return cut ? shown + "..." : shown;
}

}  // namespace tercet::gguf
