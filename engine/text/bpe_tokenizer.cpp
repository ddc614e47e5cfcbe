#include "engine/text/bpe_tokenizer.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "engine/text/utf8.h"

namespace tercet {
namespace {

constexpr std::int32_t kControl = 3, kUserDefined = 4;  // token types of the file format

Error bad(std::string detail) { return {ErrorCode::BadTokenizer, std::move(detail)}; }

}  // namespace

/// Merges the bytes of one piece, in O(n log n): a queue of the pairs that can merge over a linked list of what is left.
/// Keeps its buffers from piece to piece.
class BpeTokenizer::Merger {
 public:
  Merger(const BpeTokenizer& tokenizer, const std::stop_token& stop) : tokenizer_(tokenizer), stop_(stop) {}

  /// Appends the tokens of `piece`, which is not empty; after a stop, any of its parts.
  void merge(std::string_view piece, std::vector<TokenId>& out) {
    constexpr std::size_t kLongest = std::size_t{1} << 30U;  // positions have 32 bits; longer pieces are cut
    for (std::size_t begin = 0; begin < piece.size(); begin += kLongest) merge_bytes(piece.substr(begin, kLongest), out);
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Symbol {
    TokenId token;
    TokenId merged;                // what it becomes with its right neighbour
    std::uint32_t rank;            // of that merge, or kNone; kNone also for symbols that were merged away
    std::uint32_t previous, next;  // positions, or kNone
  };

  void merge_bytes(std::string_view bytes, std::vector<TokenId>& out) {
    const auto count = static_cast<std::uint32_t>(bytes.size());
    symbols_.clear();
    queue_.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      const TokenId token = tokenizer_.byte_tokens_[static_cast<unsigned char>(bytes[i])];
      symbols_.push_back({token, 0, kNone, i == 0 ? kNone : i - 1, i + 1 == count ? kNone : i + 1});
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (rate(i)) queue_.push_back(entry(i));
    }
    std::make_heap(queue_.begin(), queue_.end(), std::greater<>());
    while (!queue_.empty() && !stop_.stop_requested()) {
      std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
      const auto rank = static_cast<std::uint32_t>(queue_.back() >> 32U);
      const auto position = static_cast<std::uint32_t>(queue_.back());
      queue_.pop_back();
      if (symbols_[position].rank == rank) join(position);  // otherwise a neighbour has changed since
    }
    for (std::uint32_t i = 0; i != kNone; i = symbols_[i].next) out.push_back(symbols_[i].token);
  }

  // Lowest rank first, leftmost on equal rank.
  std::uint64_t entry(std::uint32_t position) const {
    return std::uint64_t{symbols_[position].rank} << 32U | position;
  }

  // Looks up what the symbol and its right neighbour become; false when they do not merge.
  bool rate(std::uint32_t position) {
    Symbol& left = symbols_[position];
    const Merge* merge =
        left.next == kNone ? nullptr : tokenizer_.merges_.find(left.token, symbols_[left.next].token);
    left.rank = merge == nullptr ? kNone : merge->rank;
    left.merged = merge == nullptr ? 0 : merge->token;
    return merge != nullptr;
  }

  void join(std::uint32_t position) {
    Symbol& left = symbols_[position];
    Symbol& right = symbols_[left.next];
    left.token = left.merged;
    left.next = right.next;
    right.rank = kNone;
    if (left.next != kNone) symbols_[left.next].previous = position;
    enqueue(position);
    if (left.previous != kNone) enqueue(left.previous);
  }

  void enqueue(std::uint32_t position) {
    if (!rate(position)) return;
    queue_.push_back(entry(position));
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
  }

