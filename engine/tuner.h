// Finds the fastest thread count and batch size for a model on this machine, by trying them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "engine/cpu_topology.h"
#include "engine/model.h"
#include "engine/result.h"

namespace tercet {

/// What Auto means for the batch size until it is measured: larger ones hardly read faster and only take memory.
constexpr std::uint32_t kUsualBatch = 512;

struct SpeedPoint {
  std::uint32_t at = 0;      // threads, or tokens of a batch
  double tokens_per_s = 0;   // median of what was measured

  friend bool operator==(const SpeedPoint&, const SpeedPoint&) = default;
};

/// What was measured and what follows from it. Points are in ascending order of `at`.
struct Tuning {
  std::vector<SpeedPoint> writing_by_threads, reading_by_threads;
  std::vector<SpeedPoint> reading_by_batch;  // with `threads` threads
  int threads = 1;
  std::uint32_t batch = kUsualBatch;         // not among the points when the time did not allow to tell
  int logical = 1;                           // threads that were allowed at the time
  double seconds = 0;                        // that it took
  // Other programs took so much of the processor that some candidates could never be measured undisturbed: `threads`, or
  // `batch`, or both are then what they are without a measurement.
  bool busy = false;

  friend bool operator==(const Tuning&, const Tuning&) = default;
};

struct TuningLimits {
  CpuTopology cpu;
  double budget_s = 30;
};

/// Called on the measuring thread after each measurement, with the fraction done in [0, 1] and the points so far.
using TuningProgress = std::function<void(double fraction, const Tuning& so_far)>;

/// One measurement.
struct SpeedSample {
  double tokens_per_s = 0;  // 0: not done in time and given up, or no memory for it
  // Of computing alone: how long it took, and the processor time of all threads in it. Threads that wait for the others do
  // so spinning, so on an idle machine the second is close to the first times the threads.
  double elapsed_s = 0, cpu_s = 0;
};

/// The machine as the tuner sees it; a test has one of its own.
struct TuningProbe {
  /// Seconds from some moment on.
  std::function<double()> now_s;
  /// Reads `tokens` of new text, or writes so many; gives up at `until_s`. Errors are those of Session, and Stopped.
  std::function<Result<SpeedSample>(int threads, std::uint32_t batch, std::uint32_t tokens, double until_s)> read;
  std::function<Result<SpeedSample>(int threads, std::uint32_t tokens, double until_s)> write;
  std::uint32_t longest_text = 1024;  // tokens
};

/// Tries thread counts and then batch sizes, round by round so that a slow moment of the machine meets all of them, and
/// takes the median of each. Of what is equally fast to within 3 %, the fewest threads and the smallest batch win: they
/// leave more to other programs. A measurement that got clearly less processor time than its threads could use says more of
/// other programs than of the count: it is repeated while there is time and decides nothing, see Tuning::busy. Ends within the budget unless the very first tokens take longer. Errors: those of the
/// probe; nothing is chosen then.
Result<Tuning> find_fastest(const TuningProbe& probe, const TuningLimits& limits, const TuningProgress& progress = {},
                            std::stop_token stop = {});

/// The same for a model in memory. Errors: Stopped, OutOfMemory, ModelChanged.
Result<Tuning> find_fastest(std::shared_ptr<const Model> model, const TuningLimits& limits,
                            const TuningProgress& progress = {}, std::stop_token stop = {});

/// 1, 2, 4, ... and what is likely to be best around the recommended count; ascending, never above `logical`.
std::vector<int> thread_candidates(const CpuTopology& cpu);

}  // namespace tercet
