#include "engine/transformer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

namespace tercet {

using kernels::group_bytes;
using kernels::kAttentionChunk;
using kernels::kAttentionTokens;
using kernels::kGroupRows;
using kernels::kListPadding;
using kernels::kStripRows;

// So many tokens take the kernels of one token in turn for the matrices that are not in the Groups form.
constexpr std::size_t kFewTokens = Activations::kFewTokens;

Transformer::Transformer(const Model& model, ThreadPool& pool, KvCache& cache, Activations& activations, bool skip_zeros) noexcept
    : model_(model), config_(model.config()), kernels_(model.kernels()), pool_(pool), cache_(cache), a_(activations), skip_zeros_(skip_zeros) {}

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
  if (tokens_ == 1) {
    up_way_.begin_round();
    down_way_.begin_round();
  }
  for (std::uint32_t layer = 0; layer < config_.layers; ++layer) {
    const LayerWeights& weights = model_.weights().layers()[layer];
    attention_block(weights, layer);
    feed_forward_block(weights);
    if (stop_.stop_requested()) return Error{ErrorCode::Stopped, {}};
    if (layer_done) layer_done(layer + 1);
  }
  if (tokens_ == 1) {
    up_way_.end_round();
    down_way_.end_round();
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
void Transformer::each_token(FunctionRef<void(std::size_t)> body) {
  constexpr std::size_t kTokensPerTask = 4;
  pool_.for_ranges(tokens_, kTokensPerTask, [&](std::size_t begin, std::size_t end, int) {
    if (stop_.stop_requested()) return;
    for (std::size_t t = begin; t < end; ++t) body(t);
  });
}

/// Writes row `token` of a_.quantized.
void Transformer::quantize(std::size_t token, const float* row, std::size_t cols) {
  kernels_.quantize_row(row, cols, a_.quantized.values + token * cols, a_.quantized.scale + token, a_.quantized.sum + token);
}

void Transformer::norm_and_quantize(std::size_t token, float* row, const std::vector<float>& weights, std::size_t cols) {
  if (!weights.empty()) kernels_.rms_norm(row, weights.data(), cols, config_.rms_eps, row);
  quantize(token, row, cols);
}

/// A product of a_.quantized with all rows of a matrix in the Groups form, without y, range and scratch.
kernels::TernaryMatmul Transformer::product(const PackedMatrix& matrix) const noexcept {
  return {.weights = matrix.data, .group_scale = matrix.group_scale.data(), .x = a_.quantized.values, .x_scale = a_.quantized.scale,
          .x_sum = a_.quantized.sum, .y = nullptr, .y_stride = matrix.rows, .cols = matrix.cols, .tokens = tokens_,
          .row_begin = 0, .row_end = matrix.rows, .scratch = nullptr};
}

/// y = BitLinear(a_.quantized), rows shared out among the workers. y: f32 [tokens][matrix.rows].
void Transformer::multiply(const PackedMatrix& matrix, float* y) {
  // A decode step reads the least worth a fetch, a batch as many rows as a tile of the kernels has.
  const std::size_t grain = tokens_ == 1 ? kGroupRows : 4 * kGroupRows;
  pool_.for_ranges(matrix.rows, grain, [&](std::size_t begin, std::size_t end, int worker) {
    kernels::TernaryMatmul call = product(matrix);
    call.scratch = a_.workers[static_cast<std::size_t>(worker)].unpacked;
    const std::size_t step = tokens_ == 1 ? end - begin : grain;  // between two looks at the stop request
    for (std::size_t row = begin; row < end && !stop_.stop_requested(); row += step) {
      call.row_begin = row;
      call.row_end = std::min(row + step, end);
      call.y = y + row;
      kernels_.ternary_matmul(call);
    }
  });
}

void Transformer::attention_block(const LayerWeights& weights, std::uint32_t layer) {
  const std::size_t hidden = config_.hidden, heads = std::size_t{config_.heads} * config_.head_dim;
  each_token([&](std::size_t t) {
    float* h = a_.normed + t * hidden;
    kernels_.rms_norm(a_.residual + t * hidden, weights.attn_norm.data(), hidden, config_.rms_eps, h);
    quantize(t, h, hidden);
  });
  if (tokens_ == 1) cache_.prefetch(layer, position_);
  multiply(weights.qkv, a_.qkv);
  tokens_ == 1 ? attend_one(layer) : attend_many(layer);
  each_token([&](std::size_t t) { norm_and_quantize(t, a_.attended + t * heads, weights.attn_sub_norm, heads); });
  multiply(weights.output, a_.projected);
}

/// Rotates the query heads of a KV head, f32 [heads][head_dim] from `in` to `out`, for the token.
void Transformer::rotate_queries(std::size_t token, const float* in, std::size_t heads, float* out) const noexcept {
  const std::size_t dim = config_.head_dim, position = position_ + token;
  if (out != in) std::copy_n(in, heads * dim, out);
  kernels_.rope(out, heads, dim, a_.rope_cos + position * (dim / 2), a_.rope_sin + position * (dim / 2));
}

/// Rotates the key of a KV head and caches it with its value.
void Transformer::store_key_value(std::uint32_t layer, std::size_t token, std::size_t head) {
  const QkvLayout layout = qkv_layout(config_);
  const std::size_t dim = config_.head_dim, position = position_ + token;
  float* row = a_.qkv + token * layout.rows;
  float* key = row + layout.k + head * dim;
  kernels_.rope(key, 1, dim, a_.rope_cos + position * (dim / 2), a_.rope_sin + position * (dim / 2));
  cache_.store(kernels_, layer, static_cast<std::uint32_t>(head), static_cast<std::uint32_t>(position), key, row + layout.v + head * dim);
}

/// Attention of one KV head for some tokens, without chunk, part and scores.
kernels::Attention Transformer::attention(std::uint32_t layer, std::size_t head, std::size_t first_token, std::size_t tokens) const noexcept {
  const QkvLayout layout = qkv_layout(config_);
  const std::size_t dim = config_.head_dim, group = config_.heads / config_.kv_heads;
  return {.q = a_.qkv + first_token * layout.rows + layout.q + head * group * dim, .q_stride = layout.rows, .cache = cache_.type(),
          .k = cache_.keys(layer, static_cast<std::uint32_t>(head)), .v = cache_.values(layer, static_cast<std::uint32_t>(head)),
          .k_scale = cache_.key_scales(layer, static_cast<std::uint32_t>(head)), .v_scale = cache_.value_scales(layer, static_cast<std::uint32_t>(head)),
          .part = {}, .scores = nullptr, .heads = group, .head_dim = dim, .tokens = tokens, .first_position = position_ + first_token,
          .chunk = 0, .scale = 1.0F / std::sqrt(static_cast<float>(dim))};
}

namespace {

kernels::AttentionPart part_from(const kernels::AttentionPart& part, std::size_t first_query, std::size_t dim) noexcept {
  return {part.out + first_query * dim, part.largest + first_query, part.sum + first_query};
}

void clear(const kernels::AttentionPart& part, std::size_t queries, std::size_t dim) noexcept {
  std::fill_n(part.out, queries * dim, 0.0F);
  std::fill_n(part.largest, queries, -std::numeric_limits<float>::infinity());
  std::fill_n(part.sum, queries, 0.0F);
}

/// out[i] = part.out / part.sum for the heads of one token.
void divide(const kernels::AttentionPart& part, std::size_t heads, std::size_t dim, float* out) noexcept {
  for (std::size_t head = 0; head < heads; ++head) {
    const float factor = 1.0F / part.sum[head];
    for (std::size_t d = head * dim; d < (head + 1) * dim; ++d) out[d] = part.out[d] * factor;
  }
}

}  // namespace

/// One token: KV heads and chunks of keys are shared out, so that two heads more or less do not matter; the parts are then
/// merged in order.
void Transformer::attend_one(std::uint32_t layer) {
  const std::size_t dim = config_.head_dim, kv_heads = config_.kv_heads, group = config_.heads / kv_heads;
  const std::size_t chunks = position_ / kAttentionChunk + 1;
  const auto part_of = [&](std::size_t head, std::size_t chunk) { return part_from(a_.parts, (head * chunks + chunk) * group, dim); };
  pool_.for_each(kv_heads * chunks, [&](std::size_t task, int worker) {
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    const std::size_t head = task / chunks;
    kernels::Attention call = attention(layer, head, 0, 1);
    call.chunk = task % chunks;
    call.part = part_of(head, call.chunk);
    call.scores = scratch.scores;
    // Each task rotates the queries for itself: that is less than waiting for others to do it.
    rotate_queries(0, call.q, group, scratch.up);
    call.q = scratch.up;
    if (call.chunk + 1 == chunks) store_key_value(layer, 0, head);
    kernels_.attend_chunk(call);
  });
  const auto merge = [&](std::size_t head, int worker) {
    const kernels::AttentionPart& whole = a_.workers[static_cast<std::size_t>(worker)].whole;
    clear(whole, group, dim);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) kernels_.merge_attention(whole, part_of(head, chunk), group, dim);
    divide(whole, group, dim, a_.attended + head * group * dim);
  };
  constexpr std::size_t kWorthSharing = 8;  // chunks
  if (chunks >= kWorthSharing) {
    pool_.for_each(kv_heads, merge);
  } else {
    for (std::size_t head = 0; head < kv_heads; ++head) merge(head, 0);
  }
}

/// Several tokens: tiles of tokens of one KV head, chunk after chunk.
void Transformer::attend_many(std::uint32_t layer) {
  const std::size_t dim = config_.head_dim, kv_heads = config_.kv_heads, group = config_.heads / kv_heads;
  const std::size_t tiles = (tokens_ + kAttentionTokens - 1) / kAttentionTokens;
  each_token([&](std::size_t t) {
    float* queries = a_.qkv + t * qkv_layout(config_).rows + qkv_layout(config_).q;
    rotate_queries(t, queries, config_.heads, queries);
    for (std::size_t head = 0; head < kv_heads; ++head) store_key_value(layer, t, head);
  });
  pool_.for_each(tiles * kv_heads, [&](std::size_t task, int worker) {
    if (stop_.stop_requested()) return;
    // The last tokens see the most keys: the long tasks come first.
    const std::size_t head = task % kv_heads, first = (tiles - 1 - task / kv_heads) * kAttentionTokens;
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    kernels::Attention call = attention(layer, head, first, std::min(kAttentionTokens, tokens_ - first));
    call.part = scratch.part;
    call.scores = scratch.scores;
    clear(scratch.whole, call.tokens * group, dim);
    const std::size_t last_position = call.first_position + call.tokens - 1;
    for (; call.chunk <= last_position / kAttentionChunk; ++call.chunk) {
      kernels_.attend_chunk(call);
      kernels_.merge_attention(scratch.whole, scratch.part, call.tokens * group, dim);
    }
    for (std::size_t t = 0; t < call.tokens; ++t) {
      divide(part_from(scratch.whole, t * group, dim), group, dim, a_.attended + ((first + t) * config_.heads + head * group) * dim);
    }
  });
}

void Transformer::feed_forward_block(const LayerWeights& weights) {
  const std::size_t hidden = config_.hidden, ffn = config_.ffn;
  each_token([&](std::size_t t) {
    float *x = a_.residual + t * hidden, *h = a_.normed + t * hidden;
    kernels_.add(x, a_.projected + t * hidden, hidden);
    kernels_.rms_norm(x, weights.ffn_norm.data(), hidden, config_.rms_eps, h);
    quantize(t, h, hidden);
  });
  tokens_ == 1 ? gate_and_up_one(weights) : gate_and_up_many(weights);
  each_token([&](std::size_t t) { norm_and_quantize(t, a_.product + t * ffn, weights.ffn_sub_norm, ffn); });
  tokens_ <= kFewTokens ? down_few(weights.down) : down_many(weights.down);
  each_token([&](std::size_t t) { kernels_.add(a_.residual + t * hidden, a_.projected + t * hidden, hidden); });
}

/// One token: relu(gate)^2 is 0 for many neurons, and then so is the product, whatever their up row is.
void Transformer::gate_and_up_one(const LayerWeights& weights) {
  const bool skip = skip_zeros_ && config_.activation == Activation::Relu2 && up_way_.first();
  const TimedPart timed(up_way_);
  std::atomic<std::size_t> read{0};
  pool_.for_ranges(config_.ffn, kGroupRows, [&](std::size_t begin, std::size_t end, int worker) {
    if (stop_.stop_requested()) return;
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    const std::size_t rows = end - begin;
    kernels::TernaryMatmul gate = product(weights.gate);
    gate.row_begin = begin;
    gate.row_end = end;
    gate.y = scratch.gate;
    gate.scratch = scratch.unpacked;
    kernels_.ternary_matmul(gate);

    std::size_t count = rows;
    if (skip) {
      count = kernels_.list_positive(scratch.gate, rows, static_cast<std::uint32_t>(begin), scratch.list);
    } else {
      std::iota(scratch.list, scratch.list + rows, static_cast<std::uint32_t>(begin));
    }
    std::fill_n(scratch.list + count, kListPadding, static_cast<std::uint32_t>(begin));
    kernels_.ternary_rows({.weights = weights.up.data, .group_scale = weights.up.group_scale.data(), .x = a_.quantized.values,
                           .x_scale = a_.quantized.scale[0], .x_sum = a_.quantized.sum[0], .rows = scratch.list, .count = count,
                           .y = scratch.up, .cols = weights.up.cols, .scratch = scratch.unpacked});
    float* out = a_.product + begin;
    if (!skip) {
      const auto multiply = config_.activation == Activation::Relu2 ? kernels_.relu2_mul : kernels_.silu_mul;
      multiply(scratch.gate, scratch.up, rows, out);
    } else {
      std::fill_n(out, rows, 0.0F);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t row = scratch.list[i] - begin;
        out[row] = scratch.gate[row] * scratch.gate[row] * scratch.up[i];
      }
    }
    read.fetch_add(count, std::memory_order_relaxed);
  });
  skipped_.up_rows += config_.ffn;
  skipped_.up_rows_read += read;
}

