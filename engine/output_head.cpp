#include "engine/output_head.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>

#include "engine/format/element_codec.h"

namespace tercet {
namespace {

constexpr std::size_t kChunkRows = 256;  // rows screened by one task; also the unit of the first selection
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Keeps the first error of many workers.
class FirstError {
 public:
  void set(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failed_) error_ = error;
    failed_ = true;
  }
  bool failed() const noexcept { return failed_; }
  Result<void> result() const {
    if (failed_) return error_;
    return {};
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> failed_{false};
  Error error_;
};

/// A value not below x after rounding to float.
float round_up(double x) noexcept {
  return std::nextafter(static_cast<float>(x), kInfinity);
}

/// k-th largest (1-based) of the values; -infinity when there are fewer.
float kth_largest(std::vector<float>& values, std::size_t k) {
  if (values.size() < k) return -kInfinity;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(k - 1), values.end(), std::greater<>());
  return values[k - 1];
}

}  // namespace

RowReader::RowReader(const TensorView& tensor, std::shared_ptr<const MappedFile> file, const kernels::KernelSet& kernels)
    : dtype_(tensor.dtype), rows_(tensor.rows), cols_(tensor.cols), row_bytes_(row_bytes(tensor.dtype, tensor.cols)),
      file_offset_(tensor.file_offset), file_(std::move(file)), kernels_(&kernels) {}

Result<void> RowReader::read(std::size_t first, std::size_t count, std::span<std::byte> scratch, std::span<float> out) const {
  const std::span<std::byte> encoded = scratch.first(count * row_bytes_);
  if (auto read = file_->read_at(file_offset_ + first * row_bytes_, encoded); !read) return read;
  if (dtype_ == DType::F16) {
    kernels_->f16_to_f32(reinterpret_cast<const std::uint16_t*>(encoded.data()), count * cols_, out.data());
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      decode_float_row(dtype_, encoded.subspan(i * row_bytes_, row_bytes_), out.subspan(i * cols_, cols_));
    }
  }
  return {};
}

std::uint64_t OutputHead::estimate_bytes(std::uint64_t rows, std::uint64_t cols) noexcept {
  return rows * ((cols + 63) / 64 * 64 + sizeof(RowInfo)) + 64;
}

std::uint64_t OutputHead::screen_bytes() const noexcept { return rows_->rows() * (stride_ + sizeof(RowInfo)); }

Result<std::unique_ptr<OutputHead>> OutputHead::build(std::unique_ptr<RowReader> rows, const kernels::KernelSet& kernels,
                                                      ThreadPool& pool, const std::function<bool(double)>& keep_going) {
  std::unique_ptr<OutputHead> head(new OutputHead);
  const std::size_t count = rows->rows(), cols = rows->cols();
  head->kernels_ = &kernels;
  head->stride_ = (cols + 63) / 64 * 64;
  auto memory = MemoryBlock::allocate(estimate_bytes(count, cols));
  if (!memory) return memory.error();
  head->screen_ = std::move(*memory);
  head->quantized_ = head->screen_.as<std::int8_t>();
  head->info_ = head->screen_.as<RowInfo>((count * head->stride_ + 63) / 64 * 64);
  head->rows_ = std::move(rows);

  FirstError error;
  constexpr std::size_t kRowsAtOnce = 16;
  const std::size_t chunks = (count + kChunkRows - 1) / kChunkRows;
  constexpr std::size_t kChunksPerStep = 32;  // between reports of progress
  for (std::size_t step = 0; step < chunks; step += kChunksPerStep) {
    if (!keep_going(static_cast<double>(step) / static_cast<double>(chunks))) return Error{ErrorCode::Stopped, {}};
    pool.for_each_large(std::min(kChunksPerStep, chunks - step), [&](std::size_t index) {
      std::vector<float> floats(kRowsAtOnce * head->stride_);
      std::vector<std::byte> scratch(head->rows_->scratch_bytes(kRowsAtOnce));
      const std::size_t begin = (step + index) * kChunkRows, end = std::min(begin + kChunkRows, count);
      for (std::size_t row = begin; row < end && !error.failed(); row += kRowsAtOnce) {
        const std::size_t n = std::min(kRowsAtOnce, end - row);
        if (auto read = head->rows_->read(row, n, scratch, floats); !read) return error.set(read.error());
        for (std::size_t i = 0; i < n; ++i) {
          const float* values = floats.data() + i * cols;
          std::int8_t* q = head->quantized_ + (row + i) * head->stride_;
          float scale = 0;
          std::int32_t sum = 0;
          kernels.quantize_row(values, cols, q, &scale, &sum);
          // Sums of squares in eight chains each: float chains of cols / 8 terms, error far below the rounding up.
          float error_lanes[8] = {}, norm_lanes[8] = {};
          for (std::size_t c = 0; c < cols; c += 8) {
            for (std::size_t lane = 0; lane < 8; ++lane) {
              const float value = values[c + lane], rest = value - scale * static_cast<float>(q[c + lane]);
              error_lanes[lane] += rest * rest;
              norm_lanes[lane] += value * value;
            }
          }
          double error_square = 0, norm_square = 0;
          for (std::size_t lane = 0; lane < 8; ++lane) {
            error_square += static_cast<double>(error_lanes[lane]);
            norm_square += static_cast<double>(norm_lanes[lane]);
          }
          if (!std::isfinite(norm_square) || !std::isfinite(error_square)) {
            return error.set({ErrorCode::BadWeights, "row " + std::to_string(row + i) + " of the output matrix is not finite"});
          }
          head->info_[row + i] = {scale, round_up(std::sqrt(error_square) * 1.001 + 1e-30), round_up(std::sqrt(norm_square) * 1.001)};
        }
      }
    });
    if (error.failed()) return error.result().error();
  }
  return head;
}

