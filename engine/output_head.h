// From the last hidden state to logits, without reading the whole output matrix.
//
// The matrix is large (F16: 657 MB for 2B4T, more than all ternary weights), and only a few logits matter. So every row is
// kept in memory as 8-bit integers with its own scale, and the exact rows stay in the file:
//   1. screen: approximate every logit from the 8-bit rows, with a bound of its error;
//   2. keep the rows whose upper bound reaches the k-th best lower bound (all others cannot be among the k best);
//   3. compute those few exactly, from the rows of the file.
// The bound is Cauchy-Schwarz: with row w = s q + e and hidden state x = t z + d (z 16-bit integers),
//   |w.x - s t (q.z)| <= |e| |x| + |w| |d|, plus float rounding of the exact dot product (gamma_n |w| |x|, Higham 2002).
// Results are therefore those of the full pass, which is still there for callers that need every logit.
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
  /// Builds the 8-bit copy. Errors: OutOfMemory, BadWeights (non-finite rows), Stopped, ModelChanged, Unreadable.
  static Result<std::unique_ptr<OutputHead>> build(std::unique_ptr<RowReader> rows, const kernels::KernelSet& kernels, ThreadPool& pool,
                                                   const std::function<bool(double)>& keep_going);

  struct Query {
    std::uint32_t count = 0;                      // the best so many are wanted; 0: all
    float range = 0;                              // and only those within this of the best; infinity: no limit
    std::span<const TokenId> also = {};           // ascending; always computed and not counted among the best
  };
  /// Exact logits of every token that can satisfy the query (and of a few more). hidden: f32 [cols].
  /// Errors: ModelChanged, Unreadable.
  Result<void> candidates(const float* hidden, const Query& query, ThreadPool& pool, std::vector<Candidate>& out) const;

  /// Exact logits of all tokens. hidden: f32 [count][cols]; out: f32 [count][rows].
  Result<void> all_logits(const float* hidden, std::size_t count, ThreadPool& pool, std::span<float> out) const;

  std::size_t rows() const noexcept { return rows_->rows(); }
  std::uint64_t resident_bytes() const noexcept { return screen_.size(); }
  /// Bytes one screening reads.
  std::uint64_t screen_bytes() const noexcept;
  /// Bytes resident_bytes() will have for such a matrix.
  static std::uint64_t estimate_bytes(std::uint64_t rows, std::uint64_t cols) noexcept;

 private:
  struct RowInfo {
    float scale;  // of the 8-bit row
    float error;  // |w - scale * q|, rounded up
    float norm;   // |w|, rounded up
  };
  OutputHead() = default;
  Result<void> exact(const float* hidden, std::span<Candidate> wanted, ThreadPool& pool) const;

  std::unique_ptr<RowReader> rows_;
  const kernels::KernelSet* kernels_ = nullptr;
  std::size_t stride_ = 0;         // bytes of an 8-bit row
  MemoryBlock screen_;
  std::int8_t* quantized_ = nullptr;  // int8 [rows][stride]
  RowInfo* info_ = nullptr;           // [rows]
};

}  // namespace tercet
