// From the last hidden state to logits, without reading the whole output matrix.
//
// The matrix is large (F16: 657 MB for 2B4T, more than all ternary weights), and only a few logits matter. So every row is
// kept in memory at 6 bits a value with a scale for each 32 (layout.h, screening form), and the exact rows stay in the file:
//   1. screen: approximate every logit from the 6-bit rows, with a bound of its error;
//   2. compute the rows that look best exactly: the k-th best logit is not below the least of k exact ones;
//   3. refine every other row whose upper bound reaches that by one more bit a value, which halves the bound;
//   4. compute exactly those that still reach it; no other can be among the k best.
// The bound is Cauchy-Schwarz: with row w = w' + e (w' the packed one) and hidden state x = t z + d (z 14-bit integers),
//   |w.x - t (w'.z)| <= |e| |x| + |w| |d|, plus float rounding of both dot products (gamma_n |w| |x|, Higham 2002).
// Results are therefore those of the full pass, which is still there for callers that need every logit. Fewer bits do not
// pay: with Gaussian rows |e| |x| is 0.5, 1.0, 2.0, 4.4 standard deviations of the logits at 7, 6, 5, 4 bits, the best of
// 128,256 logits stands 4.2 above their mean, and so 4 bits would let most rows through, 6 let 0.1 %, the bit more 0.01 %.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/format/checkpoint.h"
#include "engine/memory.h"
#include "engine/parallel.h"
#include "engine/result.h"
#include "engine/sampler.h"
#include "kernels/kernels.h"

namespace tercet {

/// Rows of a float-like matrix, read from the file when needed, as f32.
class RowReader {
 public:
  RowReader(const TensorView& tensor, std::shared_ptr<const MappedFile> file, const kernels::KernelSet& kernels);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t cols() const noexcept { return cols_; }
  /// Bytes that `read` needs as scratch for `count` rows.
  std::size_t scratch_bytes(std::size_t count) const noexcept { return count * row_bytes_; }
  /// out: f32 [count][cols]. Errors: ModelChanged, Unreadable. Thread-safe with scratch of one's own.
  Result<void> read(std::size_t first, std::size_t count, std::span<std::byte> scratch, std::span<float> out) const;

 private:
  DType dtype_;
  std::size_t rows_, cols_, row_bytes_;
  std::uint64_t file_offset_;
  std::shared_ptr<const MappedFile> file_;
  const kernels::KernelSet* kernels_;
};

class OutputHead {
 public:
  /// Builds the 6-bit copy. Errors: OutOfMemory, BadWeights (non-finite rows), Stopped, ModelChanged, Unreadable.
  static Result<std::unique_ptr<OutputHead>> build(std::unique_ptr<RowReader> rows, const kernels::KernelSet& kernels, ThreadPool& pool,
                                                   const std::function<bool(double)>& keep_going);

  struct Query {
    std::uint32_t count = 0;                      // the best so many are wanted; 0: all
    float range = 0;                              // and only those within this of the best; infinity: no limit
    std::span<const TokenId> also = {};           // ascending; always computed and not counted among the best
  };

  /// Approximate logits of some hidden states and how far off they can be. Buffers are kept from use to use.
  class Screen {
   private:
    friend class OutputHead;
    struct State {
      float unit = 0;        // of the integers
      float per_error = 0;   // bound = error of the row * per_error + norm of the row * per_norm
      float per_norm = 0;
      bool finite = true;
    };
    std::vector<State> states_;
    std::vector<float> hidden_;              // f32 [positions][cols]
    std::vector<std::int8_t> high_, low_;    // int8 [positions][cols]
    std::vector<std::int32_t> block_sums_;   // i32 [positions][cols / 32]
    std::vector<float> estimates_;           // f32 [positions][padded rows]
    std::vector<float> best_, upper_;        // f32 [positions][granules], the largest estimate and what any row can reach
  };

  /// What one query cost.
  struct Cost {
    std::uint64_t refined = 0, exact = 0;  // rows
  };

  /// Screens `positions` hidden states with one pass over the 6-bit rows. hidden: f32 [positions][cols].
  void screen(const float* hidden, std::size_t positions, ThreadPool& pool, Screen& screen) const;
  /// Exact logits of every token that can satisfy the query (and of a few more) for one of the screened states.
  /// Errors: ModelChanged, Unreadable.
  Result<void> candidates(const Screen& screen, std::size_t position, const Query& query, ThreadPool& pool, std::vector<Candidate>& out,
                          Cost* cost = nullptr) const;

  /// Exact logits of all tokens. hidden: f32 [count][cols]; out: f32 [count][rows].
  Result<void> all_logits(const float* hidden, std::size_t count, ThreadPool& pool, std::span<float> out) const;

  std::size_t rows() const noexcept { return rows_->rows(); }
  std::uint64_t resident_bytes() const noexcept { return memory_.size(); }
  /// Bytes one screening reads.
  std::uint64_t screen_bytes() const noexcept;
  /// Bytes read for the rows of a query.
  std::uint64_t bytes_of(const Cost& cost) const noexcept {
    return cost.refined * rows_->cols() / 8 + cost.exact * rows_->scratch_bytes(1);
  }
  /// Bytes resident_bytes() will have for such a matrix.
  static std::uint64_t estimate_bytes(std::uint64_t rows, std::uint64_t cols) noexcept;

 private:
  OutputHead() = default;
  Result<void> exact(const float* hidden, std::span<Candidate> wanted, ThreadPool& pool) const;
  Result<void> exact_row(const float* hidden, Candidate& wanted, std::span<std::byte> scratch, std::span<float> row) const;
  void scale_granule(const Screen::State& state, std::size_t begin, std::size_t end, float* estimates, float& best, float& upper) const;
  void prefetch_row(std::size_t row) const noexcept;
  Result<void> pack_group(std::size_t group, std::vector<float>& floats, std::vector<std::byte>& scratch);

  std::unique_ptr<RowReader> rows_;
  const kernels::KernelSet* kernels_ = nullptr;
  MemoryBlock memory_;
  std::uint8_t* groups_ = nullptr;  // screening form, [padded rows / 16]
  std::uint32_t* signs_ = nullptr;  // [padded rows][cols / 32]
  // f32 [padded rows]: scale of the 6-bit row w'; |w - w'|, the same with the signs, and |w|, rounded up.
  float *scale_ = nullptr, *error_ = nullptr, *refined_ = nullptr, *norm_ = nullptr;
};

}  // namespace tercet
