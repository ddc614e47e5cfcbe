#include "engine/kv_cache.h"

#include <algorithm>
#include <cstring>

#include "kernels/layout.h"

namespace tercet {
namespace {

std::uint64_t padded_context(std::uint64_t context) noexcept {
  return (context + kernels::kKeyBlock - 1) / kernels::kKeyBlock * kernels::kKeyBlock;
}

std::uint64_t element_bytes(kernels::CacheType type) noexcept {
  switch (type) {
    case kernels::CacheType::F16: return 2;
    case kernels::CacheType::F32: return 4;
    case kernels::CacheType::Q8: return 1;
  }
  return 0;
}

/// Of a key or a value, in all.
std::uint64_t vector_bytes(const ModelConfig& config, kernels::CacheType type) noexcept {
  return element_bytes(type) * config.head_dim + (type == kernels::CacheType::Q8 ? sizeof(float) : 0);
}

}  // namespace

kernels::CacheType cache_type(CachePrecision precision, const ModelConfig& config) noexcept {
  switch (precision) {
    case CachePrecision::Auto: break;
    case CachePrecision::Half: return kernels::CacheType::F16;
    case CachePrecision::Single: return kernels::CacheType::F32;
    case CachePrecision::EightBit: return kernels::CacheType::Q8;
  }
  constexpr std::uint64_t kSmall = std::uint64_t{64} << 20;
  return KvCache::bytes(config, config.context_length, kernels::CacheType::F32) <= kSmall ? kernels::CacheType::F32 : kernels::CacheType::F16;
}

std::uint64_t KvCache::bytes(const ModelConfig& config, std::uint64_t context, kernels::CacheType type) noexcept {
  return 2 * vector_bytes(config, type) * padded_context(context) * config.layers * config.kv_heads;
}

Result<KvCache> KvCache::create(const ModelConfig& config, std::uint32_t context, kernels::CacheType type) {
  KvCache cache;
  cache.context_ = context;
  cache.kv_heads_ = config.kv_heads;
  cache.head_dim_ = config.head_dim;
  cache.type_ = type;
  cache.stride_ = vector_bytes(config, type) * padded_context(context);
  cache.scales_at_ = element_bytes(type) * padded_context(context) * config.head_dim;
  cache.bytes_per_position_ = bytes(config, kernels::kKeyBlock, type) / kernels::kKeyBlock;
  for (MemoryBlock* block : {&cache.keys_, &cache.values_}) {
    auto memory = MemoryBlock::allocate(bytes(config, context, type) / 2, MemoryBlock::Pages::Small);
    if (!memory) return memory.error();
    *block = std::move(*memory);
  }
  cache.tokens_.reserve(context);
  return cache;
}

std::uint32_t KvCache::common_prefix(std::span<const TokenId> tokens) const noexcept {
  const auto [mine, theirs] = std::mismatch(tokens_.begin(), tokens_.end(), tokens.begin(), tokens.end());
  (void)theirs;
  return static_cast<std::uint32_t>(mine - tokens_.begin());
}

void KvCache::prefetch(std::uint32_t layer, std::uint32_t position) const noexcept {
  const std::size_t size = element_bytes(type_), block = position / kernels::kKeyBlock * kernels::kKeyBlock * head_dim_;
  for (std::uint32_t head = 0; head < kv_heads_; ++head) {
    const std::byte* keys = keys_.data() + at(layer, head) + size * block;
    for (std::size_t byte = 0; byte < head_dim_ * kernels::kKeyBlock * size; byte += 64) __builtin_prefetch(keys + byte, 1);
    const std::byte* value = values_.data() + at(layer, head) + size * position * head_dim_;
    for (std::size_t byte = 0; byte < head_dim_ * size; byte += 64) __builtin_prefetch(value + byte, 1);
  }
}

void KvCache::store(const kernels::KernelSet& kernels, std::uint32_t layer, std::uint32_t head, std::uint32_t position, const float* key,
                    const float* value) noexcept {
  using kernels::kKeyBlock;
  const std::size_t begin = at(layer, head), column = position / kKeyBlock * kKeyBlock * head_dim_ + position % kKeyBlock;
  const std::size_t row = std::size_t{position} * head_dim_;
  if (type_ == kernels::CacheType::F32) {
    float *k = keys_.as<float>(begin) + column, *v = values_.as<float>(begin) + row;
    for (std::uint32_t d = 0; d < head_dim_; ++d) k[d * kKeyBlock] = key[d];
    std::memcpy(v, value, head_dim_ * sizeof *value);
    return;
  }
  if (type_ == kernels::CacheType::Q8) return store_eight_bits(kernels, begin, position, key, value);
  std::uint16_t halves[1024];  // head_dim <= 1024
  std::uint16_t* k = keys_.as<std::uint16_t>(begin) + column;
  kernels.f32_to_f16(key, head_dim_, halves);
  for (std::uint32_t d = 0; d < head_dim_; ++d) k[d * kKeyBlock] = halves[d];
  kernels.f32_to_f16(value, head_dim_, values_.as<std::uint16_t>(begin) + row);
}

/// Rounds as activations are rounded, which the kernels do for multiples of 16: added zeros change neither numbers nor scale.
void KvCache::store_eight_bits(const kernels::KernelSet& kernels, std::size_t begin, std::uint32_t position, const float* key,
                               const float* value) noexcept {
  using kernels::kKeyBlock;
  const std::size_t padded = (head_dim_ + 15) / 16 * 16;
  float padded_row[1024];  // head_dim <= 1024
  std::int8_t bytes[1024];
  const auto round = [&](const float* row, MemoryBlock& block) {
    std::copy_n(row, head_dim_, padded_row);
    std::fill(padded_row + head_dim_, padded_row + padded, 0.0F);
    std::int32_t sum = 0;
    kernels.quantize_row(padded_row, padded, bytes, block.as<float>(begin + scales_at_) + position, &sum);
  };
  round(key, keys_);
  std::int8_t* k = keys_.as<std::int8_t>(begin) + position / kKeyBlock * kKeyBlock * head_dim_ + position % kKeyBlock;
  for (std::uint32_t d = 0; d < head_dim_; ++d) k[d * kKeyBlock] = bytes[d];
  round(value, values_);
  std::memcpy(values_.as<std::int8_t>(begin) + std::size_t{position} * head_dim_, bytes, head_dim_);
}

}  // namespace tercet
