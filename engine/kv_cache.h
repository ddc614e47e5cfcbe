// Keys and values of the positions computed so far, in half precision, and the token ids they belong to.
//
// Keys lie in blocks of 16 positions with the positions side by side, so that attention scores of 16 keys build up in the
// lanes of a register (kernels.h, Attention); values lie row by row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/config.h"
#include "engine/format/checkpoint.h"
#include "engine/memory.h"
#include "engine/result.h"

namespace tercet {

class KvCache {
 public:
  /// Reserves room for `context` positions; memory becomes resident where it is written. Errors: OutOfMemory.
  static Result<KvCache> create(const ModelConfig& config, std::uint32_t context);
  static std::uint64_t bytes(const ModelConfig& config, std::uint64_t context) noexcept;

  std::uint32_t capacity() const noexcept { return context_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(tokens_.size()); }
  std::span<const TokenId> tokens() const noexcept { return tokens_; }

  /// How many leading positions hold exactly these tokens.
  std::uint32_t common_prefix(std::span<const TokenId> tokens) const noexcept;
  /// Keeps the first `n` positions and forgets the rest. O(1). n <= size().
  void truncate(std::uint32_t n) { tokens_.resize(n); }
  /// Notes that the positions after size() now hold these tokens, whose keys and values were stored.
  void append(std::span<const TokenId> tokens) { tokens_.insert(tokens_.end(), tokens.begin(), tokens.end()); }

  /// f16 [key_blocks][head_dim][16]
  std::uint16_t* keys(std::uint32_t layer, std::uint32_t head) const noexcept {
    return keys_.as<std::uint16_t>() + (std::size_t{layer} * kv_heads_ + head) * stride_;
  }
  /// f16 [context][head_dim]
  std::uint16_t* values(std::uint32_t layer, std::uint32_t head) const noexcept {
    return values_.as<std::uint16_t>() + (std::size_t{layer} * kv_heads_ + head) * stride_;
  }
  /// Stores key and value (f16 [head_dim]) of one position.
  void store(std::uint32_t layer, std::uint32_t head, std::uint32_t position, const std::uint16_t* key, const std::uint16_t* value) noexcept;

 private:
  std::uint32_t context_ = 0, kv_heads_ = 0, head_dim_ = 0;
  std::size_t stride_ = 0;  // values of one head of one layer
  MemoryBlock keys_, values_;
  std::vector<TokenId> tokens_;
};

}  // namespace tercet
