#include "app/cli/bench_kernels.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>

#include "engine/memory.h"
#include "kernels/kernels.h"

namespace tercet::cli {
namespace {

using namespace kernels;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kHidden = 2560, kFfn = 6912, kHeadDim = 128, kHeadGroup = 4;  // of 2B4T
constexpr std::size_t kWeightBytes = std::size_t{256} << 20;                        // several times a last-level cache share
constexpr std::size_t kBatch = 128, kKeys = 3584;

/// One operation, ready to run again and again.
struct Task {
  std::string operation, shape;
  double bytes = 0, macs = 0;  // of one run
  std::function<void()> run;
  std::vector<double> rates;
};

/// Buffers and operations of one set. Weights are the same bytes for all of them: any bytes are codes.
class Bench {
 public:
  Bench(const KernelSet& kernels, int threads, MemoryBlock memory) : kernels_(kernels), pool_(threads), memory_(std::move(memory)) {
    std::byte* next = memory_.data();
    const auto take = [&next](std::size_t bytes) {
      std::byte* taken = next;
      next += (bytes + 63) / 64 * 64;
      return taken;
    };
    weights_ = reinterpret_cast<std::uint8_t*>(take(kWeightBytes + 4096));
    x_ = reinterpret_cast<std::int8_t*>(take(kBatch * kFfn));
    for (int worker = 0; worker < threads; ++worker) {
      scratch_.push_back({reinterpret_cast<std::uint8_t*>(take(matmul_scratch_bytes(kFfn))), reinterpret_cast<float*>(take(kPerWorker)),
                          reinterpret_cast<std::int32_t*>(take(strip_padded_rows(kHidden) * 4)), reinterpret_cast<float*>(take(kPerWorker))});
    }
    pool_.for_ranges(kWeightBytes / 4, 1 << 18, [&](std::size_t begin, std::size_t end, int) {
      for (std::size_t i = begin; i < end; ++i) {  // codes 0, 1, 2 in no order
        const std::uint32_t bits = static_cast<std::uint32_t>(i) * 2654435761U, high = bits & bits >> 7 & 0xAAAAAAAAU;
        const std::uint32_t word = high | (bits & 0x55555555U & ~(high >> 1));
        std::memcpy(weights_ + 4 * i, &word, 4);
      }
    });
    for (std::size_t i = 0; i < kBatch * kFfn; ++i) x_[i] = static_cast<std::int8_t>(static_cast<int>(i * 37 % 127) - 63);
    group_scale_.assign(kWeightBytes / group_bytes(kHidden) + 16, 1.0F);
    x_scale_.assign(kBatch, 0.01F);
    key_scale_.assign(kKeys, 0.01F);
    x_sum_.assign(std::max(kBatch, kFfn / 32), 0);
    add_tasks();
  }

  static std::size_t bytes_needed(int threads) {
    return kWeightBytes + 4096 + kBatch * kFfn + 1024 +
           static_cast<std::size_t>(threads) * (matmul_scratch_bytes(kFfn) + 2 * kPerWorker + strip_padded_rows(kHidden) * 4 + 512);
  }

  std::vector<KernelMeasurement> measure(std::uint32_t repetitions) {
    for (std::uint32_t repetition = 0; repetition <= repetitions; ++repetition) {  // the first warms up
      for (Task& task : tasks_) {
        const Clock::time_point start = Clock::now();
        task.run();
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (repetition > 0) task.rates.push_back((task.bytes + task.macs) / seconds / 1e9);
      }
    }
    std::vector<KernelMeasurement> results;
    for (Task& task : tasks_) {
      const Spread rate = spread_of(std::move(task.rates));
      results.push_back({kernels_.name, pool_.threads(), task.operation, task.shape, task.bytes > 0 ? rate : Spread{}, task.macs > 0 ? rate : Spread{}});
    }
    return results;
  }

 private:
  static constexpr std::size_t kPerWorker = std::size_t{1} << 18;  // bytes of outputs
  struct Scratch {
    std::uint8_t* unpacked;
    float* y;
    std::int32_t* sums;
    float* part;
  };
  const Scratch& of(int worker) const { return scratch_[static_cast<std::size_t>(worker)]; }

  void add_tasks() {
    add_limits();
    for (const std::size_t cols : {kHidden, kFfn}) {
      add_matmul(cols, 1);
      add_matmul(cols, 4);
      add_matmul(cols, kBatch);
    }
    for (const std::uint32_t percent : {100U, 70U, 50U, 30U}) add_rows(percent);
    for (const std::uint32_t percent : {100U, 50U, 25U}) add_columns(percent);
    add_screen();
    for (const CacheType cache : {CacheType::F16, CacheType::Q8}) {
      add_attention(1, cache);
      add_attention(kAttentionTokens, cache);
    }
  }

