// The tokens that text can only spell, never contain: looked for where the text is trusted. Internal to text.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/format/checkpoint.h"

namespace tercet {

/// Sorted by text, so that one walk finds the longest of hundreds.
class SpecialTokenSet {
 public:
  SpecialTokenSet() = default;
  /// Texts with their ids; they must outlive the set. Empty texts are left out; of equal ones the first stays.
  explicit SpecialTokenSet(std::vector<std::pair<std::string_view, TokenId>> tokens);

  std::optional<TokenId> find(std::string_view text) const noexcept;

  struct Match {
    std::size_t begin = 0, end = 0;  // bytes of the text
    TokenId token = 0;
  };
  /// The first place at or after `from` where a token is spelled, and the longest one there. Tokens that are not
  /// well-formed UTF-8 are not looked for: they would cut characters in two.
  std::optional<Match> search(std::string_view text, std::size_t from) const noexcept;

 private:
  struct Entry {
    std::string_view text;
    TokenId token = 0;
  };
  std::optional<Match> longest_at(std::string_view text, std::size_t begin) const noexcept;

  std::vector<Entry> entries_;
  std::vector<Entry> searched_;           // the well-formed ones
  std::array<bool, 256> starts_with_{};   // by first byte of a searched one
};

}  // namespace tercet
