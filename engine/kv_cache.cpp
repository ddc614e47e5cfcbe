#include "engine/kv_cache.h"

#include <algorithm>
#include <cstring>

#include "kernels/layout.h"

namespace tercet {
namespace {

std::uint64_t padded_context(std::uint64_t context) noexcept {
  return (context + kernels::kKeyBlock - 1) / kernels::kKeyBlock * kernels::kKeyBlock;
}

std::uint64_t element_bytes(kernels::CacheType type) noexcept { return type == kernels::CacheType::F16 ? 2 : 4; }

}  // namespace

kernels::CacheType default_cache_type(const ModelConfig& config) noexcept {
  constexpr std::uint64_t kSmall = std::uint64_t{64} << 20;
  return KvCache::bytes(config, config.context_length, kernels::CacheType::F32) <= kSmall ? kernels::CacheType::F32 : kernels::CacheType::F16;
}

std::uint64_t KvCache::bytes(const ModelConfig& config, std::uint64_t context, kernels::CacheType type) noexcept {
  return 2 * element_bytes(type) * padded_context(context) * config.layers * config.kv_heads * config.head_dim;
}

Result<KvCache> KvCache::create(const ModelConfig& config, std::uint32_t context, kernels::CacheType type) {
  KvCache cache;
  cache.context_ = context;
  cache.kv_heads_ = config.kv_heads;
  cache.head_dim_ = config.head_dim;
  cache.type_ = type;
  cache.stride_ = element_bytes(type) * padded_context(context) * config.head_dim;
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
    const std::byte* key = keys_.data() + at(layer, head) + size * (block + position % kernels::kKeyBlock);
    for (std::uint32_t d = 0; d < head_dim_; ++d) __builtin_prefetch(key + d * kernels::kKeyBlock * size, 1);
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
  std::uint16_t halves[1024];  // head_dim <= 1024
  std::uint16_t* k = keys_.as<std::uint16_t>(begin) + column;
  kernels.f32_to_f16(key, head_dim_, halves);
  for (std::uint32_t d = 0; d < head_dim_; ++d) k[d * kKeyBlock] = halves[d];
  kernels.f32_to_f16(value, head_dim_, values_.as<std::uint16_t>(begin) + row);
}

}  // namespace tercet
