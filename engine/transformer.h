// The forward pass of BitNet b1.58 (engine.md 1.3 to 1.5; Ma et al. 2024, arXiv 2402.17764; Microsoft 2025, arXiv
// 2504.12285) on the operations of a kernel set.
//
// Two ways lead through a layer: `tokens_ == 1` (decode) waits for memory and leaves out weights that cannot count; more
// tokens (prefill, verification of guesses) share what they read. Every sum is exact or taken in an order that depends on
// neither, so that both give the same bits.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "engine/activations.h"
#include "engine/faster_way.h"
#include "engine/kv_cache.h"
#include "engine/model.h"
#include "engine/parallel.h"
#include "engine/weights.h"

namespace tercet {

/// What was left out of the feed-forward weights, over all single-token passes.
struct SkipCounts {
  std::uint64_t up_rows = 0, up_rows_read = 0;
  std::uint64_t down_columns = 0, down_columns_read = 0;
};

class Transformer {
 public:
  /// `skip_zeros`: leave out up rows whose gate is not positive (ReLU² models) and down columns whose activation is 0, as
  /// long as that is faster.
  Transformer(const Model& model, ThreadPool& pool, KvCache& cache, Activations& activations, bool skip_zeros) noexcept;

  /// Computes the positions after cache.size() and appends them to the cache. tokens: 1 .. batch, room in the cache.
  /// `layer_done(n)` is called after each layer. Stop is honoured within a fraction of a layer; the cache then keeps its
  /// size. Errors: Stopped, ModelChanged, Unreadable.
  Result<void> forward(std::span<const TokenId> tokens, std::stop_token stop, const std::function<void(std::uint32_t)>& layer_done = {});

  /// After forward: the normed hidden state of token `index` of that call, f32 [hidden], for the output head. Those of
  /// consecutive tokens follow each other in memory.
  const float* final_hidden(std::size_t index) noexcept;

  const SkipCounts& skip_counts() const noexcept { return skipped_; }

 private:
  void each_token(FunctionRef<void(std::size_t token)> body);
  void quantize(std::size_t token, const float* row, std::size_t cols);
  void norm_and_quantize(std::size_t token, float* row, const std::vector<float>& weights, std::size_t cols);
  kernels::TernaryMatmul product(const PackedMatrix& matrix) const noexcept;
  void multiply(const PackedMatrix& matrix, float* y);

  void attention_block(const LayerWeights& weights, std::uint32_t layer);
  void rotate_queries(std::size_t token, const float* in, std::size_t heads, float* out) const noexcept;
  void store_key_value(std::uint32_t layer, std::size_t token, std::size_t head);
  kernels::Attention attention(std::uint32_t layer, std::size_t head, std::size_t first_token, std::size_t tokens) const noexcept;
  void attend_one(std::uint32_t layer);
  void attend_many(std::uint32_t layer);

  void feed_forward_block(const LayerWeights& weights);
  void gate_and_up_one(const LayerWeights& weights);
  void gate_and_up_many(const LayerWeights& weights);
  void up_rows_for_few(const PackedMatrix& matrix, std::size_t first, std::size_t rows, const WorkerScratch& scratch);
  void up_rows_for_many(const PackedMatrix& matrix, std::size_t first, std::size_t rows, const WorkerScratch& scratch);
  void down_few(const PackedMatrix& matrix);
  void down_many(const PackedMatrix& matrix);

  const Model& model_;
  const ModelConfig& config_;
  const kernels::KernelSet& kernels_;
  ThreadPool& pool_;
  KvCache& cache_;
  Activations& a_;
  const bool skip_zeros_;
  FasterWay up_way_, down_way_;  // the first way: leaving out zeros
  std::size_t tokens_ = 0;      // of the running call
  std::uint32_t position_ = 0;  // of its first token
  std::stop_token stop_;
  SkipCounts skipped_;
};

}  // namespace tercet