/// All up rows from `first` on times each token, y f32 [tokens][kFfnRows]: rows stay in the cache from one token to the next,
/// which for a few tokens is less work than bringing them into the Groups form.
void Transformer::up_rows_for_few(const PackedMatrix& matrix, std::size_t first, std::size_t rows, const WorkerScratch& scratch) {
  std::iota(scratch.list, scratch.list + rows, static_cast<std::uint32_t>(first));
  std::fill_n(scratch.list + rows, kListPadding, static_cast<std::uint32_t>(first));
  for (std::size_t t = 0; t < tokens_; ++t) {
    kernels_.ternary_rows({.weights = matrix.data, .group_scale = matrix.group_scale.data(), .x = a_.quantized.values + t * matrix.cols,
                           .x_scale = a_.quantized.scale[t], .x_sum = a_.quantized.sum[t], .rows = scratch.list, .count = rows,
                           .y = scratch.up + t * Activations::kFfnRows, .cols = matrix.cols, .scratch = scratch.unpacked});
  }
}

/// The same for many tokens: the rows are brought into the Groups form, once for all of them.
void Transformer::up_rows_for_many(const PackedMatrix& matrix, std::size_t first, std::size_t rows, const WorkerScratch& scratch) {
  for (std::size_t row = 0; row < rows; row += kGroupRows) {
    kernels_.group_from_rows(matrix.data + (first + row) * kernels::row_bytes(matrix.cols), matrix.cols, scratch.groups + row / kGroupRows * group_bytes(matrix.cols));
  }
  kernels::TernaryMatmul call = product(matrix);
  call.weights = scratch.groups;
  call.group_scale += first / kGroupRows;
  call.row_end = rows;
  call.y = scratch.up;
  call.y_stride = Activations::kFfnRows;
  call.scratch = scratch.unpacked;
  kernels_.ternary_matmul(call);
}

