// Which tokens of an answer stand for which characters of its text.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer.h"

namespace tercet {

/// Some characters and the tokens they come from: several where no character ends with a token, as with a rare letter.
/// Both in order and without gaps between spans, except for tokens without text.
struct TokenSpan {
  int token = 0;   // index of the first
  int tokens = 0;
  int begin = 0;   // UTF-16 units, as QString counts
  int length = 0;  // not 0

  friend bool operator==(const TokenSpan&, const TokenSpan&) = default;
};

/// The spans of the text that a session makes of tokens with these bytes: ill-formed ones count as U+FFFD, and an
/// incomplete character at the end has no text. Empty bytes stand for a token that has none.
std::vector<TokenSpan> tokenSpans(std::span<const std::string_view> pieces);

/// The same for tokens of an answer; control tokens have no text. Ids within the vocabulary.
std::vector<TokenSpan> tokenSpans(const Tokenizer& tokenizer, std::span<const TokenId> tokens);

}  // namespace tercet
