// One well-formedness rule for everything that reads UTF-8 (Unicode 15, table 3-7). Internal to text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tercet::utf8 {

enum class Form : std::uint8_t {
  Complete,    // a well-formed character
  Incomplete,  // the text ends inside what may become one
  IllFormed    // can never become one
};

/// What a text begins with, and of how many bytes it is. For ill-formed text that is the maximal subpart: the longest
/// start of a character, or one byte that starts none.
struct Step {
  Form form = Form::IllFormed;
  std::size_t length = 0;
};

/// text is not empty.
inline Step first(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {Form::Complete, 1};
  if (lead < 0xC2 || lead > 0xF4) return {Form::IllFormed, 1};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // Only the second byte has a narrower range: no overlong forms, no surrogates, nothing above U+10FFFF.
  unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (std::size_t i = 1; i < length; ++i) {
    if (i == text.size()) return {Form::Incomplete, i};
    if (byte(i) < low || byte(i) > high) return {Form::IllFormed, i};
    low = 0x80;
    high = 0xBF;
  }
  return {Form::Complete, length};
}

/// Where `text` stops being well-formed, or its size.
std::size_t valid_prefix(std::string_view text) noexcept;

}  // namespace tercet::utf8