/// Several tokens: gate and up of some rows, then their product, before the next rows.
void Transformer::gate_and_up_many(const LayerWeights& weights) {
  constexpr std::size_t kRows = Activations::kFfnRows;
  const std::size_t ffn = config_.ffn;
  pool_.for_ranges(ffn, kRows, [&](std::size_t begin, std::size_t end, int worker) {
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    const auto multiply = config_.activation == Activation::Relu2 ? kernels_.relu2_mul : kernels_.silu_mul;
    for (std::size_t first = begin; first < end && !stop_.stop_requested(); first += kRows) {
      const std::size_t rows = std::min(kRows, end - first);
      kernels::TernaryMatmul gate = product(weights.gate);
      gate.row_begin = first;
      gate.row_end = first + rows;
      gate.y = scratch.gate;
      gate.y_stride = kRows;
      gate.scratch = scratch.unpacked;
      kernels_.ternary_matmul(gate);
      tokens_ <= kFewTokens ? up_rows_for_few(weights.up, first, rows, scratch) : up_rows_for_many(weights.up, first, rows, scratch);
      for (std::size_t t = 0; t < tokens_; ++t) multiply(scratch.gate + t * kRows, scratch.up + t * kRows, rows, a_.product + t * ffn + first);
    }
  });
}

/// Few tokens: columns whose activation is 0 (that of every neuron that is off, and of those too small for 8 bits) are left
/// out. Workers share the columns; integer sums may be added in any order.
void Transformer::down_few(const PackedMatrix& matrix) {
  const bool single = tokens_ == 1, skip = skip_zeros_ && (!single || down_way_.first());
  const TimedPart timed(down_way_);
  for (WorkerScratch& worker : a_.workers) worker.sums_used = false;
  constexpr std::size_t kColumns = 64;
  std::atomic<std::size_t> read{0};
  pool_.for_ranges(matrix.cols, kColumns, [&](std::size_t begin, std::size_t end, int index) {
    if (stop_.stop_requested()) return;
    WorkerScratch& worker = a_.workers[static_cast<std::size_t>(index)];
    if (!worker.sums_used) std::fill_n(worker.sums, tokens_ * matrix.rows, 0);
    worker.sums_used = true;
    // With more than one token, as many columns at once as stay in the cache from one to the next.
    const std::size_t step = single ? end - begin : 2 * kColumns;
    for (std::size_t first = begin; first < end; first += step) {
      const std::size_t columns = std::min(step, end - first);
      for (std::size_t t = 0; t < tokens_; ++t) {
        const std::int8_t* x = a_.quantized.values + t * matrix.cols + first;
        std::size_t count = columns;
        if (skip) {
          count = kernels_.list_nonzero(x, columns, static_cast<std::uint32_t>(first), worker.list, worker.list_values);
        } else {
          std::iota(worker.list, worker.list + count, static_cast<std::uint32_t>(first));
          std::memcpy(worker.list_values, x, count);
        }
        std::fill_n(worker.list + count, kListPadding, static_cast<std::uint32_t>(first));
        kernels_.ternary_columns({.weights = matrix.data, .rows = matrix.rows, .columns = worker.list, .x = worker.list_values,
                                  .count = count, .sums = worker.sums + t * matrix.rows});
        read.fetch_add(count, std::memory_order_relaxed);
      }
    }
  });
  if (single) {
    skipped_.down_columns += matrix.cols;
    skipped_.down_columns_read += read;
  }
  std::int32_t* total = nullptr;
  for (WorkerScratch& worker : a_.workers) {
    if (!worker.sums_used) continue;
    if (total == nullptr) {
      total = worker.sums;
    } else {
      for (std::size_t i = 0; i < tokens_ * matrix.rows; ++i) total[i] += worker.sums[i];
    }
  }
  if (total == nullptr) return;  // stopped
  for (std::size_t t = 0; t < tokens_; ++t) {
    const std::int32_t x_sum = a_.quantized.sum[t];
    const float x_scale = a_.quantized.scale[t];
    for (std::size_t row = 0; row < config_.hidden; ++row) {
      a_.projected[t * config_.hidden + row] = static_cast<float>(total[t * matrix.rows + row] - x_sum) * (x_scale * matrix.group_scale[row / kGroupRows]);
    }
  }
}

