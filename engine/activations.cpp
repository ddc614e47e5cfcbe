#include "engine/activations.h"

#include <algorithm>
#include <cmath>

#include "engine/weights.h"
#include "kernels/kernels.h"

namespace tercet {
namespace {

/// Hands out aligned pieces of a block, or only counts when there is none.
class Carver {
 public:
  explicit Carver(std::byte* base) : base_(base) {}
  template <typename T>
  T* take(std::size_t count) {
    const std::size_t at = used_;
    used_ += (count * sizeof(T) + 63) / 64 * 64;
    return base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + at);
  }
  std::size_t used() const { return used_; }

 private:
  std::byte* base_;
  std::size_t used_ = 0;
};

kernels::AttentionPart take_part(Carver& carver, std::size_t queries, std::size_t head_dim) {
  kernels::AttentionPart part;
  part.out = carver.take<float>(queries * head_dim);
  part.largest = carver.take<float>(queries);
  part.sum = carver.take<float>(queries);
  return part;
}

std::size_t lay_out(Activations& a, std::byte* base, const ModelConfig& config, std::size_t batch, std::size_t context, int workers) {
  using namespace kernels;
  const std::size_t heads = std::size_t{config.heads} * config.head_dim, half = config.head_dim / 2;
  const std::size_t widest = std::max({std::size_t{config.hidden}, heads, std::size_t{config.ffn}});
  Carver carver(base);
  a.residual = carver.take<float>(batch * config.hidden);
  a.normed = carver.take<float>(batch * config.hidden);
  a.projected = carver.take<float>(batch * config.hidden);
  // qkv and attended are done with before product is written.
  const std::size_t qkv = batch * qkv_layout(config).rows;
  float* shared = carver.take<float>(std::max(qkv + batch * heads, batch * config.ffn));
  a.qkv = a.product = shared;
  a.attended = shared == nullptr ? nullptr : shared + qkv;
  a.quantized.values = carver.take<std::int8_t>(batch * widest);
  a.quantized.scale = carver.take<float>(batch);
  a.quantized.sum = carver.take<std::int32_t>(batch);
  a.rope_cos = carver.take<float>(context * half);
  a.rope_sin = carver.take<float>(context * half);
  const std::size_t group = config.heads / config.kv_heads, chunks = (context + kAttentionChunk - 1) / kAttentionChunk;
  a.parts = take_part(carver, chunks * config.heads, config.head_dim);
  a.workers.resize(static_cast<std::size_t>(workers));
  const std::size_t tile = kAttentionTokens * group, listed = std::size_t{config.ffn} + kListPadding;
  const std::size_t groups_bytes = std::max(packed_bytes(kStripRows, config.ffn), packed_bytes(Activations::kFfnRows, config.hidden));
  for (WorkerScratch& worker : a.workers) {
    worker.unpacked = carver.take<std::uint8_t>(matmul_scratch_bytes(widest));
    worker.groups = carver.take<std::uint8_t>(groups_bytes);
    worker.gate = carver.take<float>(std::max<std::size_t>(batch * Activations::kFfnRows, config.ffn));
    worker.up = carver.take<float>(std::max({batch * Activations::kFfnRows, std::size_t{config.ffn}, group * config.head_dim}));
    worker.scores = carver.take<float>(tile * kAttentionChunk);
    worker.part = take_part(carver, tile, config.head_dim);
    worker.whole = take_part(carver, tile, config.head_dim);
    worker.list = carver.take<std::uint32_t>(listed);
    worker.list_values = carver.take<std::int8_t>(listed);
    worker.sums = carver.take<std::int32_t>(Activations::kFewTokens * strip_padded_rows(config.hidden));
  }
  return carver.used();
}

}  // namespace

std::uint64_t Activations::bytes(const ModelConfig& config, std::uint32_t batch, std::uint32_t context, int workers) noexcept {
  Activations counted;
  return lay_out(counted, nullptr, config, batch, context, workers);
}

Result<Activations> Activations::create(const ModelConfig& config, std::uint32_t batch, std::uint32_t context, int workers) {
  Activations a;
  auto memory = MemoryBlock::allocate(bytes(config, batch, context, workers), MemoryBlock::Pages::Small);
  if (!memory) return memory.error();
  a.memory_ = std::move(*memory);
  lay_out(a, a.memory_.data(), config, batch, context, workers);
  const std::size_t half = config.head_dim / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const double frequency = std::pow(static_cast<double>(config.rope_theta), -2.0 * static_cast<double>(i) / static_cast<double>(config.head_dim));
    for (std::size_t position = 0; position < context; ++position) {
      const double angle = static_cast<double>(position) * frequency;
      a.rope_cos[position * half + i] = static_cast<float>(std::cos(angle));
      a.rope_sin[position * half + i] = static_cast<float>(std::sin(angle));
    }
  }
  return a;
}

}  // namespace tercet