Result<void> OutputHead::exact(const float* hidden, std::span<Candidate> wanted, ThreadPool& pool) const {
  FirstError error;
  const std::size_t cols = rows_->cols();
  constexpr std::size_t kPerTask = 8;
  pool.for_each((wanted.size() + kPerTask - 1) / kPerTask, [&](std::size_t task, int) {
    std::vector<std::byte> scratch(rows_->scratch_bytes(1));
    std::vector<float> row(cols);
    const std::size_t end = std::min((task + 1) * kPerTask, wanted.size());
    for (std::size_t i = task * kPerTask; i < end; ++i) {
      if (auto read = rows_->read(static_cast<std::size_t>(wanted[i].token), 1, scratch, row); !read) return error.set(read.error());
      const float logit = kernels_->dot(hidden, row.data(), cols);
      wanted[i].logit = std::isnan(logit) ? -kInfinity : logit;
    }
  });
  return error.result();
}

Result<void> OutputHead::candidates(const float* hidden, const Query& query, ThreadPool& pool, std::vector<Candidate>& out) const {
  const std::size_t count = rows_->rows(), cols = rows_->cols();
  out.clear();
  if (query.count == 0 && query.range == kInfinity) {
    std::vector<float> logits(count);
    if (auto done = all_logits(hidden, 1, pool, logits); !done) return done;
    out.reserve(count);
    for (std::size_t row = 0; row < count; ++row) out.push_back({static_cast<TokenId>(row), logits[row]});
    return {};
  }

  // 1. The hidden state in integers, as fine as 32-bit sums allow.
  std::vector<std::int16_t> integers_storage(stride_ + 32, 0);
  std::int16_t* integers = integers_storage.data();
  while (reinterpret_cast<std::uintptr_t>(integers) % 64 != 0) ++integers;
  const double limit = std::min(32767.0, std::floor(2147483647.0 / (127.0 * static_cast<double>(cols))));
  double largest = 0, square = 0;
  for (std::size_t i = 0; i < cols; ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(hidden[i])));
    square += static_cast<double>(hidden[i]) * static_cast<double>(hidden[i]);
  }
  if (!std::isfinite(square)) {  // impossible weights made it so; every logit is as meaningless as the next
    out.push_back({0, -kInfinity});
    return {};
  }
  const double unit = std::max(largest, 1e-30) / limit;
  double rest_square = 0;
  for (std::size_t i = 0; i < cols; ++i) {
    const double rounded = std::nearbyint(static_cast<double>(hidden[i]) / unit);
    integers[i] = static_cast<std::int16_t>(rounded);
    const double rest = static_cast<double>(hidden[i]) - rounded * unit;
    rest_square += rest * rest;
  }
  const double norm = std::sqrt(square);
  const double rounding = (static_cast<double>(cols) / 8 + 64) * 0x1p-23;  // gamma_n of the dot product, and of this estimate
  const float per_error = round_up(norm * 1.0001);
  const float per_norm = round_up((std::sqrt(rest_square) + rounding * norm) * 1.0001 + 1e-30);

  // 2. Screen. `also` rows are out of the contest: a penalty may still lower them.
  std::vector<float> estimates(count);
  const std::size_t chunks = (count + kChunkRows - 1) / kChunkRows;
  struct Best { float lower, upper; };
  std::vector<Best> best(chunks);
  const auto bound_of = [&](std::size_t row) { return info_[row].error * per_error + info_[row].norm * per_norm; };
  pool.for_each(chunks, [&](std::size_t chunk, int) {
    const std::size_t begin = chunk * kChunkRows, rows = std::min(kChunkRows, count - begin);
    std::int32_t dots[kChunkRows];
    kernels_->screen_rows({quantized_ + begin * stride_, integers, dots, rows, stride_});
    const float step = static_cast<float>(unit);
    Best found = {-kInfinity, -kInfinity};
    auto skip = std::lower_bound(query.also.begin(), query.also.end(), static_cast<TokenId>(begin));
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t row = begin + i;
      if (skip != query.also.end() && *skip == static_cast<TokenId>(row)) {
        ++skip;
        estimates[row] = -kInfinity;
        continue;
      }
      const float estimate = static_cast<float>(dots[i]) * (step * info_[row].scale), bound = bound_of(row);
      estimates[row] = estimate;
      found.lower = std::max(found.lower, estimate - bound);
      found.upper = std::max(found.upper, estimate + bound);
    }
    best[chunk] = found;
  });

  // 3. What can still be among the wanted. The k-th best of the chunks' best lower bounds is at most the k-th best lower
  //    bound of all rows, so it is a sound, cheap threshold; with few chunks all rows are asked.
  float top = -kInfinity;
  std::vector<float> lower;
  for (const Best& chunk : best) {
    top = std::max(top, chunk.lower);
    lower.push_back(chunk.lower);
  }
  float threshold = -kInfinity;
  if (query.count > 0 && query.count <= count) {
    if (query.count * 2 > chunks) {
      lower.clear();
      for (std::size_t row = 0; row < count; ++row) lower.push_back(estimates[row] - bound_of(row));
    }
    threshold = kth_largest(lower, query.count);
  }
  if (query.range < kInfinity) threshold = std::max(threshold, top - query.range);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    if (best[chunk].upper < threshold) continue;
    const std::size_t end = std::min((chunk + 1) * kChunkRows, count);
    for (std::size_t row = chunk * kChunkRows; row < end; ++row) {
      if (estimates[row] + bound_of(row) >= threshold && estimates[row] > -kInfinity) out.push_back({static_cast<TokenId>(row), 0});
    }
  }
  for (const TokenId token : query.also) out.push_back({token, 0});
  return exact(hidden, out, pool);
}