/// Many tokens: strips of 256 rows are brought into the Groups form, once for all tokens of a task.
void Transformer::down_many(const PackedMatrix& matrix) {
  const std::size_t hidden = config_.hidden, strips = matrix.rows / kStripRows, stride = kernels::column_bytes(matrix.rows);
  // Few strips do not keep many threads busy: then the tokens are parted as well.
  const std::size_t wanted = 4 * static_cast<std::size_t>(pool_.threads()), most = std::max<std::size_t>(tokens_ / 32, 1);
  const std::size_t parts = std::min((wanted + strips - 1) / strips, most), part_tokens = (tokens_ + parts - 1) / parts;
  pool_.for_each(strips * parts, [&](std::size_t task, int worker) {
    const std::size_t row = task % strips * kStripRows, first = task / strips * part_tokens;
    if (stop_.stop_requested() || first >= tokens_) return;
    const WorkerScratch& scratch = a_.workers[static_cast<std::size_t>(worker)];
    kernels_.groups_from_strip(matrix.data + row / kStripRows * kernels::kStripBytes, stride, matrix.cols, scratch.groups);
    kernels::TernaryMatmul call = product(matrix);
    call.weights = scratch.groups;
    call.group_scale += row / kGroupRows;
    call.row_end = std::min(kStripRows, hidden - row);
    call.x += first * matrix.cols;
    call.x_scale += first;
    call.x_sum += first;
    call.tokens = std::min(part_tokens, tokens_ - first);
    call.y = a_.projected + first * hidden + row;
    call.y_stride = hidden;
    call.scratch = scratch.unpacked;
    kernels_.ternary_matmul(call);
  });
}

}  // namespace tercet
