#include "engine/text/special_tokens.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace tercet {

SpecialTokenSet::SpecialTokenSet(std::vector<std::pair<std::string_view, TokenId>> tokens) {
  std::sort(tokens.begin(), tokens.end());
  for (const auto& [text, token] : tokens) {
    if (text.empty() || (!entries_.empty() && entries_.back().text == text)) continue;
    entries_.push_back({text, token});
    if (utf8::valid_prefix(text) != text.size()) continue;
    searched_.push_back({text, token});
    starts_with_[static_cast<unsigned char>(text[0])] = true;
  }
}

std::optional<TokenId> SpecialTokenSet::find(std::string_view text) const noexcept {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), text,
                                      [](const Entry& entry, std::string_view wanted) { return entry.text < wanted; });
  if (found == entries_.end() || found->text != text) return std::nullopt;
  return found->token;
}

std::optional<SpecialTokenSet::Match> SpecialTokenSet::search(std::string_view text, std::size_t from) const noexcept {
  for (std::size_t begin = from; begin < text.size(); ++begin) {
    if (!starts_with_[static_cast<unsigned char>(text[begin])]) continue;
    if (const auto match = longest_at(text, begin)) return match;
  }
  return std::nullopt;
}

// Narrows the sorted entries byte by byte to those that the text goes on with. A text that is complete comes before the
// longer ones it begins.
std::optional<SpecialTokenSet::Match> SpecialTokenSet::longest_at(std::string_view text, std::size_t begin) const noexcept {
  std::optional<Match> best;
  auto low = searched_.begin(), high = searched_.end();
  for (std::size_t depth = 0; low != high; ++depth) {
    if (low->text.size() == depth) {
      best = Match{begin, begin + depth, low->token};
      ++low;
    }
    if (begin + depth == text.size()) break;
    const auto byte_of = [depth](const Entry& entry) { return static_cast<unsigned char>(entry.text[depth]); };
    const auto byte = static_cast<unsigned char>(text[begin + depth]);
    low = std::partition_point(low, high, [&](const Entry& entry) { return byte_of(entry) < byte; });
    high = std::partition_point(low, high, [&](const Entry& entry) { return byte_of(entry) == byte; });
  }
  return best;
}

}  // namespace tercet
