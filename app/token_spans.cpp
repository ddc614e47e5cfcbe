#include "app/token_spans.h"

#include <string>

#include "engine/text/utf8_stream.h"

namespace tercet {
namespace {

/// UTF-16 units of well-formed UTF-8: one a character, two beyond the basic plane (four bytes).
int utf16Length(std::string_view text) {
  int units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) == 0x80U ? 0 : byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

}  // namespace

std::vector<TokenSpan> tokenSpans(std::span<const std::string_view> pieces) {
  std::vector<TokenSpan> spans;
  Utf8Stream characters;
  TokenSpan open;  // grows until no character is left incomplete
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].empty()) continue;
    if (open.tokens == 0) open.token = static_cast<int>(i);
    open.tokens = static_cast<int>(i) - open.token + 1;
    open.length += utf16Length(characters.push(pieces[i]));
    if (characters.holds_back()) continue;
    spans.push_back(open);
    open = {.token = 0, .tokens = 0, .begin = open.begin + open.length, .length = 0};
  }
  if (open.length > 0) spans.push_back(open);
  return spans;
}

std::vector<TokenSpan> tokenSpans(const Tokenizer& tokenizer, std::span<const TokenId> tokens) {
  std::vector<std::string_view> pieces;
  pieces.reserve(tokens.size());
  for (const TokenId token : tokens) pieces.push_back(tokenizer.is_special(token) ? std::string_view() : tokenizer.token_bytes(token));
  return tokenSpans(pieces);
}

}  // namespace tercet