  static std::string by(std::size_t a, std::size_t b) { return std::to_string(a) + " x " + std::to_string(b); }

  void add_limits() {
    tasks_.push_back({"read", "stream", static_cast<double>(kWeightBytes), 0, [this] {
                        pool_.for_ranges(kWeightBytes, std::size_t{1} << 20, [this](std::size_t begin, std::size_t end, int worker) {
                          of(worker).sums[0] = static_cast<std::int32_t>(kernels_.stream_read(weights_ + begin, end - begin));
                        });
                      }, {}});
    constexpr std::size_t kPieces = 256, kIterations = 40'000;
    tasks_.push_back({"multiply", "registers", 0, static_cast<double>(kPieces * kIterations * kernels_.int8_macs_per_iteration), [this] {
                        pool_.for_each(kPieces, [this](std::size_t, int worker) { of(worker).sums[0] = kernels_.int8_peak(kIterations); });
                      }, {}});
  }

  void add_matmul(std::size_t cols, std::size_t tokens) {
    // Decode reads everything from memory; a batch multiplies a matrix the size of one of 2B4T's.
    const std::size_t rows = tokens <= 4 ? kWeightBytes / group_bytes(cols) * kGroupRows : (cols == kHidden ? kFfn : kHidden);
    Task task = {"ternary_matmul", by(rows, cols) + ", " + std::to_string(tokens) + (tokens == 1 ? " token" : " tokens"), 0, 0,
                 [this, cols, tokens, rows] {
                   pool_.for_ranges(rows, 4 * kGroupRows, [&](std::size_t begin, std::size_t end, int worker) {
                     for (std::size_t row = begin; row < end; row += 4 * kGroupRows) {
                       kernels_.ternary_matmul({.weights = weights_, .group_scale = group_scale_.data(), .x = x_, .x_scale = x_scale_.data(),
                                                .x_sum = x_sum_.data(), .y = of(worker).y, .y_stride = 4 * kGroupRows, .cols = cols,
                                                .tokens = tokens, .row_begin = row, .row_end = std::min(row + 4 * kGroupRows, end),
                                                .scratch = of(worker).unpacked});
                     }
                   });
                 }, {}};
    (tokens <= 4 ? task.bytes : task.macs) = tokens <= 4 ? static_cast<double>(rows * cols / 4) : static_cast<double>(rows * cols * tokens);
    tasks_.push_back(std::move(task));
  }

  /// About `percent` of n indices, in no order that a prefetcher could learn.
  static std::shared_ptr<std::vector<std::uint32_t>> some_of(std::size_t n, std::uint32_t percent) {
    auto list = std::make_shared<std::vector<std::uint32_t>>();
    std::uint32_t state = 1;
    for (std::uint32_t i = 0; i < n; ++i) {
      state = state * 1664525U + 1013904223U;
      if ((state >> 8) % 100 < percent) list->push_back(i);
    }
    list->insert(list->end(), kListPadding, 0);
    return list;
  }

  void add_rows(std::uint32_t percent) {
    const std::size_t rows = kWeightBytes / row_bytes(kHidden);
    const auto list = some_of(rows, percent);
    const std::size_t count = list->size() - kListPadding;
    tasks_.push_back({"ternary_rows", std::to_string(percent) + " % of rows of " + std::to_string(kHidden), static_cast<double>(count * row_bytes(kHidden)), 0,
                      [this, list, count] {
                        pool_.for_ranges(count, 64, [&](std::size_t begin, std::size_t end, int worker) {
                          for (std::size_t i = begin; i < end; i += 512) {
                            kernels_.ternary_rows({.weights = weights_, .group_scale = group_scale_.data(), .x = x_, .x_scale = 1.0F, .x_sum = 0,
                                                   .rows = list->data() + i, .count = std::min<std::size_t>(512, end - i), .y = of(worker).y,
                                                   .cols = kHidden, .scratch = of(worker).unpacked});
                          }
                        });
                      }, {}});
  }

