#include "engine/kv_cache.h"

#include <algorithm>
#include <cstring>

#include "kernels/layout.h"

namespace tercet {
namespace {

std::uint64_t padded_context(std::uint64_t context) noexcept {
  return (context + kernels::kKeyBlock - 1) / kernels::kKeyBlock * kernels::kKeyBlock;
}

}  // namespace

std::uint64_t KvCache::bytes(const ModelConfig& config, std::uint64_t context) noexcept {
  return 2 * sizeof(std::uint16_t) * padded_context(context) * config.layers * config.kv_heads * config.head_dim;
}

Result<KvCache> KvCache::create(const ModelConfig& config, std::uint32_t context) {
  KvCache cache;
  cache.context_ = context;
  cache.kv_heads_ = config.kv_heads;
  cache.head_dim_ = config.head_dim;
  cache.stride_ = padded_context(context) * config.head_dim;
  for (MemoryBlock* block : {&cache.keys_, &cache.values_}) {
    auto memory = MemoryBlock::allocate(bytes(config, context) / 2, MemoryBlock::Pages::Small);
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

void KvCache::store(std::uint32_t layer, std::uint32_t head, std::uint32_t position, const std::uint16_t* key, const std::uint16_t* value) noexcept {
  using kernels::kKeyBlock;
  std::uint16_t* column = keys(layer, head) + position / kKeyBlock * kKeyBlock * head_dim_ + position % kKeyBlock;
  for (std::uint32_t d = 0; d < head_dim_; ++d) column[d * kKeyBlock] = key[d];
  std::memcpy(values(layer, head) + std::size_t{position} * head_dim_, value, head_dim_ * sizeof *value);
}

}  // namespace tercet