  const BpeTokenizer& tokenizer_;
  const std::stop_token& stop_;
  std::vector<Symbol> symbols_;       // by position of the first byte
  std::vector<std::uint64_t> queue_;  // heap of entries, some outdated
};

Result<std::unique_ptr<const Tokenizer>> BpeTokenizer::create(const TokenizerData& data) {
  auto pre_tokenizer = PreTokenizer::create();
  if (!pre_tokenizer) return pre_tokenizer.error();
  std::unique_ptr<BpeTokenizer> tokenizer(new BpeTokenizer(std::move(*pre_tokenizer)));
  if (auto read = tokenizer->read_tokens(data); !read) return read.error();
  if (auto read = tokenizer->read_merges(data); !read) return read.error();
  tokenizer->bos_ = data.bos ? data.bos : tokenizer->specials_.find("<|begin_of_text|>");
  return std::unique_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<void> BpeTokenizer::read_tokens(const TokenizerData& data) {
  std::size_t total = 0;
  for (const std::string_view token : data.tokens) total += token.size();
  if (total > std::numeric_limits<std::uint32_t>::max()) return bad("the tokens are longer than 4 GB");
  tokens_.reserve(data.tokens.size(), total);
  is_control_.resize(data.tokens.size());
  std::string bytes;
  std::vector<std::pair<std::string_view, TokenId>> specials;
  for (std::size_t i = 0; i < data.tokens.size(); ++i) {
    const bool special = data.types[i] == kControl || data.types[i] == kUserDefined;
    bytes.clear();
    const bool mapped = !special && append_mapped_bytes(data.tokens[i], bytes);
    tokens_.add(mapped ? bytes : data.tokens[i], mapped);
    is_control_[i] = data.types[i] == kControl;
  }
  tokens_.shrink();  // before anything points into it
  for (std::size_t i = 0; i < data.tokens.size(); ++i) {
    if (data.types[i] != kControl && data.types[i] != kUserDefined) continue;
    specials.emplace_back(tokens_.bytes(static_cast<TokenId>(i)), static_cast<TokenId>(i));
  }
  specials_ = SpecialTokenSet(std::move(specials));

  for (std::size_t byte = 0; byte < byte_tokens_.size(); ++byte) {
    const char character = static_cast<char>(byte);
    const auto token = tokens_.find({&character, 1});
    if (!token) return bad("there is no token for the byte " + std::to_string(byte));
    byte_tokens_[byte] = *token;
  }
  return {};
}

Result<void> BpeTokenizer::read_merges(const TokenizerData& data) {
  if (data.merges.size() >= std::numeric_limits<std::uint32_t>::max()) return bad("there are too many merges");
  merges_ = MergeTable(data.merges.size());
  std::string bytes;
  std::optional<TokenId> merged;
  for (std::size_t rank = 0; rank < data.merges.size(); ++rank) {
    const std::string_view line = data.merges[rank];
    const auto contradicts = [&](std::string_view what) {
      return bad("merge " + std::to_string(rank + 1) + " of " + std::to_string(data.merges.size()) + ' ' +
                 std::string(what));
    };
    const std::size_t space = line.find(' ', 1);  // a part is never empty
    if (space == std::string_view::npos || space + 1 == line.size()) return contradicts("is not a pair of tokens");
    const std::string_view left_text = line.substr(0, space), right_text = line.substr(space + 1);

    bytes.clear();
    const bool left_mapped = append_mapped_bytes(left_text, bytes);
    const std::size_t left_size = bytes.size();
    const bool mapped = append_mapped_bytes(right_text, bytes) && left_mapped;
    const std::string_view whole = bytes;
    const auto left = mapped ? tokens_.find(whole.substr(0, left_size)) : std::nullopt;
    const auto right = mapped ? tokens_.find(whole.substr(left_size)) : std::nullopt;
    // Lists have the merges that make one token next to each other.
    if (!mapped || !merged || tokens_.bytes(*merged) != whole) merged = mapped ? tokens_.find(whole) : std::nullopt;
    if (left && right && merged) {
      merges_.add(*left, *right, {static_cast<std::uint32_t>(rank), *merged});
      continue;
    }
    const bool known = (left || specials_.find(left_text)) && (right || specials_.find(right_text)) &&
                       (merged || specials_.find(std::string(left_text).append(right_text)));
    if (!known) return contradicts("names what is not in the vocabulary");
  }
  return {};
}

Result<void> BpeTokenizer::encode(std::string_view text, SpecialTokens specials, std::vector<TokenId>& out, std::stop_token stop) const {
  if (const std::size_t valid = utf8::valid_prefix(text); valid != text.size()) {
    return Error{ErrorCode::InvalidUtf8, "at byte " + std::to_string(valid + 1)};
  }
  Merger merger(*this, stop);
  const auto encode_piece = [&](std::string_view piece) {
    if (const auto whole = tokens_.find(piece)) {
      out.push_back(*whole);  // even where merges would give other tokens: "ignore_merges" of the reference
    } else {
      merger.merge(piece, out);
    }
  };
  std::size_t begin = 0;
  if (specials == SpecialTokens::Parse) {
    while (const auto match = specials_.search(text, begin)) {
      pre_tokenizer_.split(text.substr(begin, match->begin - begin), encode_piece, stop);
      out.push_back(match->token);
      begin = match->end;
    }
  }
  pre_tokenizer_.split(text.substr(begin), encode_piece, stop);
  if (stop.stop_requested()) return Error{ErrorCode::Stopped, {}};
  return {};
}

std::string_view BpeTokenizer::token_bytes(TokenId id) const noexcept { return tokens_.bytes(id); }

bool BpeTokenizer::is_special(TokenId id) const noexcept { return is_control_[static_cast<std::size_t>(id)]; }

}  // namespace tercet
