#include "engine/transformer.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tercet {

using kernels::kGroupRows;

Transformer::Transformer(const Model& model, ThreadPool& pool, KvCache& cache, Activations& activations) noexcept
    : model_(model), config_(model.config()), kernels_(model.kernels()), pool_(pool), cache_(cache), a_(activations) {}

Result<void> Transformer::forward(std::span<const TokenId> tokens, std::stop_token stop, const std::function<void(std::uint32_t)>& layer_done) {
  tokens_ = tokens.size();
  position_ = cache_.size();
  stop_ = std::move(stop);

  const RowReader& embedding = model_.weights().embedding();
  std::vector<std::byte> scratch(embedding.scratch_bytes(1));
  for (std::size_t t = 0; t < tokens_; ++t) {
    auto read = embedding.read(static_cast<std::size_t>(tokens[t]), 1, scratch, {a_.residual + t * config_.hidden, config_.hidden});
    if (!read) return read;
  }
  for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
    attention_block(layer);
    feed_forward_block(layer);
    if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    if (layer_done) layer_done(layer + 1);
  }
  cache_.append(tokens);
  return {};
}

const float* Transformer::final_hidden(std::size_t index) noexcept {
  float* out = a_.normed + index * config_.hidden;
  kernels_.rms_norm(a_.residual + index * config_.hidden, model_.weights().output_norm().data(), config_.hidden, config_.rms_eps, out);
  return out;
}

/// Work that is separate for each token; a few tokens are not worth waking anyone.
void Transformer::each_token(const RowBody& body) {
  constexpr std::size_t kTokensPerTask = 4;
  if (tokens_ <= kTokensPerTask) {
    for (std::size_t t = 0; t < tokens_; ++t) body(t, 0);
    return;
  }
  pool_.for_each((tokens_ + kTokensPerTask - 1) / kTokensPerTask, [&](std::size_t task, int worker) {
    if (stop_.stop_requested()) return;
    const std::size_t end = std::min((task + 1) * kTokensPerTask, tokens_);
    for (std::size_t t = task * kTokensPerTask; t < end; ++t) body(t, worker);
  });
}

/// Writes row `token` of a_.quantized. Called inside each_token.
static void quantize_row(const kernels::KernelSet& kernels, const QuantizedRows& out, std::size_t token, const float* row, std::size_t cols) {
  kernels.quantize_row(row, cols, out.values + token * cols, out.scale + token, out.sum + token);
}

/// y = BitLinear(a_.quantized), rows shared out among the workers. y: f32 [tokens][matrix.rows].
void Transformer::multiply(const PackedMatrix& matrix, float* y) {
  constexpr std::size_t kRowsPerTask = 4 * kGroupRows;
  pool_.for_each((matrix.rows + kRowsPerTask - 1) / kRowsPerTask, [&](std::size_t task, int worker) {
    if (stop_.stop_requested()) return;
    const std::size_t begin = task * kRowsPerTask;
    kernels_.ternary_matmul({.weights = matrix.data, .group_scale = matrix.group_scale.data(), .x = a_.quantized.values,
                             .x_scale = a_.quantized.scale, .x_sum = a_.quantized.sum, .y = y + begin, .y_stride = matrix.rows,
                             .cols = matrix.cols, .tokens = tokens_, .row_begin = begin,
                             .row_end = std::min(begin + kRowsPerTask, matrix.rows),
                             .scratch = a_.workers[static_cast<std::size_t>(worker)].unpacked});
  });
}

void Transformer::attention_block(std::uint32_t layer) {
  const LayerWeights& weights = model_.weights().layers()[layer];
  const std::size_t hidden = config_.hidden, heads = std::size_t{config_.heads} * config_.head_dim;

  each_token([&](std::size_t t, int) {
    float* h = a_.normed + t * hidden;
    kernels_.rms_norm(a_.residual + t * hidden, weights.attn_norm.data(), hidden, config_.rms_eps, h);
    quantize_row(kernels_, a_.quantized, t, h, hidden);
  });
  multiply(weights.qkv, a_.qkv);
  attend(layer);
  each_token([&](std::size_t t, int) {
    float* o = a_.attended + t * heads;
    if (config_.sub_norms) kernels_.rms_norm(o, weights.attn_sub_norm.data(), heads, config_.rms_eps, o);
    quantize_row(kernels_, a_.quantized, t, o, heads);
  });
  multiply(weights.output, a_.projected);
}

