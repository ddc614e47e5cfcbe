#include "engine/output_head.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>

#include "engine/format/element_codec.h"

namespace tercet {

using kernels::kGroupRows;
using kernels::kScreenBlockCols;
using kernels::padded_rows;
using kernels::screen_group_bytes;

namespace {

constexpr std::size_t kGranuleRows = 4 * kGroupRows;  // rows that are left out or looked at together
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
  const std::uint64_t groups = padded_rows(rows) / kGroupRows;
  return groups * (screen_group_bytes(cols) + kGroupRows * (4 * sizeof(float) + cols / 8));
}

std::uint64_t OutputHead::screen_bytes() const noexcept {
  return padded_rows(rows_->rows()) / kGroupRows * (screen_group_bytes(rows_->cols()) + 3 * kGroupRows * sizeof(float));
}

/// Reads and packs the rows of one group.
Result<void> OutputHead::pack_group(std::size_t group, std::vector<float>& floats, std::vector<std::byte>& scratch) {
  const std::size_t first = group * kGroupRows, cols = rows_->cols(), count = std::min(kGroupRows, rows_->rows() - first);
  if (auto read = rows_->read(first, count, scratch, floats); !read) return read;
  float scale[kGroupRows], error_square[kGroupRows], refined_square[kGroupRows], norm_square[kGroupRows];
  kernels_->pack_screen_rows({floats.data(), count, cols, groups_ + group * screen_group_bytes(cols), signs_ + first * (cols / kScreenBlockCols),
                              scale, error_square, refined_square, norm_square});
  const auto root = [](float square) { return round_up(std::sqrt(static_cast<double>(square)) * 1.001 + 1e-30); };
  for (std::size_t i = 0; i < kGroupRows; ++i) {
    if (!std::isfinite(error_square[i]) || !std::isfinite(norm_square[i])) {
      return Error{ErrorCode::BadWeights, "row " + std::to_string(first + i) + " of the output matrix is not finite"};
    }
    // Sums of squares in 16 float chains: their error is far below the rounding up.
    scale_[first + i] = scale[i];
    error_[first + i] = root(error_square[i]);
    refined_[first + i] = root(refined_square[i]);
    norm_[first + i] = root(norm_square[i]);
  }
  return {};
}

Result<std::unique_ptr<OutputHead>> OutputHead::build(std::unique_ptr<RowReader> rows, const kernels::KernelSet& kernels,
                                                      ThreadPool& pool, const std::function<bool(double)>& keep_going) {
  std::unique_ptr<OutputHead> head(new OutputHead);
  const std::size_t count = rows->rows(), cols = rows->cols(), groups = padded_rows(count) / kGroupRows;
  head->kernels_ = &kernels;
  auto memory = MemoryBlock::allocate(estimate_bytes(count, cols));
  if (!memory) return memory.error();
  head->memory_ = std::move(*memory);
  head->groups_ = head->memory_.as<std::uint8_t>();
  head->scale_ = head->memory_.as<float>(groups * screen_group_bytes(cols));
  head->error_ = head->scale_ + groups * kGroupRows;
  head->refined_ = head->error_ + groups * kGroupRows;
  head->norm_ = head->refined_ + groups * kGroupRows;
  head->signs_ = reinterpret_cast<std::uint32_t*>(head->norm_ + groups * kGroupRows);
  head->rows_ = std::move(rows);

  FirstError error;
  constexpr std::size_t kGroupsPerTask = 16, kTasksPerStep = 32;  // a step lies between reports of progress
  const std::size_t tasks = (groups + kGroupsPerTask - 1) / kGroupsPerTask;
  for (std::size_t step = 0; step < tasks; step += kTasksPerStep) {
    if (!keep_going(static_cast<double>(step) / static_cast<double>(tasks))) return Error{ErrorCode::Stopped, {}};
    pool.for_each_large(std::min(kTasksPerStep, tasks - step), [&](std::size_t index) {
      std::vector<float> floats(kGroupRows * cols);
      std::vector<std::byte> scratch(head->rows_->scratch_bytes(kGroupRows));
      const std::size_t begin = (step + index) * kGroupsPerTask, end = std::min(begin + kGroupsPerTask, groups);
      for (std::size_t group = begin; group < end && !error.failed(); ++group) {
        if (auto packed = head->pack_group(group, floats, scratch); !packed) error.set(packed.error());
      }
    });
    if (error.failed()) return error.result().error();
  }
  return head;
}

Result<void> OutputHead::exact_row(const float* hidden, Candidate& wanted, std::span<std::byte> scratch, std::span<float> row) const {
  if (auto read = rows_->read(static_cast<std::size_t>(wanted.token), 1, scratch, row); !read) return read;
  const float logit = kernels_->dot(hidden, row.data(), rows_->cols());
  wanted.logit = std::isnan(logit) ? -kInfinity : logit;
  return {};
}

Result<void> OutputHead::exact(const float* hidden, std::span<Candidate> wanted, ThreadPool& pool) const {
  FirstError error;
  constexpr std::size_t kPerTask = 8;
  pool.for_ranges(wanted.size(), kPerTask, [&](std::size_t begin, std::size_t end, int) {
    std::vector<std::byte> scratch(rows_->scratch_bytes(1));
    std::vector<float> row(rows_->cols());
    for (std::size_t i = begin; i < end; ++i) {
      if (auto done = exact_row(hidden, wanted[i], scratch, row); !done) return error.set(done.error());
    }
  });
  return error.result();
}

void OutputHead::screen(const float* hidden, std::size_t positions, ThreadPool& pool, Screen& screen) const {
  const std::size_t cols = rows_->cols(), blocks = cols / kScreenBlockCols, padded = padded_rows(rows_->rows());
  screen.states_.resize(positions);
  screen.hidden_.assign(hidden, hidden + positions * cols);
  screen.high_.resize(positions * cols);
  screen.low_.resize(positions * cols);
  screen.block_sums_.resize(positions * blocks);
  screen.estimates_.resize(positions * padded);

  // The hidden states in integers of two bytes that fit the byte products: 128 * high + low.
  constexpr double kLimit = 127 * 128;
  for (std::size_t p = 0; p < positions; ++p, hidden += cols) {
    double largest = 0, square = 0, rest_square = 0;
    for (std::size_t i = 0; i < cols; ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(hidden[i])));
      square += static_cast<double>(hidden[i]) * static_cast<double>(hidden[i]);
    }
    Screen::State& state = screen.states_[p];
    state.finite = std::isfinite(square);
    const double unit = state.finite ? std::max(largest, 1e-30) / kLimit : 1.0;
    std::fill_n(screen.block_sums_.begin() + static_cast<std::ptrdiff_t>(p * blocks), blocks, 0);
    for (std::size_t i = 0; i < cols; ++i) {
      const double rounded = state.finite ? std::nearbyint(static_cast<double>(hidden[i]) / unit) : 0.0;
      const int integer = static_cast<int>(rounded), high = (integer + 64) >> 7;
      screen.high_[p * cols + i] = static_cast<std::int8_t>(high);
      screen.low_[p * cols + i] = static_cast<std::int8_t>(integer - 128 * high);
      screen.block_sums_[p * blocks + i / kScreenBlockCols] += integer;
      const double rest = static_cast<double>(hidden[i]) - rounded * unit;
      rest_square += rest * rest;
    }
    const double norm = std::sqrt(square);
    const double rounding = (static_cast<double>(cols) / 8 + 64) * 0x1p-23;  // gamma_n of the dot product, and of the estimate
    state.unit = static_cast<float>(unit);
    state.per_error = round_up(norm * 1.0001);
    state.per_norm = round_up((std::sqrt(rest_square) + rounding * norm) * 1.0001 + 1e-30);
  }

  const std::size_t granules = (padded + kGranuleRows - 1) / kGranuleRows;
  screen.best_.resize(positions * granules);
  screen.upper_.resize(positions * granules);
  pool.for_ranges(padded, kGranuleRows, [&](std::size_t begin, std::size_t end, int) {
    float* estimates = screen.estimates_.data() + begin;
    kernels_->screen_rows({.rows = groups_ + begin / kGroupRows * screen_group_bytes(cols), .groups = (end - begin) / kGroupRows,
                           .cols = cols, .high = screen.high_.data(), .low = screen.low_.data(), .block_sum = screen.block_sums_.data(),
                           .positions = positions, .y = estimates, .y_stride = padded});
    for (std::size_t p = 0; p < positions; ++p) {
      for (std::size_t row = begin; row < end; row += kGranuleRows) {
        scale_granule(screen.states_[p], row, std::min(row + kGranuleRows, end), screen.estimates_.data() + p * padded,
                      screen.best_[p * granules + row / kGranuleRows], screen.upper_[p * granules + row / kGranuleRows]);
      }
    }
  });
}

