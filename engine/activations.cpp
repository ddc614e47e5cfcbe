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

std::size_t lay_out(Activations& a, std::byte* base, const ModelConfig& config, std::size_t batch, std::size_t context, int workers) {
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
  a.quantized = {carver.take<std::int8_t>(batch * widest), carver.take<float>(batch), carver.take<std::int32_t>(batch)};
  a.rope_cos = carver.take<float>(context * half);
  a.rope_sin = carver.take<float>(context * half);
  a.workers.resize(static_cast<std::size_t>(workers));
  const std::size_t group = config.heads / config.kv_heads;
  for (WorkerScratch& worker : a.workers) {
    worker.unpacked = carver.take<std::uint8_t>(kernels::matmul_scratch_bytes(widest));
    worker.gate_up = carver.take<float>(batch * Activations::kGateUpRows);
    worker.scores = carver.take<float>(group * kernels::attention_score_stride(context));
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
