// Writes one JSON value into a string. Always well-formed UTF-8, whatever a model file calls its tensors.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/format/checkpoint.h"

namespace tercet::cli {

/// Calls must nest as JSON does; in an object each value follows a key.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  /// Bytes that are not UTF-8 become U+FFFD.
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  /// Ten significant digits; JSON has no infinities, so what is not finite becomes null.
  JsonWriter& value(double number);
  JsonWriter& value(float number);  // seven, all that a float has
  JsonWriter& value(std::integral auto number) { return raw(std::to_string(number)); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& value(std::span<const TokenId> ids);

  template <typename T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

  /// What was written so far.
  const std::string& text() const noexcept { return text_; }

 private:
  void separate();
  JsonWriter& raw(std::string_view literal);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace tercet::cli