  void add_columns(std::uint32_t percent) {
    const std::size_t columns = kWeightBytes / column_bytes(kHidden);
    const auto list = some_of(columns, percent);
    const std::size_t count = list->size() - kListPadding;
    const auto values = std::make_shared<std::vector<std::int8_t>>(list->size(), std::int8_t{3});
    tasks_.push_back({"ternary_columns", std::to_string(percent) + " % of columns of " + std::to_string(kHidden),
                      static_cast<double>(count * column_bytes(kHidden)), 0, [this, list, values, count] {
                        pool_.for_ranges(count, 64, [&](std::size_t begin, std::size_t end, int worker) {
                          kernels_.ternary_columns({.weights = weights_, .rows = strip_padded_rows(kHidden), .columns = list->data() + begin,
                                                    .x = values->data() + begin, .count = end - begin, .sums = of(worker).sums});
                        });
                      }, {}});
  }

  void add_screen() {
    const std::size_t groups = kWeightBytes / screen_group_bytes(kHidden);
    for (const std::size_t positions : {1U, 4U}) {
      tasks_.push_back({"screen_rows", by(groups * kGroupRows, kHidden) + ", " + std::to_string(positions) + (positions == 1 ? " state" : " states"),
                        static_cast<double>(groups * screen_group_bytes(kHidden)), 0, [this, groups, positions] {
                          pool_.for_ranges(groups, 4, [&](std::size_t begin, std::size_t end, int worker) {
                            for (std::size_t group = begin; group < end; group += 16) {
                              kernels_.screen_rows({.rows = weights_ + group * screen_group_bytes(kHidden), .groups = std::min<std::size_t>(16, end - group),
                                                    .cols = kHidden, .high = x_, .low = x_ + kFfn, .block_sum = x_sum_.data(), .positions = positions,
                                                    .y = of(worker).y, .y_stride = 16 * kGroupRows});
                            }
                          });
                        }, {}});
    }
  }

  void add_attention(std::size_t tokens, CacheType cache) {
    // Heads of keys and values, one after another.
    const bool eight_bits = cache == CacheType::Q8;
    const std::size_t head_bytes = kKeys * kHeadDim * (eight_bits ? 1 : 2), heads = kWeightBytes / (2 * head_bytes), chunks = kKeys / kAttentionChunk;
    Task task = {"attend_chunk", std::to_string(kKeys) + (eight_bits ? " keys of 8 bits, " : " keys, ") + std::to_string(tokens) + (tokens == 1 ? " token" : " tokens"), 0, 0,
                 [this, tokens, cache, head_bytes, heads, chunks] {
                   pool_.for_each(heads * chunks, [&](std::size_t at, int worker) {
                     const Scratch& scratch = of(worker);
                     const std::size_t queries = tokens * kHeadGroup;
                     const std::uint8_t* head = weights_ + at / chunks * 2 * head_bytes;
                     kernels_.attend_chunk({.q = queries_.data(), .q_stride = kHeadGroup * kHeadDim, .cache = cache,
                                            .k = head, .v = head + head_bytes, .k_scale = key_scale_.data(), .v_scale = key_scale_.data(),
                                            .part = {scratch.part, scratch.part + queries * kHeadDim, scratch.part + queries * (kHeadDim + 1)},
                                            .scores = scratch.y, .heads = kHeadGroup, .head_dim = kHeadDim, .tokens = tokens,
                                            .first_position = kKeys, .chunk = at % chunks, .scale = 0.0F});
                   });
                 }, {}};
    // Ordinary numbers: with denormal ones an Intel processor takes a hundred times as long.
    queries_.resize(std::max(queries_.size(), tokens * kHeadGroup * kHeadDim), 0.5F);
    const double keys = static_cast<double>(heads * kKeys);
    (tokens == 1 ? task.bytes : task.macs) = tokens == 1 ? static_cast<double>(heads * 2 * head_bytes) : keys * kHeadDim * 2 * static_cast<double>(tokens * kHeadGroup);
    tasks_.push_back(std::move(task));
  }

  const KernelSet& kernels_;
  ThreadPool pool_;
  MemoryBlock memory_;
  std::uint8_t* weights_ = nullptr;
  std::int8_t* x_ = nullptr;
  std::vector<Scratch> scratch_;
  std::vector<float> group_scale_, x_scale_, key_scale_, queries_;
  std::vector<std::int32_t> x_sum_;
  std::vector<Task> tasks_;
};

}  // namespace

Result<std::vector<KernelMeasurement>> measure_kernels(const KernelSet& kernels, int threads, std::uint32_t repetitions) {
  auto memory = MemoryBlock::allocate(Bench::bytes_needed(threads));
  if (!memory) return memory.error();
  return Bench(kernels, threads, std::move(*memory)).measure(repetitions);
}

}  // namespace tercet::cli
