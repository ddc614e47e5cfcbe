// The forward pass of BitNet b1.58 (engine.md 1.3 to 1.5; Ma et al. 2024, arXiv 2402.17764; Microsoft 2025, arXiv
// 2504.12285) on the operations of a kernel set.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "engine/activations.h"
#include "engine/kv_cache.h"
#include "engine/model.h"
#include "engine/parallel.h"
#include "engine/weights.h"

namespace tercet {

class Transformer {
 public:
  Transformer(const Model& model, ThreadPool& pool, KvCache& cache, Activations& activations) noexcept;

  /// Computes the positions after cache.size() and appends them to the cache. tokens: 1 .. batch, room in the cache.
  /// `layer_done(n)` is called after each layer. Stop is honoured within a fraction of a layer; the cache then keeps its
  /// size. Errors: Stopped, ModelChanged, Unreadable.
  Result<void> forward(std::span<const TokenId> tokens, std::stop_token stop, const std::function<void(std::uint32_t)>& layer_done = {});

  /// After forward: the normed hidden state of token `index` of that call, f32 [hidden], for the output head.
  const float* final_hidden(std::size_t index) noexcept;

 private:
  using RowBody = std::function<void(std::size_t token, int worker)>;
  void each_token(const RowBody& body);
  void multiply(const PackedMatrix& matrix, float* y);
  void attention_block(std::uint32_t layer);
  void feed_forward_block(std::uint32_t layer);
  void attend(std::uint32_t layer);

  const Model& model_;
  const ModelConfig& config_;
  const kernels::KernelSet& kernels_;
  ThreadPool& pool_;
  KvCache& cache_;
  Activations& a_;
  std::size_t tokens_ = 0;      // of the running call
  std::uint32_t position_ = 0;  // of its first token
  std::stop_token stop_;
};

}  // namespace tercet