Result<void> OutputHead::all_logits(const float* hidden, std::size_t count, ThreadPool& pool, std::span<float> out) const {
  const std::size_t rows = rows_->rows(), cols = rows_->cols();
  constexpr std::size_t kRowsAtOnce = 32;
  FirstError error;
  std::vector<std::vector<std::byte>> scratch(static_cast<std::size_t>(pool.threads()));
  std::vector<std::vector<float>> floats(scratch.size());
  pool.for_each((rows + kRowsAtOnce - 1) / kRowsAtOnce, [&](std::size_t task, int worker) {
    if (error.failed()) return;
    const std::size_t w = static_cast<std::size_t>(worker);
    floats[w].resize(kRowsAtOnce * cols);
    scratch[w].resize(rows_->scratch_bytes(kRowsAtOnce));
    const std::size_t first = task * kRowsAtOnce, n = std::min(kRowsAtOnce, rows - first);
    if (auto read = rows_->read(first, n, scratch[w], floats[w]); !read) return error.set(read.error());
    for (std::size_t position = 0; position < count; ++position) {
      for (std::size_t i = 0; i < n; ++i) {
        const float logit = kernels_->dot(hidden + position * cols, floats[w].data() + i * cols, cols);
        out[position * rows + first + i] = std::isnan(logit) ? -kInfinity : logit;
      }
    }
  });
  return error.result();
}

}  // namespace tercet
