// Keys and values of the positions computed so far, and the token ids they belong to.
//
// They are kept in half precision, rounded once, as the field does. Where the whole cache is small even in single precision
// (small models), it is kept in single: a rounded value can tip an activation over a rounding tie, and one 8-bit step moves
// the logits of a tiny model by 1 to 2 (measured on the golden models), so exactness is worth a few megabytes there.
//
// In 8 bits, for those who choose it, each key and each value has a scale of its own, its largest magnitude / 127. The scales
// of a head lie behind its keys and its values.
//
// Keys lie in blocks of 16 positions with the positions side by side, so that attention scores of 16 keys build up in the
// lanes of a register (kernels.h, Attention); values lie row by row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/cache_precision.h"
#include "engine/config.h"
#include "engine/format/checkpoint.h"
#include "engine/memory.h"
#include "engine/result.h"
#include "kernels/kernels.h"

namespace tercet {

/// The element type of a model's cache. Auto is single precision up to 64 MiB at the model's full context, else half: a
/// property of the model, not of the chosen context, so that the context does not change results.
kernels::CacheType cache_type(CachePrecision precision, const ModelConfig& config) noexcept;

class KvCache {
 public:
  /// Reserves room for `context` positions; memory becomes resident where it is written. Errors: OutOfMemory.
  static Result<KvCache> create(const ModelConfig& config, std::uint32_t context, kernels::CacheType type);
  static std::uint64_t bytes(const ModelConfig& config, std::uint64_t context, kernels::CacheType type) noexcept;

  kernels::CacheType type() const noexcept { return type_; }
  /// Bytes of keys, values and their scales of one position, over all layers.
  std::uint64_t bytes_per_position() const noexcept { return bytes_per_position_; }

  std::uint32_t capacity() const noexcept { return context_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(tokens_.size()); }
  std::span<const TokenId> tokens() const noexcept { return tokens_; }

  /// How many leading positions hold exactly these tokens.
  std::uint32_t common_prefix(std::span<const TokenId> tokens) const noexcept;
  /// Keeps the first `n` positions and forgets the rest. O(1). n <= size().
  void truncate(std::uint32_t n) { tokens_.resize(n); }
  /// Notes that the positions after size() now hold these tokens, whose keys and values were stored.
  void append(std::span<const TokenId> tokens) { tokens_.insert(tokens_.end(), tokens.begin(), tokens.end()); }

  /// [key_blocks][head_dim][16]
  const void* keys(std::uint32_t layer, std::uint32_t head) const noexcept { return keys_.data() + at(layer, head); }
  /// [context][head_dim]
  const void* values(std::uint32_t layer, std::uint32_t head) const noexcept { return values_.data() + at(layer, head); }
  /// Scales of Q8, f32 [key_blocks][16]; of other types there are none to be read.
  const float* key_scales(std::uint32_t layer, std::uint32_t head) const noexcept { return keys_.as<float>(at(layer, head) + scales_at_); }
  const float* value_scales(std::uint32_t layer, std::uint32_t head) const noexcept { return values_.as<float>(at(layer, head) + scales_at_); }
  /// Fetches the memory that `store` will write, some time before it does: a key lies in as many cache lines as it is long.
  void prefetch(std::uint32_t layer, std::uint32_t position) const noexcept;
  /// Stores key and value (f32 [head_dim]) of one position. Two positions may be stored at the same time.
  void store(const kernels::KernelSet& kernels, std::uint32_t layer, std::uint32_t head, std::uint32_t position, const float* key,
             const float* value) noexcept;

 private:
  void store_eight_bits(const kernels::KernelSet& kernels, std::size_t begin, std::uint32_t position, const float* key, const float* value) noexcept;
  std::size_t at(std::uint32_t layer, std::uint32_t head) const noexcept { return (std::size_t{layer} * kv_heads_ + head) * stride_; }
  std::uint32_t context_ = 0, kv_heads_ = 0, head_dim_ = 0;
  kernels::CacheType type_ = kernels::CacheType::F16;
  std::size_t stride_ = 0;     // bytes of one head of one layer
  std::size_t scales_at_ = 0;  // of those, where its scales begin
  std::uint64_t bytes_per_position_ = 0;
  MemoryBlock keys_, values_;
  std::vector<TokenId> tokens_;
};

}  // namespace tercet