/// Brings the estimates of some rows into the unit of logits; finds the largest, and the largest upper bound.
void OutputHead::scale_granule(const Screen::State& state, std::size_t begin, std::size_t end, float* estimates, float& best, float& upper) const {
  constexpr std::size_t kLanes = 16;  // groups are whole: chains that a compiler can keep in vectors
  float bests[kLanes], uppers[kLanes];
  std::fill_n(bests, kLanes, -kInfinity);
  std::fill_n(uppers, kLanes, -kInfinity);
  const float scale = state.unit;
  for (std::size_t row = begin; row < end; row += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float estimate = estimates[row + lane] * (scale * scale_[row + lane]);
      const float reach = estimate + (error_[row + lane] * state.per_error + norm_[row + lane] * state.per_norm);
      estimates[row + lane] = estimate;
      bests[lane] = estimate > bests[lane] ? estimate : bests[lane];
      uppers[lane] = reach > uppers[lane] ? reach : uppers[lane];
    }
  }
  best = *std::max_element(bests, bests + kLanes);
  upper = *std::max_element(uppers, uppers + kLanes);
}

/// Fetches what refining a row reads: a byte of each step of its group, and its signs.
void OutputHead::prefetch_row(std::size_t row) const noexcept {
  const std::size_t blocks = rows_->cols() / kScreenBlockCols;
  const std::uint8_t* group = groups_ + row / kGroupRows * screen_group_bytes(rows_->cols());
  for (std::size_t block = 0; block < blocks; block += kernels::kScreenBlocks) __builtin_prefetch(group + kernels::screen_scale_at(block));
  const std::uint32_t* signs = signs_ + row * blocks;
  for (std::size_t block = 0; block < blocks; block += 16) __builtin_prefetch(signs + block);
}

