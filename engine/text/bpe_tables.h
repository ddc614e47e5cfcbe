// The two look-ups of byte-pair encoding, compact because they stay in memory: bytes -> token and pair -> merge.
// Internal to text. Sizes for Llama 3 (128,256 tokens, 280,147 merges): 3.5 MB and 8.4 MB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/format/checkpoint.h"

namespace tercet {

/// The bytes that `text` stands for, appended to `bytes`: GPT-2's byte map, in which every byte is a printable character.
/// Returns false, with `bytes` as it was, when a character is none of the map's 256.
bool append_mapped_bytes(std::string_view text, std::string& bytes);

/// Bytes of every token, and the token of given bytes.
class TokenTable {
 public:
  /// Appends the next id. At most 4 GB in all; returns false beyond. Findable ones are found by `find`; of equal ones the
  /// first id.
  bool add(std::string_view bytes, bool findable);
  /// Makes room for `count` tokens, so that nothing is moved later.
  void reserve(std::size_t count, std::size_t bytes);
  /// Gives back what growing took too much.
  void shrink();

  std::size_t size() const noexcept { return ends_.size(); }
  /// Stays valid when the table is moved. id in [0, size).
  std::string_view bytes(TokenId id) const noexcept;
  std::optional<TokenId> find(std::string_view bytes) const noexcept;

 private:
  struct Slot {
    TokenId token = -1;
    std::uint32_t tag = 0;  // hash bits, so that other tokens are passed over without a look at their bytes
  };
  std::size_t slot_of(std::string_view bytes, std::uint64_t hash) const noexcept;
  void grow(std::size_t slots);

  std::vector<char> arena_;           // the bytes of all tokens, by id
  std::vector<std::uint32_t> ends_;   // [tokens] into arena_
  std::vector<Slot> slots_;           // open addressing, a power of two at most half full; -1 is empty
  std::size_t findable_ = 0;
  std::size_t longest_ = 0;           // bytes of the longest findable token
};

/// What a pair of neighbours becomes, and how early.
struct Merge {
  std::uint32_t rank = 0;  // lower goes first
  TokenId token = 0;
};

class MergeTable {
 public:
  /// `count` is how many will be added at most.
  explicit MergeTable(std::size_t count = 0);
  /// Of equal pairs the first stays.
  void add(TokenId left, TokenId right, Merge merge);
  /// Or nullptr.
  const Merge* find(TokenId left, TokenId right) const noexcept;

 private:
  struct Slot {
    std::uint64_t pair;  // left and right, or kEmpty
    Merge merge;
  };
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
  std::size_t slot_of(std::uint64_t pair) const noexcept;

  std::vector<Slot> slots_;  // open addressing, a power of two at most 3/4 full
};

}  // namespace tercet