/// Rotates queries and keys, stores keys and values, and attends: one task for each KV head and run of tokens.
void Transformer::attend(std::uint32_t layer) {
  const QkvLayout layout = qkv_layout(config_);
  const std::size_t dim = config_.head_dim, half = dim / 2, group = config_.heads / config_.kv_heads;
  const std::size_t kv_heads = config_.kv_heads;

  const auto store = [&](std::size_t t, std::size_t head) {
    float* row = a_.qkv + t * layout.rows;
    const std::size_t position = position_ + t;
    const float *cos = a_.rope_cos + position * half, *sin = a_.rope_sin + position * half;
    float *key = row + layout.k + head * dim, *value = row + layout.v + head * dim;
    kernels_.rope(row + layout.q + head * group * dim, group, dim, cos, sin);
    kernels_.rope(key, 1, dim, cos, sin);
    cache_.store(kernels_, layer, static_cast<std::uint32_t>(head), static_cast<std::uint32_t>(position), key, value);
  };
  const auto attend_tokens = [&](std::size_t first, std::size_t count, std::size_t head, int worker) {
    kernels_.attention({.q = a_.qkv + first * layout.rows + layout.q + head * group * dim, .q_stride = layout.rows,
                        .cache = cache_.type(), .k = cache_.keys(layer, static_cast<std::uint32_t>(head)), .v = cache_.values(layer, static_cast<std::uint32_t>(head)),
                        .out = a_.attended + first * config_.heads * dim + head * group * dim, .out_stride = config_.heads * dim,
                        .scores = a_.workers[static_cast<std::size_t>(worker)].scores, .heads = group, .head_dim = dim, .tokens = count,
                        .first_position = position_ + first, .scale = 1.0F / std::sqrt(static_cast<float>(dim))});
  };

  if (tokens_ == 1) {  // decode: a head's own task can do everything in one go
    pool_.for_each(kv_heads, [&](std::size_t head, int worker) {
      store(0, head);
      attend_tokens(0, 1, head, worker);
    });
    return;
  }
  each_token([&](std::size_t t, int) {
    for (std::size_t head = 0; head < kv_heads; ++head) store(t, head);
  });
  constexpr std::size_t kTokensPerTask = 16;
  const std::size_t runs = (tokens_ + kTokensPerTask - 1) / kTokensPerTask;
  pool_.for_each(runs * kv_heads, [&](std::size_t task, int worker) {
    if (stop_.stop_requested()) return;
    const std::size_t first = task / kv_heads * kTokensPerTask;
    attend_tokens(first, std::min(kTokensPerTask, tokens_ - first), task % kv_heads, worker);
  });
}

void Transformer::feed_forward_block(std::uint32_t layer) {
  const LayerWeights& weights = model_.weights().layers()[layer];
  const std::size_t hidden = config_.hidden, ffn = config_.ffn;

  each_token([&](std::size_t t, int) {
    float *x = a_.residual + t * hidden, *h = a_.normed + t * hidden;
    kernels_.add(x, a_.projected + t * hidden, hidden);
    kernels_.rms_norm(x, weights.ffn_norm.data(), hidden, config_.rms_eps, h);
    quantize_row(kernels_, a_.quantized, t, h, hidden);
  });

  // Gate and up rows alternate in groups of 16, so each task makes its part of the product where it stands.
  constexpr std::size_t kRows = Activations::kGateUpRows;
  const PackedMatrix& matrix = weights.gate_up;
  pool_.for_each((matrix.rows + kRows - 1) / kRows, [&](std::size_t task, int worker) {
    if (stop_.stop_requested()) return;
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    const std::size_t begin = task * kRows, end = std::min(begin + kRows, matrix.rows);
    kernels_.ternary_matmul({.weights = matrix.data, .group_scale = matrix.group_scale.data(), .x = a_.quantized.values,
                             .x_scale = a_.quantized.scale, .x_sum = a_.quantized.sum, .y = scratch.gate_up, .y_stride = kRows,
                             .cols = hidden, .tokens = tokens_, .row_begin = begin, .row_end = end, .scratch = scratch.unpacked});
    const auto product = config_.activation == Activation::Relu2 ? kernels_.relu2_mul : kernels_.silu_mul;
    for (std::size_t t = 0; t < tokens_; ++t) {
      const float* rows = scratch.gate_up + t * kRows;
      for (std::size_t row = 0; row < end - begin; row += 2 * kGroupRows) {
        product(rows + row, rows + row + kGroupRows, kGroupRows, a_.product + t * ffn + (begin + row) / 2);
      }
    }
  });

  each_token([&](std::size_t t, int) {
    float* f = a_.product + t * ffn;
    if (config_.sub_norms) kernels_.rms_norm(f, weights.ffn_sub_norm.data(), ffn, config_.rms_eps, f);
    quantize_row(kernels_, a_.quantized, t, f, ffn);
  });
  multiply(weights.down, a_.projected);
  each_token([&](std::size_t t, int) { kernels_.add(a_.residual + t * hidden, a_.projected + t * hidden, hidden); });
}

}  // namespace tercet