Result<void> OutputHead::candidates(const Screen& screen, std::size_t position, const Query& query, ThreadPool& pool, std::vector<Candidate>& out,
                                    Cost* cost) const {
  const std::size_t count = rows_->rows(), cols = rows_->cols();
  const float* hidden = screen.hidden_.data() + position * cols;
  const Screen::State& state = screen.states_[position];
  out.clear();
  if (!state.finite) {  // impossible weights made it so; every logit is as meaningless as the next
    out.push_back({0, -kInfinity});
    return {};
  }
  if (query.count == 0 && query.range == kInfinity) {
    std::vector<float> logits(count);
    if (auto done = all_logits(hidden, 1, pool, logits); !done) return done;
    out.reserve(count);
    for (std::size_t row = 0; row < count; ++row) out.push_back({static_cast<TokenId>(row), logits[row]});
    return {};
  }
  const std::size_t padded = padded_rows(count), granules = (padded + kGranuleRows - 1) / kGranuleRows;
  const float* estimates = screen.estimates_.data() + position * padded;
  const float *best = screen.best_.data() + position * granules, *upper = screen.upper_.data() + position * granules;
  const auto bound_of = [&](std::size_t row) { return error_[row] * state.per_error + norm_[row] * state.per_norm; };
  const auto end_of = [&](std::size_t granule) { return std::min((granule + 1) * kGranuleRows, count); };
  // `also` rows are out of the contest: a penalty may still lower them.
  const auto is_also = [&](std::size_t row) { return std::binary_search(query.also.begin(), query.also.end(), static_cast<TokenId>(row)); };

  // 2. The seeds: the most promising rows of the most promising granules, as many as are wanted, computed exactly. The k-th
  //    best logit of all is not below the least of k seeds. Where there are fewer, the bounds have to do.
  const std::size_t wanted = std::max<std::uint32_t>(query.count, 1);
  std::vector<Candidate> seeds;
  for (std::size_t granule = 0; granule < granules; ++granule) seeds.push_back({static_cast<TokenId>(granule), best[granule]});
  const auto higher = [](const Candidate& a, const Candidate& b) { return a.logit > b.logit; };
  // Some more than wanted, as all rows of a granule may be `also`.
  const std::size_t tried = std::min(wanted + query.also.size(), seeds.size());
  std::partial_sort(seeds.begin(), seeds.begin() + static_cast<std::ptrdiff_t>(tried), seeds.end(), higher);
  seeds.resize(tried);
  for (Candidate& seed : seeds) {
    const std::size_t granule = static_cast<std::size_t>(seed.token);
    seed = {-1, -kInfinity};
    for (std::size_t row = granule * kGranuleRows; row < end_of(granule); ++row) {
      if (estimates[row] > seed.logit && !is_also(row)) seed = {static_cast<TokenId>(row), estimates[row]};
    }
  }
  std::erase_if(seeds, [](const Candidate& seed) { return seed.token < 0; });
  if (seeds.size() > wanted) seeds.resize(wanted);
  if (auto done = exact(hidden, seeds, pool); !done) return done;
  float top = -kInfinity, least = kInfinity;
  for (const Candidate& seed : seeds) {
    top = std::max(top, seed.logit);
    least = std::min(least, seed.logit);
  }
  float threshold = -kInfinity;
  if (query.count > 0 && seeds.size() == wanted) {
    threshold = least;
  } else if (query.count > 0 && query.count <= count) {
    std::vector<float> lower;
    for (std::size_t row = 0; row < count; ++row) {
      if (!is_also(row)) lower.push_back(estimates[row] - bound_of(row));
    }
    threshold = kth_largest(lower, query.count);
  }
  if (query.range < kInfinity) threshold = std::max(threshold, top - query.range);

  // 3. and 4. Everything that can still reach the threshold, where it stands.
  for (const TokenId token : query.also) out.push_back({token, 0});
  if (auto done = exact(hidden, out, pool); !done) return done;
  out.insert(out.end(), seeds.begin(), seeds.end());
  std::sort(seeds.begin(), seeds.end(), [](const Candidate& a, const Candidate& b) { return a.token < b.token; });
  const auto is_seed = [&](std::size_t row) {
    const auto before = [](const Candidate& seed, TokenId token) { return seed.token < token; };
    const auto seed = std::lower_bound(seeds.begin(), seeds.end(), static_cast<TokenId>(row), before);
    return seed != seeds.end() && seed->token == static_cast<TokenId>(row);
  };
  FirstError error;
  std::mutex collecting;
  std::atomic<std::uint64_t> refined{0};
  pool.for_ranges(granules, 1, [&](std::size_t begin, std::size_t end, int) {
    std::vector<std::size_t> close;  // rows that the bound does not rule out
    for (std::size_t granule = begin; granule < end; ++granule) {
      if (upper[granule] < threshold) continue;
      for (std::size_t row = granule * kGranuleRows; row < end_of(granule); ++row) {
        if (estimates[row] + bound_of(row) >= threshold && !is_also(row) && !is_seed(row)) close.push_back(row);
      }
    }
    std::vector<std::byte> scratch(close.empty() ? 0 : rows_->scratch_bytes(1));
    std::vector<float> floats(close.empty() ? 0 : cols);
    std::vector<Candidate> found;
    constexpr std::size_t kRowsAhead = 3;
    for (std::size_t i = 0; i < close.size() && !error.failed(); ++i) {
      if (i + kRowsAhead < close.size()) prefetch_row(close[i + kRowsAhead]);
      const std::size_t row = close[i];
      const float more = kernels_->screen_refinement(groups_ + row / kGroupRows * screen_group_bytes(cols), row % kGroupRows,
                                                     signs_ + row * (cols / kScreenBlockCols), hidden, cols);
      const float reach = estimates[row] + more * scale_[row] + (refined_[row] * state.per_error + norm_[row] * state.per_norm);
      if (reach < threshold) continue;
      Candidate candidate = {static_cast<TokenId>(row), 0};
      if (auto done = exact_row(hidden, candidate, scratch, floats); !done) return error.set(done.error());
      found.push_back(candidate);
    }
    refined.fetch_add(close.size(), std::memory_order_relaxed);
    if (found.empty()) return;
    const std::lock_guard lock(collecting);
    out.insert(out.end(), found.begin(), found.end());
  });
  if (cost != nullptr) *cost = {refined, out.size()};
  return error.result();
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
